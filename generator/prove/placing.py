"""Where objects are that name no namespace, and what the objects of an overlay need of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.verdict import Needed
from generator.kubernetes.manifest import identity
from generator.rules.limits import CLUSTER_WIDE
from generator.rules.references import references

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from generator.model.base import Manifest
    from generator.rules.view import Limits


def placed_in(manifest: Manifest, namespace: str, limits: Limits | None) -> Manifest:
    """Return an object in the namespace that Argo CD gives it where it names none, as a person's own may do."""
    id_ = identity(manifest)
    what = (id_.group, id_.kind)
    stays = id_.namespace or not namespace or what in CLUSTER_WIDE
    if stays or not (_is_of_kubernetes(id_.group) or (limits is not None and what in limits.kinds)):
        return manifest
    return {**manifest, "metadata": {**(manifest.get("metadata") or {}), "namespace": namespace}}


def _is_of_kubernetes(group: str) -> bool:
    """Return whether a group is Kubernetes' own: of others only those that a project lists surely have a namespace."""
    return "." not in group or group.endswith(".k8s.io")


def needed(
    objects: Sequence[Manifest], own: Container[tuple[str, str]], namespace: str, renamed: Mapping[str, str]
) -> Iterator[Needed]:
    """Yield the references that the overlay's own Services do not meet; `namespace` is that of objects without one.

    A namespace that is called otherwise in this environment is surely meant: `api.shop` where `shop` is `shop-dev`.
    """
    for found in references(objects):
        there = found.namespace or namespace
        if (there, found.name) not in own:
            sure, meant = found.certain or there in renamed, renamed.get(there, "")
            yield Needed(found.object, found.path, there, found.name, certain=sure, meant=meant)
