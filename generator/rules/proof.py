"""What the release records, the real build and the Kubernetes schemas bring to light: noticed outside the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Place, Severity
from generator.rules.owners import owned_twice
from generator.rules.rule import Rule
from generator.rules.world import RepositoryViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rules.rule import Across
    from generator.rules.world import World

_HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- ../../../base/web\n"
_GOOD = _HEAD + 'images:\n- name: web\n  newName: registry.example.com/web\n  newTag: "1.4.2"\n'
_DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n"

_WIDGETS = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
"""


def _rule(  # noqa: PLR0913, PLR0917  # a rule is made of these
    id_: str, title: str, why: str, remedy: str, bad: str, good: str = _GOOD, across: Across | None = None
) -> Rule:
    severity = Severity.INFO if id_.startswith("OWN") else Severity.ERROR
    return Rule(
        id=id_, title=title, why=why, remedy=remedy, severity=severity, stage="proof", bad=bad, good=good, across=across
    )


def nothing_checked(world: World) -> Iterator[RepositoryViolation]:
    """Yield a violation where no object of any overlay was checked."""
    if not any(verdict.checked for verdict in world.verdicts):
        yield RepositoryViolation(
            place=Place("gitops.yaml"),
            message="no object was checked: there is no overlay, or none that builds",
            remedy="release a service first: `fairlead bump SERVICE --env ENV --tag TAG`",
        )


ARG002 = Rule(
    id="ARG002",
    title="Object that two overlays render",
    why="""Two pages, or two environments on one cluster, render the same object. Each becomes an Application's own, and
the two overwrite each other at every sync, or prune what the other one needs.""",
    remedy="give one of them another `name:` or namespace",
    severity=Severity.ERROR,
    stage="proof",
    across=owned_twice,
    bad=_DEPLOYMENT + "# in overlays/dev/web and in overlays/dev/web2\n",
    good=_DEPLOYMENT,
)
ARG010 = Rule(
    id="ARG010",
    title="Overlay that does not build",
    why="""Argo CD keeps what runs while an overlay does not build. But the next good commit it then applies as a
sync without hooks, so that a new image runs and its migration does not; and where `selfHeal` is off, it does not apply
it at all. So such an overlay must never reach the branch that Argo CD follows: `bump`, `promote` and
`publish` refuse to push it. If it got there all the same, mend it, and sync the Application by hand or push one more
commit that changes what the overlay renders: that sync is whole.""",
    remedy="run `fairlead generate`; then look at the files under `patches/` and `resources/`",
    severity=Severity.ERROR,
    stage="proof",
    bad=_HEAD + "patches:\n- path: patches/broken.yaml\n",
    good=_GOOD,
)
ARG013 = Rule(
    id="ARG013",
    title="Freeze that is over",
    why="""A freeze with `from` and `to` is a sync window of Argo CD, and such a window has a day and a month and no
year. Left on the page it closes the environment again a year later, when nobody expects it.""",
    remedy="take it off the page",
    severity=Severity.WARNING,
    stage="proof",
    bad='gates:\n  freezes:\n  - {from: "2025-12-20T18:00", to: "2026-01-04T08:00"}\n',
    good='gates:\n  freezes:\n  - {schedule: "0 18 * * 5", duration: 62h}\n',
)
OWN001 = _rule(
    "OWN001",
    "Field that a person's own file changes",
    "What a file under `patches/` or `resources/` does is outside the model. It is allowed, and it is checked like "
    "everything else. The last line of `validate` counts what changes; so that nobody has to guess, "
    "`fairlead validate --own` lists every field at its own line, and `--format json` always does.",
    "nothing, if you meant it; if the page has a word for it, say it there",
    _DEPLOYMENT + "  replicas: 3\n",
    _DEPLOYMENT,
)
PRF001 = _rule(
    "PRF001",
    "Build that differs from the page",
    "`kustomize build` gives another object than the page says, so Argo CD would run something that nobody reading the "
    "page expects.",
    "run `fairlead generate`; if it has nothing to do, report it",
    _DEPLOYMENT + "  replicas: 3\n",
    _DEPLOYMENT + "  replicas: 2\n",
)
PRF003 = _rule(
    "PRF003",
    "Proof of nothing",
    "A check that looked at no object proves nothing, however green it is.",
    "release a service: `fairlead bump SERVICE --env ENV --tag TAG`",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
    across=nothing_checked,
)
REL001 = _rule(
    "REL001",
    "Image without a release",
    "The page names an image of ours for which the environment's record has no tag: it would be deployed without one.",
    "run `fairlead bump SERVICE --env ENV --image IMAGE=TAG`",
    _HEAD,
)
REL002 = _rule(
    "REL002",
    "Release that is no tag and no digest",
    "A record holds something that no registry could serve, or nothing, or two entries for one image, or one under the "
    "whole name with the registry, which a bot wrote and which moves no image.",
    'write `newTag: "1.4.2"`, or a digest: `sha256:` and 64 hex digits',
    _HEAD + 'images:\n- name: web\n  newTag: "not a tag"\n',
)
REL003 = _rule(
    "REL003",
    "Overlay without its kustomization",
    "The overlay's files are there and its release record is not: rendering it again would forget which image runs.",
    "restore the file with `git checkout`; to take the service out, then run `fairlead retire SERVICE --env ENV`",
    "# overlays/prod/web/deployment.yaml without overlays/prod/web/kustomization.yaml\n",
)
REL004 = _rule(
    "REL004",
    "Lost release record",
    "The last commit releases the service in this environment and the working tree does not: Argo CD would remove it.",
    "restore the overlay with `git checkout`; to take the service out, then run `fairlead retire SERVICE --env ENV`",
    "# overlays/prod/web/ removed by hand\n",
)
REL005 = _rule(
    "REL005",
    "Release moved over a hold",
    "Somebody holds this release, after a rollback for example, and a bot or a person moved it all the same: what was "
    "taken back would run again. `hold.yaml` beside the record says who holds it, why and until when.",
    "put the held release back, or end the hold with `fairlead unhold SERVICE --env ENV`",
    '# overlays/prod/web/hold.yaml holds web at "1.4.1"\n' + _GOOD,
    '# overlays/prod/web/hold.yaml holds web at "1.4.2"\n' + _GOOD,
)
SCH001 = _rule(
    "SCH001",
    "Object that Kubernetes' schema refuses",
    "kubeconform holds every built object against the strict schemas of the cluster's version: an unknown field is "
    "ignored or refused by the API server, a wrong type always refused.",
    "mend the field; its schema is in the Kubernetes API reference",
    _DEPLOYMENT + "  replica: 3\n",
    _DEPLOYMENT + "  replicas: 3\n",
)
SCH002 = _rule(
    "SCH002",
    "Object without a schema",
    "An object that nothing checked is not proven; a check that skips it silently is worse than none.",
    "give the definition of its kind to `fairlead schemas add CRD.yaml`",
    "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: web}\n",
    _DEPLOYMENT,
)
SCH003 = _rule(
    "SCH003",
    "CustomResourceDefinition that cannot be used",
    "Objects of a kind are checked against its definition. An API server refuses one without a structural schema, and "
    "nobody could check anything against it.",
    "take the definition that its project publishes for apiextensions.k8s.io/v1",
    _WIDGETS + "  versions:\n  - {name: v1, served: true, storage: true}\n",
    _WIDGETS + "  versions:\n  - name: v1\n    served: true\n    storage: true\n"
    "    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object}}}}\n",
)
