"""Files that a release edit changes and that other overlays are built from: no build of what moves would show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Finding, Place
from generator.paths import NAME, base_folder, is_hold
from generator.roots import is_rendered_path
from generator.rules.moves import DIF005

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.disk.tree import Tree
    from generator.prove.moving_overlay import Mover


def strangers(before: Tree, after: Tree, movers: Sequence[Mover]) -> Iterator[Finding]:
    """Yield a finding for each rendered file that differs and is not the moving overlays' own.

    A new base is one's own; one that was there belongs to the other environments too.
    """
    own = tuple({f"{mover.overlay.folder}/" for mover in movers} | _new_bases(before, movers))
    for path in sorted(before.files.keys() | after.files.keys()):
        same = before.files.get(path) == after.files.get(path)
        if not (same or path.startswith(own) or is_hold(path)) and is_rendered_path(path):
            yield DIF005.finding(
                place=Place(path),
                message="this file changes too, and overlays that do not move are built from it",
                remedy="move releases in one commit and everything else in another",
            )


def _new_bases(before: Tree, movers: Sequence[Mover]) -> set[str]:
    """Return the base folders of what moves that held nothing rendered before."""
    bases = {base_folder(mover.overlay.unit) for mover in movers}
    return {f"{base}/" for base in bases if f"{base}/{NAME}" not in before.files}
