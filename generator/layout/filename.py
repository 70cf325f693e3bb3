"""File names of manifests: the kind alone where it is unique in its folder, else kind and name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

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
