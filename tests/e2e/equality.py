"""Is an object in a cluster what the model says? Compared field by field, both ways.

What the model leaves out is a default, and the API server itself says which: it is asked what it would store if the
model's object were made now. Nothing may be missing in the live object then, and nothing may be there in addition,
but for what clusters fill in one object at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.api import Object

# Kind -> fields that a cluster gives to each object, so no two are alike. Where the model states one it is compared.
_GIVEN = {
    "Deployment": ("spec.replicas",),  # an autoscaler's, where the model has none
    "Job": ("metadata.finalizers", "spec.selector", "spec.template.metadata.labels.*", "metadata.labels.*"),
    "Namespace": ("metadata.labels.kubernetes.io/metadata.name",),
    "PersistentVolumeClaim": ("spec.volumeName",),
    "Service": (
        "spec.clusterIP",
        "spec.clusterIPs",
        "spec.healthCheckNodePort",
        "spec.ports.*.nodePort",
    ),
}
# What controllers note on objects.
_NOTES = (
    "argocd.argoproj.io/tracking-id",
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/last-applied-configuration",
    "batch.kubernetes.io/job-tracking",
)
_IGNORED = {"status"}
_METADATA = {"labels", "annotations", "namespace", "finalizers"}

Path = tuple[str, ...]


def differences(manifest: Object, completed: Object, live: Object) -> list[str]:
    """Return a line for each field in which the live object is not the model's (`manifest`, `completed`)."""
    stated, wanted, found = (dict(_leaves(_comparable(each))) for each in (manifest, completed, live))
    given = [tuple(_split(field)) for field in _GIVEN.get(manifest["kind"], ())]
    wrong = []
    for path in sorted({*wanted, *found}):
        if path not in stated and any(_matches(path, each) for each in given):
            continue
        if wanted.get(path) != found.get(path):
            name = f"{manifest['kind']} {manifest['metadata']['name']}"
            wrong.append(f"{name} {'.'.join(path)}: model {wanted.get(path)!r}, cluster {found.get(path)!r}")
    return wrong


def changes(before: Object, after: Object) -> dict[str, tuple[Any, Any]]:
    """Return field -> (old, new) of everything that people or tools decide in an object; no status, no bookkeeping."""
    old, new = (dict(_leaves(_comparable(each))) for each in (before, after))
    return {
        ".".join(path): (old.get(path), new.get(path))
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    }


def _comparable(found: Object) -> Object:
    metadata = {key: value for key, value in found["metadata"].items() if key in _METADATA}
    notes = {key: value for key, value in metadata.pop("annotations", {}).items() if key not in _NOTES}
    rest = {key: value for key, value in found.items() if key not in _IGNORED}
    return {**rest, "metadata": {**metadata, "annotations": notes}}


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, str(number)))
    else:
        yield path, value


def _split(field: str) -> list[str]:
    """Split a field's path at dots; what follows `labels.` is one key, dots and all."""
    head, labels, key = field.partition(".labels.")
    return [*head.split("."), *([labels.strip("."), key] if labels else [])]


def _matches(path: Path, given: Path) -> bool:
    return len(path) >= len(given) and all(want in {"*", part} for part, want in zip(path, given, strict=False))
