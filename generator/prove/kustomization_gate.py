"""Is this kustomization safe to build? Read before kustomize starts, because building one can run code.

A pull request is hostile until merged: a remote `ref`, a Helm config home or a generator can each execute commands or
read files (CVE-2026-113708, CVE-2026-113709, CVE-2022-24877). So only known keys and local paths inside the repository
pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.findings.finding import Finding, Place
from generator.findings.nearest import nearest
from generator.inputs.ownannotations import annotation_of
from generator.inputs.ownfiles import own_file_complaints
from generator.rules.kustomization import KUS001, KUS002
from generator.rules.reader import problem_complaint
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.rules.rule import Rule
    from generator.yamlio import Document

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")

_ALLOWED = frozenset(
    {
        "apiVersion", "kind", "metadata", "resources", "components", "patches", "images", "labels",
        "commonAnnotations", "namespace", "namePrefix", "nameSuffix", "replicas",
    }
)  # fmt: skip
_SELECTORS = "it changes the selectors of running Deployments, which are immutable"
# Key -> the keys of its entries. kustomize reads keys without regard to case, so what is not written exactly so could
# be a second spelling of one that is looked at here (5.8.1: `includeselectors: true` changes selectors).
_ENTRY_KEYS = {
    "patches": frozenset({"path", "patch", "target", "options"}),
    "labels": frozenset({"pairs", "includeSelectors", "includeTemplates"}),
    "images": frozenset({"name", "newName", "newTag", "tagSuffix", "digest"}),
    "replicas": frozenset({"name", "count"}),
}
_TARGET_KEYS = frozenset(
    {"group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"},
)


class BuildInputs(msgspec.Struct, frozen=True):
    """What a build would read: every file of it, and what speaks against building."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]


def reach(tree: Tree, folder: str) -> BuildInputs:
    """Follow a kustomization through the tree, without running anything."""
    walk = _GateWalk(tree)
    walk.folder(folder, Place(folder))
    return BuildInputs(tuple(sorted(walk.files)), tuple(walk.findings))


