"""The definitions that a person hands over: from files, of the groups that were asked for, none of them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.crds.read import read
from generator.disk.tree import LARGEST_SCHEMA, OversizeError, read_file
from generator.findings.errors import UsageError, collected
from generator.findings.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.crds.definition import Definition


def taken(files: Iterable[Path], groups: Collection[str]) -> list[Definition]:
    """Read files and give their definitions, in order of their names.

    Raises InputError with every complaint about every file; UsageError for a file that cannot be read, for definitions
    of several groups where nobody said which are meant (an install bundle brings dozens), and for a definition given
    twice.
    """
    found: list[Definition] = []
    with collected() as complaints:
        for file in files:
            with complaints.of_one():
                found += read(_bytes(file), str(file))
    there = sorted({each.group for each in found})
    _refuse_unknown(groups, there)
    if len(there) > 1 and not groups:
        raise UsageError(f"definitions of {len(there)} groups: {', '.join(there)}; say which by --group GROUP")
    return _once(each for each in found if not groups or each.group in groups)


def _bytes(file: Path) -> bytes:
    try:
        return read_file(file, LARGEST_SCHEMA)
    except OversizeError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def _refuse_unknown(groups: Iterable[str], there: Collection[str]) -> None:
    for group in groups:
        if group not in there:
            near = nearest(group, there)
            hint = f"did you mean '{near}'?" if near else f"there is {', '.join(there)}"
            raise UsageError(f"no definition of the group '{group}'; {hint}")


def _once(definitions: Iterable[Definition]) -> list[Definition]:
    by_name: dict[tuple[str, str], Definition] = {}
    for each in definitions:
        name = each.group, each.kind
        if by_name.setdefault(name, each).manifest != each.manifest:
            raise UsageError(f"two definitions of {each.group} {each.kind} that differ; give one of them")
    return [by_name[name] for name in sorted(by_name)]
