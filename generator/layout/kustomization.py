"""Kustomization files as `kustomize edit` writes them, and the names of the files that they list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from generator.paths import HEADER
from generator.yamlio import dump

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from generator.kubernetes.manifest import ObjectId


def filenames(ids: Collection[ObjectId]) -> dict[ObjectId, str]:
    """Return each object of one folder a file name; the names differ and depend on the set of objects alone."""
    forms = (
        {id_: id_.kind.lower() for id_ in ids},
        {id_: f"{id_.kind.lower()}-{id_.name}" for id_ in ids},
        {id_: f"{id_.kind.lower()}-{id_.name}-{id_.namespace}" for id_ in ids},
        {id_: f"{id_.kind.lower()}-{id_.name}-{id_.namespace}-{id_.group}" for id_ in ids},
    )
    counts = [Counter(form.values()) for form in forms]
    return {id_: _first_unique(id_, forms, counts) + ".yaml" for id_ in ids}


def _first_unique(id_: ObjectId, forms: tuple[dict[ObjectId, str], ...], counts: list[Counter[str]]) -> str:
    for form, count in zip(forms, counts, strict=True):
        if count[form[id_]] == 1:
            return form[id_]
    return forms[-1][id_]


API_VERSION = "kustomize.config.k8s.io/v1beta1"


def kustomization(
    resources: Sequence[str],
    patches: Sequence[str] = (),
    images: Sequence[dict[str, str]] = (),
    namespace: str = "",
) -> str:
    """Return the text of a kustomization.yaml; what is empty is left out."""
    value: dict[str, Any] = {"apiVersion": API_VERSION, "kind": "Kustomization"}
    if namespace:
        value["namespace"] = namespace
    if resources:
        value["resources"] = list(resources)
    if patches:
        value["patches"] = [{"path": path} for path in patches]
    if images:
        value["images"] = list(images)
    return rendered(value)


def rendered(value: Any) -> str:
    """Return the text of a rendered file."""
    return HEADER + dump(value)