class _GateWalk:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._seen: set[str] = set()
        self.files: set[str] = set()
        self.findings: list[Finding] = []

    def folder(self, folder: str, asked: Place) -> None:
        if folder in self._seen:
            return
        self._seen.add(folder)
        present = [f"{folder}/{name}" for name in NAMES if f"{folder}/{name}" in self._tree.files]
        if len(present) != 1:
            what = (
                "holds no kustomization.yaml" if not present else f"holds several kustomizations: {', '.join(present)}"
            )
            self._find(KUS001, asked, f"{folder} {what}", "keep exactly one kustomization.yaml in it")
            return
        self.files.add(present[0])
        document, problems = parse(self._tree.files[present[0]], present[0])
        self.findings += [problem_complaint(problem, present[0]) for problem in problems]
        if document is not None:
            self._kustomization(document, folder)

    def _kustomization(self, document: Document, folder: str) -> None:
        if not isinstance(document.value, dict):
            self._find(
                KUS001,
                document.place(),
                "not a mapping",
                "write a kustomization: apiVersion, kind, resources",
            )
            return
        for key in document.value:
            self._key(document, key)
        for path, target in _paths(document.value):
            self._path(document, path, target, folder)

    def _key(self, document: Document, key: str) -> None:
        place = document.key_place((key,))
        if key == "commonLabels":
            self._find(KUS002, place, f"'commonLabels': {_SELECTORS}", "use labels: with includeSelectors: false")
        elif key not in _ALLOWED:
            near = nearest(key, _ALLOWED)
            hint = f"did you mean '{near}'?" if near else f"allowed: {', '.join(sorted(_ALLOWED))}"
            self._find(
                KUS001,
                place,
                f"'{key}' is not allowed: it can run code, read files or reach the network",
                hint,
            )
        if key in _ENTRY_KEYS:
            self._entries(document, key)
        if key == "commonAnnotations" and isinstance(document.value[key], dict):
            for name in filter(annotation_of, document.value[key]):
                message = f"'{name}' is kustomize's own annotation: objects would be left out or changed"
                self._find(KUS001, document.key_place((key, name)), message, "take it out")

    def _entries(self, document: Document, key: str) -> None:
        """Look at the keys of each entry of a list; one that is no list is looked at as its only entry."""
        value = document.value[key]
        whole: list[tuple[tuple[str | int, ...], Any]] = [((key,), value)]
        for path, item in [((key, number), each) for number, each in enumerate(_items(value))] or whole:
            if not isinstance(item, dict):
                continue
            for unknown in item.keys() - _ENTRY_KEYS[key]:
                self._unknown(document, (*path, unknown), _ENTRY_KEYS[key])
            if key == "labels" and item.get("includeSelectors"):
                inner = document.key_place((*path, "includeSelectors"))
                self._find(KUS002, inner, f"'includeSelectors: true': {_SELECTORS}", "set it to false")
            if key == "patches":
                self._patch(document, path, item)

    def _patch(self, document: Document, path: tuple[str | int, ...], item: dict[str, Any]) -> None:
        target, text = item.get("target"), item.get("patch")
        for unknown in target.keys() - _TARGET_KEYS if isinstance(target, dict) else ():
            self._unknown(document, (*path, "target", unknown), _TARGET_KEYS)
        for found in own_file_complaints(text.encode(), document.file) if isinstance(text, str) else ():
            self.findings.append(msgspec.structs.replace(found, place=document.place((*path, "patch"))))

    def _unknown(self, document: Document, path: tuple[str | int, ...], known: frozenset[str]) -> None:
        near = nearest(str(path[-1]), known)
        hint = f"did you mean '{near}'?" if near else f"allowed: {', '.join(sorted(known))}"
        message = f"'{path[-1]}' is not allowed in '{path[0]}'"
        self._find(KUS001, document.key_place(path), message, hint)

    def _path(self, document: Document, path: tuple[str | int, ...], target: Any, folder: str) -> None:
        place = document.place(path)
        if not isinstance(target, str) or (reason := _foreign(target)):
            reason = "not a path" if not isinstance(target, str) else reason
            self._find(KUS001, place, f"'{target}': {reason}", "use a path inside this repository")
            return
        resolved = _resolve(folder, target)
        if resolved is None:
            self._find(
                KUS001,
                place,
                f"'{target}' leads outside the repository",
                "use a path inside this repository",
            )
        elif resolved in self._tree.files:
            self._file(resolved)
        elif any(self._tree.under(resolved)):
            self.folder(resolved, place)
        else:
            self._find(KUS001, place, f"'{target}' does not exist", "add the file, or take the entry out")

    def _file(self, path: str) -> None:
        if path not in self.files:
            self.files.add(path)
            self.findings += own_file_complaints(self._tree.files[path], path)

    def _find(self, rule: Rule, place: Place, message: str, remedy: str) -> None:
        self.findings.append(rule.complaint(place, message, remedy))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _paths(kustomization: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each entry that names a file or folder, with where it stands."""
    for key in ("resources", "components"):
        for number, target in enumerate(_items(kustomization.get(key))):
            yield (key, number), target
    for number, item in enumerate(_items(kustomization.get("patches"))):
        if isinstance(item, dict) and "path" in item:
            yield ("patches", number, "path"), item["path"]


def _foreign(target: str) -> str:
    """Return why a path is no local one, or nothing. What could be a URL, a git reference or a query is refused."""
    if target.startswith(("/", "~", "-")):
        return "not a relative path"
    if any(mark in target for mark in ("://", "//", "?", ":", "@", "\\", "\n")):
        return "looks like a remote address"
    first, slash, _ = target.partition("/")
    if slash and "." in first.strip("."):
        return "looks like a remote host"
    return ""


def _resolve(folder: str, target: str) -> str | None:
    """Resolve `target` from `folder` by components; None when it leaves the repository."""
    parts = folder.split("/")
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)
