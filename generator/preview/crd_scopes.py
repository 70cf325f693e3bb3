"""Scopes of custom kinds, from the definitions that the repository and Fairlead keep for its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.controller.object_summary import trait_of
from generator.controller.scope import declared_scopes, is_namespaced
from generator.crds.files import DEFINITION, FOLDER
from generator.kubernetes.packs import crd_pack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.controller.object_summary import Trait
    from generator.controller.scope import GroupKind
    from generator.disk.tree import Tree


def scopes_of(tree: Tree, objects: Collection[Trait]) -> dict[GroupKind, bool]:
    """Return of the kinds of built objects whether they live in a namespace, where only a definition can tell.

    One among the objects themselves counts most, then one of the repository, then one that Fairlead brings along.
    """
    declared = declared_scopes(objects)
    groups = {each.group for each in objects if is_namespaced((each.group, each.kind), declared) is None}
    return _scopes(_brought(groups)) | _scopes(_kept(tree, groups)) | declared


def _scopes(texts: Iterable[bytes]) -> dict[GroupKind, bool]:
    return declared_scopes(trait_of(manifest) for text in texts if isinstance(manifest := _read(text), dict))


def _read(text: bytes) -> object:
    """Read a definition; one that is damaged says nothing, and `validate` tells of it."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


def _brought(groups: Collection[str]) -> Iterator[bytes]:
    return (path.read_bytes() for path in crd_pack().glob(f"*/*{DEFINITION}") if path.parent.name in groups)


def _kept(tree: Tree, groups: Iterable[str]) -> Iterator[bytes]:
    paths = (path for group in groups for path in tree.under(f"{FOLDER}/{group}"))
    return (tree.files[path] for path in paths if path.endswith(DEFINITION))
