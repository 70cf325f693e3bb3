"""A bump: new tags for images of one service in one environment. One line a moving image, nothing else.

An image that has a release already is changed by splicing its entry, whatever style that is written in; the first
release of a service in an environment is rendered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.findings.errors import InputError, UsageError
from generator.findings.finding import Place
from generator.findings.nearest import nearest
from generator.kubernetes.image import is_digest, is_tag
from generator.layout.release import Record, Release, own_images
from generator.layout.unit import service_unit
from generator.paths import NAME, overlay_folder
from generator.plan.plan import change_of
from generator.records.move import Move
from generator.records.record import RecordEntry, editable_entries, records
from generator.records.retirement import without_tombstone
from generator.release.edit import fitted, put
from generator.release.overridden import refuse_overridden
from generator.render import render
from generator.rules.proof import REL002
from generator.yamlio.edit import SpliceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage


class Bump(msgspec.Struct, frozen=True):
    """The moves of a bump and the files that they change."""

    moves: tuple[Move, ...]
    changes: tuple[Change, ...]


def changed_lines(changes: Iterable[Change]) -> tuple[int, int]:
    """Return how many lines changes add and how many they remove, as `git diff --numstat` counts them."""
    lines = [line for change in changes for line in change.diff().splitlines()[2:]]
    return sum(line.startswith("+") for line in lines), sum(line.startswith("-") for line in lines)


def release_of(tag: str | None, digest: str | None) -> Release:
    """Return the release that `--tag` and `--digest` name; raises UsageError when they name none.

    With both, the digest goes behind the tag, where Renovate still reads it.
    """
    if tag is not None and not is_tag(tag):
        raise UsageError(
            f"'{tag}' is no image tag: letters, digits, '_', '.', '-', at most 128, not starting with '.' or '-'"
        )
    if digest is not None and not is_digest(digest):
        raise UsageError(f"'{digest}' is no digest: sha256: and 64 hex digits")
    if tag is None and digest is None:
        raise UsageError("say which release: --tag TAG, --digest sha256:..., or both")
    if tag is not None and digest is not None:
        return Release(newTag=f"{tag}@{digest}")
    return Release(newTag=tag, digest=digest)


def bump(tree: Tree, project: Project, page: ServicePage, environment: str, asked: Mapping[str, Release]) -> Bump:
    """Work out the files of a bump; raises UsageError or InputError, with nothing written, when it cannot be."""
    _refuse_unknown(project, page, environment, asked)
    refuse_overridden(tree, page.name, environment)
    path = f"{overlay_folder(environment, page.name)}/{NAME}"
    if path not in tree.files:
        return _first_bump(tree, project, page, environment, asked)
    found = editable_entries(tree, page.name, environment, asked)
    registry = project.placement(page.system, environment).registry
    moves = tuple(
        Move(service=page.name, environment=environment, image=image, before=_written(entry), after=after)
        for image, release in asked.items()
        if _moves(entry := found.get(image), after := fitted(release, entry.keys if entry else ()))
    )
    data = tree.files[path]
    for move in moves:
        try:
            data = put(data, move.image, found.get(move.image), move.after, registry)
        except SpliceError as error:
            raise InputError([_unedited(path, move, found.get(move.image), error)]) from error
    change = Change(path=path, before=tree.files[path], after=data.decode())
    return Bump(moves, (change,) if moves else ())


def _written(entry: RecordEntry | None) -> Release | None:
    return entry.written if entry else None


def _moves(entry: RecordEntry | None, after: Release) -> bool:
    """Return whether a record has to change for an image to have a release; a value that is no text has to, too."""
    return entry is None or not entry.fits or entry.written.suffix != after.suffix


def _unedited(path: str, move: Move, entry: RecordEntry | None, error: SpliceError) -> Finding:
    """Return the complaint that an entry is written in a way that no edit of a line fits."""
    message = f"cannot write {move.after.suffix.lstrip(':@')} here: {error}"
    remedy = f'write the entry as `- name: {move.image}` and `newTag: "TAG"`, each on a line of its own'
    return REL002.complaint(entry.place if entry else Place(path), message, remedy)


def _first_bump(
    tree: Tree, project: Project, page: ServicePage, environment: str, asked: Mapping[str, Release]
) -> Bump:
    """Return the bump that makes an overlay, for a service that has no release in the environment."""
    after = {**records(project, tree, page), environment: dict(asked)}
    moves = tuple(
        Move(service=page.name, environment=environment, image=image, before=None, after=release)
        for image, release in asked.items()
    )
    files = _first_release(tree, project, page, environment, after)
    return Bump(moves, (*files, *without_tombstone(tree, environment, page.name)))


def _first_release(
    tree: Tree, project: Project, page: ServicePage, environment: str, after: Mapping[str, Record]
) -> Iterator[Change]:
    """Yield the files of a new overlay, and of the base where there is none yet."""
    ours = (f"base/{page.name}/", overlay_folder(environment, page.name) + "/")
    for path, text in sorted(service_unit(project, page, after).files.items()):
        change = change_of(tree, path, text) if path.startswith(ours) else None
        if change is not None and change.before is not None:
            raise UsageError(f"{path} is not what its page renders; run `fairlead generate` first")
        if change is not None:
            yield change


def _refuse_unknown(project: Project, page: ServicePage, environment: str, asked: Mapping[str, Release]) -> None:
    project.require_environment(page, environment)
    images = own_images(render(project.service(page, environment)))
    for image in asked:
        if image not in images:
            near = nearest(image, images)
            hint = (
                f"did you mean '{near}'?" if near else f"images of {page.name}: {', '.join(images) or 'none of ours'}"
            )
            raise UsageError(f"{page.name} has no image '{image}' in {environment}; {hint}")
