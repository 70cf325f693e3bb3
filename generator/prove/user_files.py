"""A person's own patches and resources: what each of them changes, at its own line. Reported, never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.credentials.tokens import token_in
from generator.findings.finding import Finding, Place
from generator.kubernetes.manifest import at, identity, show
from generator.paths import base_folder
from generator.prove.compare import ABSENT, Difference, compare
from generator.prove.compare import show as show_value
from generator.rules.proof import OWN001, PRF001
from generator.rules.reader import problem_complaint
from generator.rules.secrecy import login_in, may_be_secret
from generator.yamlio.bounds import OWN_BYTES
from generator.yamlio.read import survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.disk.tree import Tree
    from generator.kubernetes.manifest import ObjectId, Path
    from generator.layout.unit import Overlay
    from generator.model.base import Manifest
    from generator.yamlio import Document


class OwnFiles:
    """The parsed own files of one overlay, by the object that each is about."""

    def __init__(self, tree: Tree, overlay: Overlay) -> None:
        self.problems: list[Finding] = []
        self._documents: dict[ObjectId, list[Document]] = {}
        self._resources: list[Document] = []
        for name in overlay.own.names:
            # Of a copy the file that a person edits is told.
            folder = base_folder(overlay.unit) if name in overlay.own.shared else overlay.folder
            document = self._add(tree.files.get(f"{folder}/{name}", b""), f"{folder}/{name}")
            if document is not None and name in overlay.own.resources:
                self._resources.append(document)

    def _add(self, data: bytes, path: str) -> Document | None:
        document, problems = survey(data, path, OWN_BYTES, locatable=True)
        self.problems += [problem_complaint(problem, path) for problem in problems]
        if document is not None and isinstance(document.value, dict):
            self._documents.setdefault(identity(document.value), []).append(document)
        return None if problems else document

    @property
    def ids(self) -> list[ObjectId]:
        """The objects that the files are about, as they name them."""
        return list(self._documents)

    def absent(self, objects: Iterable[Manifest]) -> Iterator[Finding]:
        """Yield an error for each resource that was not built: nobody may take for granted what is not there."""
        built = {(each.get("kind"), at(each, ("metadata", "name"))) for each in objects}
        for document in self._resources:
            value = document.value if isinstance(document.value, dict) else {}
            kind, name = value.get("kind"), at(value, ("metadata", "name"))
            if not str(kind).endswith("List") and (kind, name) not in built:
                what = f"{kind} {name}" if value else "anything of it"
                message = f"kustomize builds without {what}, and says nothing"
                yield PRF001.complaint(document.place(), message, "mend the file, or take it off the list")

    def place(self, id_: ObjectId, path: Path) -> Place | None:
        """Return the place in a person's file that sets `path` of an object, or encloses it, if a file is about it."""
        documents = self._documents.get(id_, [])
        found = [place for document in documents if (place := document.place(path)).line > 1 or not path]
        return found[-1] if found else next((document.place() for document in documents), None)

    def changes(self, overlay: Overlay, alone: Sequence[Manifest], objects: Sequence[Manifest]) -> Iterator[Finding]:
        """Yield an information for every field that own files change."""
        built = {identity(manifest): manifest for manifest in objects}
        for difference in compare(alone, objects):
            hidden = _is_secret(built.get(difference.id), difference)
            place = self.place(difference.id, difference.path) or Place(overlay.page)
            yield OWN001.finding(
                remedy="",
                place=place,
                message=_change(difference, hidden=hidden),
                object=str(difference.id),
                environment=overlay.target.environment,
            )


def _change(difference: Difference, *, hidden: bool) -> str:
    if not difference.path:
        return "adds this object" if difference.wanted is ABSENT else "removes this object"
    what = f"changes {show(difference.path)}"
    return what if hidden else f"{what} from {show_value(difference.wanted)} to {show_value(difference.found)}"


def _is_secret(manifest: Manifest | None, difference: Difference) -> bool:
    """Return whether a change may hold a secret: this is printed in CI logs, and WRK021 tells of secrets in git."""
    if manifest is None or not difference.path:
        return False
    name = at(manifest, (*difference.path[:-1], "name")) if difference.path[-1] == "value" else difference.path[-1]
    values = (difference.wanted, difference.found)
    return manifest.get("kind") == "Secret" or may_be_secret(str(name)) or any(map(_holds_secret, values))


def _holds_secret(value: object) -> bool:
    text = show_value(value)
    return bool(token_in(text) or login_in(text)) or (isinstance(value, (list, dict)) and may_be_secret(text))
