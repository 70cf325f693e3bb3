"""`fairlead schemas`: what editors check pages against, and what custom resources are checked against."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.change import Change
from generator.cli.common import format_option, root_option, start
from generator.disk.tree import find_root, read_file
from generator.disk.writer import write_beside
from generator.findings.answer import Answer, Part
from generator.findings.errors import UsageError
from generator.inputs.schema import exported, file_name
from generator.inputs.shapes import FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.crds.addition import DefinitionChanges

# What would become of a file -> what is wrong with it now.
_WRONG = {"added": "missing", "replaced": "not what the definition says", "removed": "of a version that is not served"}


@click.group("schemas", epilog="Example: fairlead schemas add crds/widgets.yaml")
def command() -> None:
    """Export the schemas of pages; add those of your own CRDs."""


@command.command("export", epilog="Example: fairlead schemas export --check")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a schema is not what it would become.")
@root_option
@format_option
def export(folder: Path | None, root: Path | None, *, check: bool) -> Answer:
    """Write the schema of each kind of page into DIR.

    Editors find it through the first line of a page. [default: schemas/ in the repository]
    """
    top, target = _target(folder, root)
    stale = drifted(target)
    if not check:
        _write(top, target, stale)
    return _export_answer(list(stale), check=check)


@command.command("add", epilog="Example: fairlead schemas add crds/widgets.yaml")
@click.argument("files", metavar="CRD.yaml...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--group", "groups", multiple=True, help="Take the definitions of this API group only. [repeatable]")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is not what it would become.")
@root_option
@format_option
def add(files: tuple[Path, ...], groups: tuple[str, ...], root: Path | None, *, check: bool) -> Answer:
    """Have objects of your own kinds checked: give their CustomResourceDefinitions.

    Into schemas/crds/ go a strict JSON Schema of each version that is served, for kubeconform, and the definition
    itself, for an API server. A definition that was there before is replaced.
    """
    from generator.crds.addition import addition  # YAML: 20 ms that `export` does not pay
    from generator.crds.intake import take_definitions
    from generator.disk.writer import write

    repository = find_root(start(root), str(root or "."))
    found = addition(take_definitions(files, groups), repository)
    if not check:
        write(repository, found.changes)
    return _addition_answer(found, " ".join(map(str, files)), check=check)


@command.command("list", epilog="Example: fairlead schemas list --format json")
@root_option
@format_option
def list_(root: Path | None) -> Answer:
    """List the custom kinds that there are schemas for.

    Those of the repository are marked `own`; all others come with Fairlead, and the line says from where.
    """
    from generator.crds.catalog import known_kinds  # the same
    from generator.crds.files import FOLDER
    from generator.kubernetes.packs import crd_pack

    kinds = known_kinds(find_root(start(root), str(root or ".")) / FOLDER, crd_pack())
    return Answer(
        text=lambda: [Part.of_lines(*(f"{one.api_version} {one.kind}  {one.source}" for one in kinds))],
        data=lambda: [{"apiVersion": one.api_version, "kind": one.kind, "source": one.source} for one in kinds],
    )


def drifted(folder: Path) -> dict[str, str]:
    """Return name -> text of the schemas that `folder` lacks, or holds in another state."""
    texts = {file_name(kind): exported(kind) for kind in FILES}
    return {name: text for name, text in texts.items() if _read(folder / name) != text.encode()}


def _read(path: Path) -> bytes | None:
    return read_file(path) if path.is_file() else None


def _target(folder: Path | None, root: Path | None) -> tuple[Path, Path]:
    """Return the folder to write into, behind the one below which no link is followed: the repository, if it is in one.

    A folder outside of any repository is its own.
    """
    if folder is None:
        repository = find_root(start(root), str(root or "."))
        return repository, repository / "schemas"
    target = Path(os.path.abspath(folder))  # noqa: PTH100  # a link must be seen, not followed
    with suppress(UsageError):
        repository = find_root(start(root))
        if target.is_relative_to(repository):
            return repository, target
    return target, target


def _write(top: Path, folder: Path, texts: dict[str, str]) -> None:
    names = {(folder / name).relative_to(top).as_posix(): text for name, text in texts.items()}
    write_beside(top, [Change(path=path, before=None, after=text) for path, text in names.items()])


def _export_answer(stale: list[str], *, check: bool) -> Answer:
    return Answer(
        text=lambda: [Part.of_lines(*_export_lines(stale, check=check))],
        data=lambda: {"drifted" if check else "written": stale, "unchanged": len(FILES) - len(stale)},
        exit_code=int(check and bool(stale)),
    )


def _export_lines(stale: list[str], *, check: bool) -> Iterator[str]:
    for name in stale:
        yield f"{name}:1:1: not what the model says; run `fairlead schemas export`" if check else f"wrote {name}"
    if not stale:
        yield f"nothing to do, {len(FILES)} unchanged"


def _addition_answer(found: DefinitionChanges, given: str, *, check: bool) -> Answer:
    words = {"added": found.added, "replaced": found.replaced, "removed": found.removed}
    return Answer(
        text=lambda: [Part.of_lines(*_addition_lines(found, words, given, check=check))],
        data=lambda: {**words, "unchanged": found.unchanged, "kinds": found.kinds},
        exit_code=int(check and bool(found.changes)),
    )


def _addition_lines(
    found: DefinitionChanges, words: Mapping[str, Iterable[str]], given: str, *, check: bool
) -> Iterator[str]:
    for word, paths in words.items():
        for path in paths:
            differs = f"{path}:1:1: {_WRONG[word]}; run `fairlead schemas add {given}`"
            yield differs if check else f"{word} {path}"
    if not found.changes:
        yield f"nothing to do, {found.unchanged} unchanged"
