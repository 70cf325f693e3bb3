"""What registries say about the images of a release: noticed when one is promoted, not in the files."""

from __future__ import annotations

from generator.findings.finding import Severity
from generator.rules.rule import Rule

_RECORD = """\
# overlays/prod/web/kustomization.yaml
images:
- name: web
  newName: 222233334444.dkr.ecr.eu-west-1.amazonaws.com/web
  newTag: "1.4.3"  # %s
"""

WRK002 = Rule(
    id="WRK002",
    title="Image that the environment's registry does not have",
    why="""Each environment pulls from its own registry, often in another account, and a tag that is not there leaves
the new pods in ImagePullBackOff. A tag that names another image there than in the environment before is worse: it
starts, and nobody has tried it. Where an environment has the gate `image: check` or `image: copy`, promotions ask both
registries first; `copy` brings what is missing, all platforms of it, and overwrites no tag. A registry that gives no
clear answer is not taken for one without the image: the promotion ends with exit code 3.""",
    remedy="replicate the image first, or say `gates: {image: copy}` in `environments/<env>.yaml`",
    severity=Severity.ERROR,
    stage="proof",
    bad=_RECORD % "pushed to the registry of dev alone",
    good=_RECORD % "the same digest as in the registry of dev",
)
