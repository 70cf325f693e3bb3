"""What runs where, as a table and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.findings.text import escape_lines
from generator.history.environment_status import Drift
from generator.records.hold import described, is_active
from generator.report.release import age, aligned, brief_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from generator.history.environment_status import Cell

# A line of a cell: release, age, and what else is to be said. Each is a column of its own.
_Line = tuple[str, str, str]
_NOTHING: _Line = ("", "", "")
_NOWHERE: _Line = ("-", "", "")

# Environments stand further from each other than their own columns do.
_GAP = "  "

_SHALLOW = "An age with + is the least it can be: this clone is shallow; `git fetch --unshallow` brings the rest."
_NO_GIT = "Ages are unknown: this is no git repository."


def status_text(
    cells: Sequence[Cell], environments: Sequence[str], now: datetime, *, width: int, in_git: bool = True
) -> str:
    """Return the table of services and environments, at most `width` columns wide where it can be, and notes below it.

    Environments that do not fit beside the others follow in another table.
    """
    tables = _tables(cells, environments, now, width)
    notes = [*_notes(cells, now), *([] if in_git else [_NO_GIT])]
    return "\n".join(map(escape_lines, [*tables, *([notes] if notes else [])]))


def _tables(cells: Sequence[Cell], environments: Sequence[str], now: datetime, width: int) -> Iterator[list[str]]:
    """Yield tables of as many environments as fit beside each other."""
    left = list(environments)
    while left:
        fitting = 1
        table = _table(cells, left[:1], now)
        while fitting < len(left) and _is_within(wider := _table(cells, left[: fitting + 1], now), width):
            table, fitting = wider, fitting + 1
        yield table
        left = left[fitting:]


def _is_within(table: Iterable[str], width: int) -> bool:
    return all(len(line) <= width for line in table)


def _table(cells: Sequence[Cell], environments: Sequence[str], now: datetime) -> list[str]:
    """Return one table; a service takes as many lines as it has different releases in one environment."""
    rows = [("service", *(text for environment in environments for text in (_GAP + environment, "", "")))]
    known = {(cell.service, cell.environment): _lines(cell, now) for cell in cells}
    for service in dict.fromkeys(cell.service for cell in cells):
        columns = [known.get((service, environment), [_NOWHERE]) for environment in environments]
        for number in range(max(map(len, columns))):
            parts = [column[number] if number < len(column) else _NOTHING for column in columns]
            texts = (text for first, *others in parts for text in (_GAP + first, *others))
            rows.append((service if number == 0 else "", *texts))
    return aligned(rows)


def _lines(cell: Cell, now: datetime) -> list[_Line]:
    first, *others = _releases(cell)
    span = "" if cell.since is None else age(now - cell.since) + "+" * cell.at_least
    return [(first, span, ", ".join(_marks(cell, now))), *((other, "", "") for other in others)]


def _releases(cell: Cell) -> tuple[str, ...]:
    if cell.unreadable:
        return ("unreadable",)
    if cell.record is None:
        return ("retired",) if cell.retired else ("not released",)
    return brief_record(cell.record) or ("no image of ours",)


def _marks(cell: Cell, now: datetime) -> Iterator[str]:
    if cell.uncommitted:
        yield "uncommitted"
    if cell.drift is not None:
        yield f"behind {cell.behind}" if cell.drift is Drift.BEHIND else cell.drift
    if cell.hold is not None and is_active(cell.hold, now):
        yield "held"


def _notes(cells: Sequence[Cell], now: datetime) -> Iterator[str]:
    """Yield what has no room in the table: every active hold, what cannot be read, and where history ends."""
    for cell in cells:
        if cell.hold is not None and is_active(cell.hold, now):
            held = ", ".join(dict.fromkeys(cell.hold.record.values()))
            yield f"{cell.environment}/{cell.service} is {described(cell.hold, held)}"
    for cell in cells:
        yield from map(str, cell.findings)
    if any(cell.at_least for cell in cells):
        yield _SHALLOW


def status_data(cells: Sequence[Cell], now: datetime) -> dict[str, Any]:
    """Return the cells as plain values. `since` is null where git does not know, or nothing is committed."""
    return {"cells": [_cell_data(cell, now) for cell in cells]}


def _cell_data(cell: Cell, now: datetime) -> dict[str, Any]:
    hold = cell.hold
    return {
        "service": cell.service,
        "environment": cell.environment,
        "record": cell.record,
        "retired": cell.retired,
        "uncommitted": cell.uncommitted,
        "since": cell.since,
        "atLeast": cell.at_least,
        "commit": cell.commit,
        "previous": cell.previous,
        "drift": cell.drift,
        "behind": cell.behind,
        "hold": hold and {**msgspec.structs.asdict(hold), "active": is_active(hold, now)},
        "findings": cell.findings,
    }
