"""Names of Applications: those that are written, and those that an ApplicationSet makes of folders and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.controller.glob import is_literal, path_match
from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.functions import normalized_name
from generator.controller.gotemplate.template import render, render_plain
from generator.findings.finding import Severity
from generator.kubernetes.values import items, mapping, text
from generator.rules.argo_examples import application
from generator.rules.argocd import blueprints, generators, is_templated
from generator.rules.repository import is_own
from generator.rules.rule import Rule
from generator.rules.taken_names import named_twice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.argocd import Generator
    from generator.rules.view import SyncedRepository


class MadeApplication(NamedTuple):
    """An Application's name, where in the object it comes from, and the folder that it syncs if that is known."""

    name: str
    path: Path
    folder: str


def made(manifest: Manifest, repository: SyncedRepository | None) -> Iterator[MadeApplication]:
    """Yield the Applications that an object is or makes; those whose name no file decides are left out.

    Other than Argo CD, which waits for a folder, this counts each folder that a set names: it may come with a release.
    """
    go = mapping(manifest.get("spec")).get("goTemplate") is True
    for blueprint in blueprints(manifest):
        path = (*blueprint.path, "metadata", "name")
        name, folder = text(blueprint.metadata.get("name")), text(mapping(blueprint.spec.get("source")).get("path"))
        if name and not is_templated(name):
            yield MadeApplication(name, path, folder)
        elif name and not blueprint.partial:
            for values in (one for generator in generators(manifest) for one in _given(generator, repository, go=go)):
                if filled := _filled(name, values, go=go):
                    yield MadeApplication(filled, path, _filled(folder, values, go=go))


def _given(generator: Generator, repository: SyncedRepository | None, *, go: bool) -> Iterator[dict[str, Any]]:
    """Yield the values of one generator, once for each Application."""
    if generator.word == "list":
        yield from (element for element in items(generator.spec.get("elements")) if isinstance(element, dict))
    if generator.word == "git" and repository is not None and is_own(generator.spec.get("repoURL"), repository):
        for folder in _directories(items(generator.spec.get("directories")), repository):
            yield _of_folder(folder, go=go)


def _of_folder(folder: str, *, go: bool) -> dict[str, Any]:
    base, segments = folder.rpartition("/")[2], folder.split("/")
    words = {"path": folder, "basename": base, "basenameNormalized": normalized_name(base)}
    if go:
        return {"path": {**words, "segments": segments}}
    plain = {f"path.{word}": value for word, value in words.items()}
    return {**plain, "path": folder, **{f"path[{number}]": part for number, part in enumerate(segments)}}


def _directories(entries: list[Any], repository: SyncedRepository) -> list[str]:
    """Return the folders that entries name, and of those that are there or promised the ones that patterns pick.

    An exclusion always wins.
    """
    picked: dict[bool, set[str]] = {False: set(), True: set()}
    for entry in entries:
        pattern = text(mapping(entry).get("path"))
        found = {pattern} if is_literal(pattern) else _matching(pattern, repository)
        picked[mapping(entry).get("exclude") is True] |= found
    return sorted(picked[False] - picked[True])


def _matching(pattern: str, repository: SyncedRepository) -> set[str]:
    return {folder for folder in repository.promised | repository.folders if path_match(pattern, folder)}


def _filled(template: str, values: dict[str, Any], *, go: bool) -> str:
    """Fill a template, the empty text where that needs a value that is not known here."""
    try:
        filled = render(template, values, ("missingkey=error",)) if go else render_plain(template, values)
    except (ExpansionError, UnsupportedError):
        return ""
    return "" if is_templated(filled) else filled


ARG001 = Rule(
    id="ARG001",
    title="Two Applications with one name",
    why="""An Application's name is its identity. A second one under a name that is taken is no second one: Argo CD
takes it for a new version of the first, syncs its objects and prunes those of the first. A new service has replaced a
production that way within three minutes. Names are `<env>-<service>`, so `dev` with `x-y` and `dev-x` with `y` are one
name. All files of the repository are looked at together, ApplicationSets expanded, whichever Argo CD reads them: an
environment may move to another one.""",
    remedy="give one of them another name",
    severity=Severity.ERROR,
    stage="repository",
    across=named_twice,
    bad=application() + "---\n" + application(source="source: {repoURL: https://git.example.com/other.git, path: .}\n"),
    good=application(),
)
