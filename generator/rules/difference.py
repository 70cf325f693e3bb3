"""What the working tree has lost against the commit that it is compared with: noticed beside the proof."""

from __future__ import annotations

from generator.findings.finding import Severity
from generator.rules.rule import Rule

DIF001 = Rule(
    id="DIF001",
    title="Service that vanishes from an environment without being retired",
    why="""The commit compared with (HEAD, or where the branch left `--base`) has an overlay of the service here, with
its release record, and the working tree has none and wants none: the page is gone or was renamed, shuts the environment
out, or its system or the project dropped it. Merged, an Application loses every object at once: it stays behind without
a path, or takes all of them with it, data included.""",
    remedy="run `fairlead retire SERVICE --env ENV`: it shows what goes, and leaves a tombstone in `retired/`",
    severity=Severity.ERROR,
    stage="proof",
    bad="""# services/web.yaml, and no retired/prod/web.yaml
environments:
  prod: false
""",
    good="""# services/web.yaml, and `fairlead retire` wrote retired/prod/web.yaml
environments:
  prod: false
""",
)
REL006 = Rule(
    id="REL006",
    title="Tombstone of what is released",
    why="""`retired/<env>/<service>.yaml` says that the service was taken out of the environment, and its release record
is there: it came back by another way than a bump, or a retirement was interrupted. Whoever reads the tombstone is
misled.""",
    remedy="delete the tombstone; or run the same `fairlead retire` again, which finishes what was interrupted",
    severity=Severity.WARNING,
    stage="proof",
    bad="# retired/prod/web.yaml beside overlays/prod/web/kustomization.yaml\n",
    good="# overlays/prod/web/kustomization.yaml alone\n",
)
