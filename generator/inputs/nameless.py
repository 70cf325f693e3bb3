"""Objects of a person's own files that have no name: kustomize builds none of what it cannot tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.rules.spec import SPC008
from generator.yamlio.stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.yamlio import Document
    from generator.yamlio.document import Path


def nameless_objects(data: bytes, file: str) -> Iterator[Finding]:
    """Yield a complaint for each object of a resource or patch without `metadata.name`.

    A file that cannot be read has none: that it is unreadable is told elsewhere. Neither has a list of objects, which
    kustomize takes apart, nor a JSON patch.
    """
    if b"generateName" not in data and b"name" in data:
        return
    documents, _ = stream(data, file)
    for document in documents:
        for path, value in _objects(document.value, ()):
            if not _metadata(value).get("name"):
                yield _nameless(document, path, value)


def _objects(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each object of a document; a list of them is none itself."""
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        return
    if isinstance(value.get("items"), list) and value["kind"].endswith("List"):
        for number, item in enumerate(value["items"]):
            yield from _objects(item, (*path, "items", number))
    else:
        yield path, value


def _metadata(value: dict[str, Any]) -> dict[str, Any]:
    metadata = value.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _nameless(document: Document, path: Path, value: dict[str, Any]) -> Finding:
    if "generateName" in _metadata(value):
        place = document.key_place((*path, "metadata", "generateName"))
        message = "kustomize cannot build an object with `generateName`: its name is made by the API server"
        return SPC008.complaint(place, message, "give it a `name`")
    place = document.place((*path, "metadata"))
    return SPC008.complaint(place, f"this {value['kind']} has no `metadata.name`", "give it a `name`")
