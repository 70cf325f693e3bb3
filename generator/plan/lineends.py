"""Rendered files that git keeps, or would keep, with CRLF: told once, with the one line that settles it.

What lies on the disk is git's business, and no finding: `.gitattributes` and `core.autocrlf` say so. What it stores is
compared with what is rendered, and differs in every line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Finding, Place, Severity
from generator.roots import rendered_folders
from generator.rules.kustomization import KUS004

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree

_KEPT = frozenset({"i/crlf", "i/mixed"})
_REMEDY = "put `* text=auto` into .gitattributes, then run `git add --renormalize .` and commit"


def stored_with_crlf(tree: Tree) -> list[Finding]:
    """Return a warning where git stores rendered files with CRLF; raises ToolError where git cannot be asked."""
    if not tree.crlf:
        return []
    files = sorted(set(_stored(tree)).intersection(tree.crlf))
    if not files:
        return []
    which = "its lines" if len(files) == 1 else f"the lines of it and of {len(files) - 1} more rendered files"
    return [
        KUS004.finding(
            severity=Severity.WARNING,
            place=Place(files[0]),
            message=f"{which} end with CRLF, and git stores them so: to git the next edit by a tool changes every line",
            remedy=_REMEDY,
        )
    ]


def _stored(tree: Tree) -> Iterator[str]:
    """Yield the rendered files that git takes as they are, or has taken so."""
    from generator.repo.head import git_output  # a checkout with LF never comes here

    listed = git_output(tree.root, "ls-files", "--eol", "-z", "--cached", "--others", "--", *rendered_folders())
    if not listed:
        return
    setting = git_output(tree.root, "config", "--default", "", "--get", "core.autocrlf").decode().strip().lower()
    for entry in listed.decode(errors="replace").split("\0"):
        about, _, path = entry.partition("\t")
        index, _, attributes = (*about.split(None, 2), "", "", "")[:3]
        if path and (index in _KEPT or not _is_converted(attributes.strip().removeprefix("attr/"), setting)):
            yield path


def _is_converted(attributes: str, setting: str) -> bool:
    """Return whether git stores a file with LF: the attributes of its path decide, without any `core.autocrlf` does."""
    return attributes.startswith(("text", "eol")) if attributes else setting in {"true", "input"}
