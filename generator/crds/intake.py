"""The definitions that a person hands over: read from files, of the groups that were asked for, none of them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.crds.definition import definition, faults, is_definition
from generator.disk.tree import LARGEST_SCHEMA, OversizeError, read_file
from generator.findings.errors import InputError, UsageError, collected
from generator.findings.finding import Place
from generator.findings.nearest import nearest
from generator.rules.proof import SCH003
from generator.rules.reader import problem_complaint
from generator.yamlio.document import Document
from generator.yamlio.stream import stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from generator.crds.definition import Definition, DefinitionFault
    from generator.findings.finding import Finding


def read_definitions(data: bytes, file: str) -> list[Definition]:
    """Return the definitions of a file, those in a List (as `kubectl get crd -o yaml` gives them) too.

    Raises InputError with every complaint when the file is no YAML, holds no definition, or holds something else.
    """
    documents, problems = stream(data, file)
    found = [problem_complaint(problem, file) for problem in problems]
    if not documents and not found:
        found.append(SCH003.complaint(Place(file), "the file is empty", "give files that hold definitions"))
    items = [item for document in documents for item in _items(document)]
    found += [_complaint(item, fault) for item in items for fault in faults(item.value)]
    if found:
        raise InputError(found)
    return [definition(item.value) for item in items]


class _Item(Document):
    """An object inside a List: its value, and places in the file of the List."""

    def __init__(self, whole: Document, number: int) -> None:
        super().__init__(whole.file, whole.text, whole.value["items"][number])
        self._number = number

    def place(self, path: tuple[str | int, ...] = ()) -> Place:
        """Return the position of the value at `path` of the object."""
        return super().place(("items", self._number, *path))


def _items(document: Document) -> Iterator[Document]:
    value = document.value
    is_list = isinstance(value, dict) and isinstance(value.get("items"), list) and not is_definition(value)
    yield from (_Item(document, number) for number in range(len(value["items"]))) if is_list else [document]


def _complaint(document: Document, fault: DefinitionFault) -> Finding:
    return SCH003.complaint(document.place(fault.path), fault.message, fault.remedy)


def take_definitions(files: Iterable[Path], groups: Collection[str]) -> list[Definition]:
    """Read files and give their definitions, in order of their names.

    Raises InputError with every complaint about every file; UsageError for a file that cannot be read, for definitions
    of several groups where nobody said which are meant (an install bundle brings dozens), and for a definition given
    twice.
    """
    found: list[Definition] = []
    with collected() as complaints:
        for file in files:
            with complaints.of_one():
                found += read_definitions(_bytes(file), str(file))
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
