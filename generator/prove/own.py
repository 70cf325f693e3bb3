"""A person's own patches and resources: what each of them changes, at its own line. Reported, never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.finding import Finding, Place, Severity
from generator.inputs.complaint import problem_complaint
from generator.manifest import identity, show
from generator.prove.compare import ABSENT, compare
from generator.prove.compare import show as show_value
from generator.yamlio import Document, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.layout.unit import Overlay
    from generator.manifest import ObjectId, Path
    from generator.model.base import Manifest
    from generator.tree import Tree


class OwnFiles:
    """The parsed own files of one overlay, by the object that each is about."""

    def __init__(self, tree: Tree, overlay: Overlay) -> None:
        self.problems: list[Finding] = []
        self._documents: dict[ObjectId, list[Document]] = {}
        for name in (*overlay.own.resources, *overlay.own.patches):
            self._add(tree.files.get(f"{overlay.folder}/{name}", b""), f"{overlay.folder}/{name}")

    def _add(self, data: bytes, path: str) -> None:
        document, problems = parse(data, path)
        self.problems += [problem_complaint(problem, path) for problem in problems]
        if document is not None and isinstance(document.value, dict):
            self._documents.setdefault(identity(document.value), []).append(document)

    def place(self, id_: ObjectId, path: Path) -> Place | None:
        """Give the place in a person's file that sets `path` of an object, or encloses it, if a file is about it."""
        documents = self._documents.get(id_, [])
        found = [place for document in documents if (place := document.place(path)).line > 1 or not path]
        return found[-1] if found else next((document.place() for document in documents), None)

    def changes(self, overlay: Overlay, alone: Sequence[Manifest], objects: Sequence[Manifest]) -> Iterator[Finding]:
        """Give an information for every field that own files change."""
        for difference in compare(alone, objects):
            place = self.place(difference.id, difference.path) or Place(overlay.page)
            yield Finding(
                rule="OWN001",
                severity=Severity.INFO,
                place=place,
                message=_change(difference.path, difference.wanted, difference.found),
                object=str(difference.id),
                environment=overlay.placement.environment,
            )


def _change(path: Path, before: object, after: object) -> str:
    if not path:
        return "adds this object" if before is ABSENT else "removes this object"
    return f"changes {show(path)} from {show_value(before)} to {show_value(after)}"
