"""The instances of Argo CD that a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.preview.declared import instances

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.disk.tree import Tree

# Names that fit on a line or two.
_LISTED = 12


def chosen(tree: Tree, name: str | None, commit: str | None = None) -> list[str]:
    """Return the instance called `name`, all without one; raises UsageError where there is none such.

    `commit` is the one that the tree is of.
    """
    known = instances(tree)
    if not known and commit is not None:
        raise UsageError(f"no argocd/<instance>/kustomization.yaml in commit {commit[:12]}")
    if not known:
        raise UsageError("no argocd/<instance>/kustomization.yaml here; run `fairlead generate`")
    if name is None:
        return list(known)
    if name not in known:
        raise UsageError(f"no instance '{name}'; {hint(name, known)}")
    return [name]


def hint(name: str, known: Collection[str]) -> str:
    """Return which name may have been meant, or which there are, as far as a line holds them."""
    near = nearest(name, known)
    listed = sorted(known)
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return f"did you mean '{near}'?" if near else f"there are: {', '.join(listed[:_LISTED]) or 'none'}{more}"
