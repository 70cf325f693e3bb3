"""Paths that Argo CD is told to read in the repository: those that cannot be, and those that are not there.

A rule sees no disk: `reads` gives as data what only the disk can answer, and absent.py says what to make of the answer.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from generator.findings.finding import Severity
from generator.kubernetes.values import items, mapping, text
from generator.rules.absent import absent
from generator.rules.argo_examples import REPOSITORY, application
from generator.rules.argocd import BLUEPRINTS, blueprints, generators, is_templated, sources
from generator.rules.repository import is_followed, is_own
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.argocd import SourceField
    from generator.rules.view import SyncedRepository, View

# What a read names: one folder, a pattern of folders, or a pattern of files.
Kind = Literal["folder", "folders", "files"]


class Read(NamedTuple):
    """A path or pattern that Argo CD reads, and its own path in the object."""

    path: Path
    what: str
    kind: Kind


def reads(manifest: Manifest, repository: SyncedRepository | None) -> Iterator[Read]:
    """Yield what an object of Argo CD reads in the repository itself, at the branch that is followed.

    Left out is what a generator fills in, what pages promise, and what no folder can be called.
    """
    if repository is not None:
        for read in (*_folders(manifest, repository), *_patterns(manifest, repository)):
            if read.what and not is_templated(read.what) and not _leaves(read.what):
                known = posixpath.normpath(read.what)
                if known not in repository.promised:
                    yield read._replace(what=known)


def _folders(manifest: Manifest, repository: SyncedRepository) -> Iterator[Read]:
    for blueprint in blueprints(manifest):
        for source in sources(blueprint):
            if _is_ours(source.spec, "targetRevision", repository) and not source.spec.get("chart"):
                yield Read((*source.path, "path"), text(source.spec.get("path")), "folder")


def _patterns(manifest: Manifest, repository: SyncedRepository) -> Iterator[Read]:
    kinds: dict[str, Kind] = {"directories": "folders", "files": "files"}
    for generator in generators(manifest):
        if generator.word == "git" and _is_ours(generator.spec, "revision", repository):
            for word, kind in kinds.items():
                for number, entry in enumerate(items(generator.spec.get(word))):
                    if mapping(entry).get("exclude") is not True:
                        yield Read((*generator.path, word, number, "path"), text(mapping(entry).get("path")), kind)


def _is_ours(spec: dict[Any, Any], key: str, repository: SyncedRepository) -> bool:
    return is_own(spec.get("repoURL"), repository) and is_followed(spec.get(key), repository)


def _leaves(path: str) -> bool:
    """Return whether a path leaves its repository."""
    return path.startswith("/") or posixpath.normpath(path).split("/")[0] == ".."


def _paths(manifest: Manifest, _view: View) -> Iterator[Violation]:
    for blueprint in blueprints(manifest):
        for source in sources(blueprint):
            yield from _fault(source)


def _fault(source: SourceField) -> Iterator[Violation]:
    path = text(source.spec.get("path"))
    if not path and not any(source.spec.get(word) for word in ("chart", "ref", "path")):
        yield Violation(
            path=source.path,
            message="the source has neither `path` nor `chart`: Argo CD refuses the Application",
            remedy="`path: overlays/<env>/<service>`; `path: .` is the whole repository",
        )
    elif path and not is_templated(path) and _leaves(path):
        how = "is absolute" if path.startswith("/") else "leaves the repository"
        yield Violation(
            path=(*source.path, "path"),
            message=f"the source path `{path}` {how}: Argo CD refuses the Application",
            remedy="a path from the root of the repository, without `..`",
        )


_SOURCE = f"source: {{{{repoURL: {REPOSITORY}, targetRevision: main, path: {{}}}}}}\n"

ARG006 = Rule(
    id="ARG006",
    title="Application that reads what is not there",
    why="""A source path that is misspelt, that moved or that lies outside the repository makes a ComparisonError: Argo
CD compares and syncs nothing, and shows it only to those who look. A generator whose pattern finds nothing makes no
Application, without a word. Checked are paths in this repository at the branch that Argo CD follows; an overlay
that waits for its first release counts as there.""",
    remedy="name a folder that is there",
    severity=Severity.ERROR,
    stage="object",
    check=_paths,
    across=absent,
    kinds=BLUEPRINTS,
    bad=application(source=_SOURCE.format("overlays/prod/wbe")),
    good=application(source=_SOURCE.format("overlays/prod/web")),
)
