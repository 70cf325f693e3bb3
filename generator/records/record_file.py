"""Read a small file that fairlead itself keeps in the repository, beside pages and renderings: a hold, a tombstone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from generator.findings.errors import UsageError
from generator.rules.reader import problem_complaint
from generator.yamlio import parse
from generator.yamlio.walk import find_forbidden

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.yamlio import Document

Shape = TypeVar("Shape", bound=msgspec.Struct)


def read_sidefile(tree: Tree, path: str, shape: type[Shape]) -> tuple[tuple[Document, Shape] | None, list[Finding]]:
    """Return what stands at `path` with its document (None: nothing, or nothing readable) and the complaints."""
    if path not in tree.files:
        return None, []
    document, problems = parse(tree.files[path], path)
    if document is None:
        return None, [problem_complaint(problem, path) for problem in problems]
    try:
        return (document, msgspec.convert(document.value, shape)), []
    except msgspec.ValidationError as error:
        from generator.inputs.schema_errors import misfits  # 90 ms that a good file does not pay

        return None, misfits(document.value, shape, document, str(error))


def require_readable(words: Mapping[str, str]) -> None:
    """Raise UsageError when a text (by what the user knows it as) could be written but, holding this, not be read."""
    for name, text in words.items():
        for found in find_forbidden(text):
            code = f"U+{ord(found[0]):04X}"
            raise UsageError(f"{name} holds {code}, a control, bidirectional or invisible character: leave it out")
