"""From the bytes of a file to the definitions in it, or every complaint about it, each at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.complaint import complaint, problem_complaint
from generator.crds.definition import definition, faults, is_definition
from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.yamlio.document import Document
from generator.yamlio.stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.crds.definition import Definition, DefinitionFault
    from generator.findings.finding import Finding

_UNUSABLE = "SCH003"


def read(data: bytes, file: str) -> list[Definition]:
    """Return the definitions of a file, those in a List (as `kubectl get crd -o yaml` gives them) too.

    Raises InputError with every complaint when the file is no YAML, holds no definition, or holds something else.
    """
    documents, problems = stream(data, file)
    found = [problem_complaint(problem, file) for problem in problems]
    if not documents and not found:
        found.append(complaint(_UNUSABLE, Place(file), "the file is empty", "give files that hold definitions"))
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
    return complaint(_UNUSABLE, document.place(fault.path), fault.message, fault.remedy)
