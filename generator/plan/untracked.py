"""Rendered files that git does not track: a commit of the page without them would have Argo CD build something else."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from generator.findings.finding import Finding, Place
from generator.git.repository import find_repository
from generator.paths import is_hold
from generator.repo.head import git_output
from generator.roots import ROOTS, find_rendered_root, is_rendered_path, rendered_folders
from generator.rules.kustomization import KUS004

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.plan.plan import Plan


def untracked_files(tree: Tree, planned: Plan) -> list[Finding]:
    """Return a finding for each file of a rendered folder that git does not track although it tracks the page.

    A page that is no part of the repository yet may have what it likes, and a file that is nobody's has a finding.
    """
    if find_repository(tree.root) is None:
        return []
    listed = git_output(
        tree.root, "ls-files", "-z", "-t", "--cached", "--others", "--", *_page_folders(), *rendered_folders()
    )
    told = {finding.place.file for finding in planned.strays}
    told |= {change.path for change in planned.changes if change.after is None}
    marked = [entry.partition(" ") for entry in listed.decode(errors="replace").split("\0") if entry]
    tracked = {path for mark, _, path in marked if mark != "?"}
    others = sorted(path for mark, _, path in marked if mark == "?" and path in tree.files)
    return [
        _finding(path) for path in others if _counts(path) and path not in told and _has_tracked_page(path, tracked)
    ]


def _counts(path: str) -> bool:
    """Return whether a path is one that a rendered root is read for; a hold is read by nobody but us."""
    return is_rendered_path(path) and not is_hold(path)


def _has_tracked_page(path: str, tracked: set[str]) -> bool:
    return any(page in tracked for page in _pages(path))


def _page_folders() -> list[str]:
    """Return where the pages stand that render anything: folders, and pages beside them."""
    return list(dict.fromkeys(page.partition("/")[0] for root in ROOTS.values() for page in root.pages))


def _pages(path: str) -> Iterator[str]:
    """Yield the pages that may render a path; none where it stands beside the folders of a root."""
    parts, root = path.split("/"), find_rendered_root(path)
    if root is not None and (root.together or len(parts) > len(root.parts)):
        unit = "" if root.together else parts[len(root.parts)]
        yield from (page.format(unit=unit) for page in root.pages)


def _finding(path: str) -> Finding:
    root = find_rendered_root(path)
    folder = "/".join(path.split("/")[: len(root.parts) + 1]) if root else path
    return KUS004.finding(
        place=Place(path),
        message="git does not track this file, and it tracks the page: a commit would leave it out",
        remedy=f"run `{shlex.join(['git', 'add', folder])}`",
    )
