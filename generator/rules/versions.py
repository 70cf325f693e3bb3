"""What the cluster's Kubernetes version no longer has, or its next one will not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.pods import pod, template
from generator.kubernetes.values import items, mapping, text
from generator.rules.removals import ANNOTATIONS, APIS, VOLUMES, Removal
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

# What is wrong at a path, in words without the version, and what to do.
_Gone = tuple["Path", str, str, Removal]


def _removed(manifest: Manifest, view: View) -> Iterator[Violation]:
    minor = _minor(view.kubernetes)
    if minor is None:
        return
    for path, what, effect, removal in (*_api(manifest), *_volumes(manifest), *_annotations(manifest)):
        if removal.minor <= minor + 1:
            yield _violation(path, what, effect, removal, view.kubernetes, soon=removal.minor > minor)


def _minor(version: str) -> int | None:
    """Return 35 for `1.35`."""
    found = re.fullmatch(r"1\.([0-9]{1,3})", version, re.ASCII)
    return int(found[1]) if found else None


def _api(manifest: Manifest) -> Iterator[_Gone]:
    version, kind = text(manifest.get("apiVersion")), text(manifest.get("kind"))
    removal = APIS.get((version, kind))
    if removal is not None:
        yield ("apiVersion",), f"{kind} of `{version}`", "the API server refuses the object", removal


def _volumes(manifest: Manifest) -> Iterator[_Gone]:
    path, spec = pod(manifest)
    for number, volume in enumerate(items(spec.get("volumes"))):
        for word in (word for word in mapping(volume) if word in VOLUMES):
            name = text(volume.get("name"))
            yield (
                (*path, "volumes", number, word),
                f"volume type `{word}` (volume `{name}`)",
                "the pod never starts",
                VOLUMES[word],
            )


def _annotations(manifest: Manifest) -> Iterator[_Gone]:
    found = template(manifest)
    path, holder = found or ((), {})
    for key in mapping(mapping(holder.get("metadata")).get("annotations")):
        word = key if key in ANNOTATIONS else f"{str(key).partition('/')[0]}/"
        if word in ANNOTATIONS:
            yield (
                (*path, "metadata", "annotations", key),
                f"annotation `{key}`",
                "it is ignored without a word",
                ANNOTATIONS[word],
            )


def _violation(  # noqa: PLR0913  # what, when, and what then
    path: Path, what: str, effect: str, removal: Removal, version: str, *, soon: bool
) -> Violation:
    gone = f"Kubernetes 1.{removal.minor}"
    if soon:
        message = f"{what} is gone in {gone}, the version after this cluster's {version}; then {effect}"
    else:
        message = f"{what} is gone since {gone}, and the cluster runs {version}: {effect}"
    instead = removal.instead if " " in removal.instead else f"`apiVersion: {removal.instead}`"
    return Violation(path=path, message=message, remedy=instead, severity=Severity.WARNING if soon else None)


_BUDGET = """\
apiVersion: %s
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
"""

WRK018 = Rule(
    id="WRK018",
    title="API that the cluster's version no longer has",
    why="""Kubernetes removes old API versions: the API server then refuses the object, and the sync of everything
beside it fails. Volume types whose driver is gone (`gitRepo`, `rbd`, `glusterfs` and others) let no pod start, and
annotations that were replaced by fields (seccomp) are ignored without a word. What the cluster's own version lacks is
an error; what only its next minor version lacks is a warning, because an upgrade must not come as a surprise.""",
    remedy="use the API version that replaces it",
    severity=Severity.ERROR,
    stage="object",
    check=_removed,
    bad=_BUDGET % "policy/v1beta1",
    good=_BUDGET % "policy/v1",
)
