"""Edits that somebody made to rendered files: never lost silently.

Bytes that neither the last commit nor our own last write holds exist nowhere else: replacing them is refused. Bytes
that the last commit holds are safe in git, but if the pages of that commit do not render them, somebody edited by hand
and committed it: that is shown before it is replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.disk.journal import digest_of, read_journal
from generator.findings.errors import InputError
from generator.findings.progress import Silent
from generator.line_ends import with_lf
from generator.paths import NAME, find_unit, is_ours, same_but_for_header
from generator.repo.head import has_commit, head_files, head_tree, is_before_first_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from generator.change import Change
    from generator.disk.tree import Tree
    from generator.plan.plan import Origin


def uncommitted_edits(root: Path, changes: Iterable[Change]) -> list[Change]:
    """Return the changes that would destroy bytes which neither HEAD nor our own last write has.

    Before the first commit nobody can tell what HEAD would have: there a file with our header counts as rendered by
    another checkout, unless the journal knows what we wrote into it here.
    """
    foreign = _foreign(root, changes)
    if foreign and is_before_first_commit(root):
        written = read_journal(root)
        return [change for change in foreign if change.path in written or not is_ours(change.before or b"")]
    committed = head_files(root, [change.path for change in foreign])
    kept = {path: with_lf(data) for path, data in committed.items()}
    return [change for change in foreign if kept.get(change.path) != with_lf(change.before or b"")]


def committed_edits(root: Path, changes: Iterable[Change]) -> list[Change]:
    """Return the changes to files of HEAD that HEAD's own pages do not render; empty where that cannot be told."""
    foreign = _foreign(root, changes)
    if not foreign:
        return []
    try:
        rendered = rendered_by(head_tree(root), foreign)
    except InputError:
        return []
    return [
        change
        for change in foreign
        if change.path in rendered and not is_rendered(change.before or b"", rendered[change.path])
    ]


def origins(root: Path, changes: Sequence[Change]) -> dict[str, Origin]:
    """Return where the difference of each file on disk comes from: path -> origin.

    `hand` is an edit that only the disk has, `commit` one that the pages of the last commit do not explain, `page` all
    others: what was rendered before a page changed. Before the first commit that is `unknown`.
    """
    there = [change.path for change in changes if change.before is not None]
    hand = {change.path for change in uncommitted_edits(root, changes)}
    if not has_commit(root):
        known = hand.intersection(read_journal(root))
        return {path: "hand" if path in known else "unknown" for path in there}
    commit = {change.path for change in committed_edits(root, changes)}
    return {path: "hand" if path in hand else "commit" if path in commit else "page" for path in there}


def is_rendered(data: bytes, text: str) -> bool:
    """Return whether a file is what is rendered, whichever release of Fairlead wrote the header above it."""
    return data == text.encode() or same_but_for_header(data, text.encode())


def _foreign(root: Path, changes: Iterable[Change]) -> list[Change]:
    """Return the changes to files that we did not write last."""
    journal = read_journal(root)
    return [
        change
        for change in changes
        if change.before is not None
        and not only_the_record(change)
        and not (change.after is not None and same_but_for_header(change.before, change.after.encode()))
        and digest_of(change.before) not in journal.get(change.path, ())
    ]


def only_the_record(change: Change) -> bool:
    """Return whether a change is about nothing but an overlay's `images:`: a differing record is never a hand edit."""
    if change.after is None or not change.path.endswith("/" + NAME):
        return False
    return is_rendered(without_record(change.before or b""), without_record(change.after.encode()).decode())


def without_record(data: bytes) -> bytes:
    """Return a kustomization without its `images:` and the comments of that."""
    from generator.layout import recordtext  # its YAML reader takes 15 ms, which a run without differences does not pay

    return recordtext.without_record(data.decode(errors="replace")).encode()


def rendered_by(tree: Tree, changes: Sequence[Change]) -> dict[str, str]:
    """Return what the pages of `tree` render for the units of `changes`; raises InputError for unfit pages."""
    from generator.inputs.load import load  # needed only when a committed file is to be replaced
    from generator.units import render_units  # the same

    names = {unit for change in changes if (unit := find_unit(change.path))}
    units = render_units(load(tree, only=names), tree, names, Silent())
    return {path: text for unit in units for path, text in unit.files.items()}
