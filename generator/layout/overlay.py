"""An environment's overlay: only what differs from the base, worked out from the two sets of manifests.

A changed object becomes a patch, one that only the environment has a resource, one that it lacks a `$patch: delete`. No
renderer knows that overlays exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.kubernetes.manifest import ObjectId, identity
from generator.layout.difference import deletion, patch
from generator.layout.kustomization import filenames, kustomization, rendered
from generator.paths import NAME, NAMESPACE, base_folder, overlay_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.layout.base import Files
    from generator.layout.own import Own
    from generator.model.base import Manifest


def overlay_files(  # noqa: PLR0913, PLR0917  # an overlay is made of these six  # an overlay is made of these six things and nothing else
    service: str,
    environment: str,
    base: Sequence[Manifest],
    wanted: Sequence[Manifest],
    images: Sequence[dict[str, str]],
    own: Own,
) -> Files:
    """Return path -> text of a service's overlay; `wanted` are its manifests before images are filled in."""
    folder = overlay_folder(environment, service)
    namespace = _missing_namespace(base, wanted)
    before = {identity(manifest): manifest for manifest in _placed(base, namespace)}
    after = {identity(manifest): manifest for manifest in wanted}
    names = filenames([*before, *(id_ for id_ in after if id_ not in before)])
    resources = {names[id_]: manifest for id_, manifest in after.items() if id_ not in before}
    patches = {names[id_]: change for id_, change in _patches(before, after)}
    files = {f"{folder}/{name}": rendered(value) for name, value in (resources | patches).items()}
    files[f"{folder}/{NAME}"] = kustomization(
        [*_base(service, base, namespace), *resources, *own.resources], [*patches, *own.patches], images
    )
    if namespace:
        above = kustomization([f"../../../../{base_folder(service)}"], namespace=namespace)
        files[f"{folder}/{NAMESPACE}/{NAME}"] = above
    return files


def _missing_namespace(base: Sequence[Manifest], wanted: Sequence[Manifest]) -> str:
    """Return the namespace that the base leaves to its overlays, the empty text where it names its own."""
    if not base or "namespace" in base[0]["metadata"]:
        return ""
    return next((str(manifest["metadata"]["namespace"]) for manifest in wanted), "")


def _placed(base: Sequence[Manifest], namespace: str) -> Iterator[Manifest]:
    """Yield the manifests of a base as they are once kustomize has given them the namespace."""
    for manifest in base:
        metadata = {"namespace": namespace, **manifest["metadata"]} if namespace else manifest["metadata"]
        yield {**manifest, "metadata": metadata}


def _base(service: str, base: Sequence[Manifest], namespace: str) -> list[str]:
    if not base:
        return []
    return [NAMESPACE if namespace else f"../../../{base_folder(service)}"]


def _patches(
    before: Mapping[ObjectId, Manifest], after: Mapping[ObjectId, Manifest]
) -> list[tuple[ObjectId, dict[str, Any]]]:
    made = [
        (id_, patch(manifest, after[id_]) if id_ in after else deletion(manifest)) for id_, manifest in before.items()
    ]
    return [(id_, change) for id_, change in made if change is not None]
