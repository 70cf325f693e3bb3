"""Small facts about Kubernetes objects that several rooms need: identity, and the containers inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest

Path = tuple[str | int, ...]

# Where a pod template lives in each kind that has one.
_TEMPLATES: dict[str, Path] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}

# All values of a ConfigMap or Secret together, in bytes: `MaxSecretSize` (pkg/apis/core/types.go).
LARGEST_VALUES = 1 << 20
# Go's JSON writes these as six bytes each, for the sake of browsers; no text has more than six for one of its own.
GO_ESCAPES = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})
MOST_ESCAPED = 6


class ObjectId(NamedTuple):
    """What makes two manifests the same object for Kubernetes and for kustomize."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)


def identity(manifest: Manifest) -> ObjectId:
    """Return the identity of an object; the API version is not part of it, the group is."""
    group, _, version = str(manifest.get("apiVersion", "")).rpartition("/")
    metadata = manifest.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return ObjectId(
        group if version else "",
        str(manifest.get("kind", "")),
        str(metadata.get("namespace", "")),
        str(metadata.get("name", "")),
    )


def at(value: Any, path: Path) -> Any:
    """Return the value at `path`, or None when some step of it does not exist."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def pod_template_path(manifest: Manifest) -> Path | None:
    """Return the path of the pod template (the mapping with `metadata` and `spec`), None for a kind without one."""
    return _TEMPLATES.get(str(manifest.get("kind")))


def containers(manifest: Manifest) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each container of an object (init containers first) with its path."""
    template = pod_template_path(manifest)
    if template is None:
        return
    for group in ("initContainers", "containers"):
        path = (*template, "spec", group)
        found = at(manifest, path)
        for number, container in enumerate(found if isinstance(found, list) else ()):
            if isinstance(container, dict):
                yield (*path, number), container


def show(path: Path) -> str:
    """Return a path as people write it: `spec.template.spec.containers[0].image`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text and "." not in step and "/" not in step else step if not text else f"[{step}]"
    return text
