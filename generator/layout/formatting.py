"""Compare kustomizations but for the way in which a bot wrote the release record.

`kustomize edit`, Renovate, Image Updater and Kargo write the same values with other quotes, key order or indentation.
Only those forms pass, line by line; anything else inside the block is drift like everywhere else. Comments count: what
is rendered has those of the file on disk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = re.compile(
    r"""(?P<lead>\ {0,2}-\ |\ {2,4})(?P<key>name|newName|newTag|digest):\ """
    r"""(?:"(?P<double>[^"\\]*)"|'(?P<single>[^']*)'|(?P<plain>[^\s"'#][^\s"'#]*))""",
    re.ASCII,
)

Entry = tuple[tuple[str, str], ...]


def same_but_for_record_style(disk: str, planned: str) -> bool:
    """Return whether two kustomizations differ in nothing but the style of their release records.

    A file whose lines end in both ways was damaged, or edited by half; that is no style.
    """
    from generator.layout.recordtext import record_text  # its YAML reader takes 15 ms; most files are as planned

    if disk.count("\r\n") not in {0, disk.count("\n")}:
        return False
    ours, theirs = record_text(planned), record_text(disk)
    if ours is None or theirs is None or ours.comments != theirs.comments:
        return False
    if (theirs.before, theirs.after) != (ours.before, ours.after):
        return False
    wanted, found = _entries(ours.lines), _entries(theirs.lines)
    return wanted is not None and found is not None and sorted(wanted) == sorted(found)


def _entries(lines: Sequence[str]) -> list[Entry] | None:
    """Return the entries of an `images:` block, keys sorted, or None when a line is not in a known form."""
    if lines[:1] != ("images:",):
        return None
    entries: list[dict[str, str]] = []
    lead = None
    for line in lines[1:]:
        match = _LINE.fullmatch(line)
        if match is None:
            return None
        dash = match["lead"].endswith("- ")
        lead = len(match["lead"]) if lead is None else lead
        if len(match["lead"]) != lead or (not dash and not entries):
            return None
        if dash:
            entries.append({})
        entries[-1][match["key"]] = match["double"] or match["single"] or match["plain"] or ""
    return [tuple(sorted(entry.items())) for entry in entries]
