"""A bump: new tags for images of one service in one environment. One line a moving image, nothing else.

An image that has a release already is changed by splicing one scalar. The first release of a service in an environment,
and an entry that has to change its shape, are rendered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import InputError, UsageError
from generator.image import is_digest, is_own, is_tag
from generator.layout.overlay import overlay_folder
from generator.layout.ownership import NAME
from generator.layout.release import Record, Release, own_images, recorded
from generator.layout.unit import service_unit
from generator.nearest import nearest
from generator.plan.plan import Change
from generator.release.record import record_document, records
from generator.render import render
from generator.yamlio.edit import splice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.inputs.project import Project, ServicePage
    from generator.model.container import Container
    from generator.model.page import Page
    from generator.tree import Tree


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One image that moves: from which release (None: its first) to which."""

    service: str
    environment: str
    image: str
    before: Release | None
    after: Release


class Bump(msgspec.Struct, frozen=True):
    """The moves of a bump and the files that they change."""

    moves: tuple[Move, ...]
    changes: tuple[Change, ...]


def release_of(tag: str | None, digest: str | None) -> Release:
    """Give the release that `--tag` and `--digest` name; raises UsageError when they name none.

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


def moving_images(page: Page) -> tuple[str, ...]:
    """Give the images that a bump of the service moves: its own, and those that the page releases with it."""
    parts: list[Container] = [page, *page.initContainers.values(), *page.containers.values()]
    parts += [*page.jobs.values(), *page.cronJobs.values(), *([page.migrations] if page.migrations else [])]
    together = (part.image for part in parts if part is page or getattr(part, "releasedTogether", False))
    return tuple(dict.fromkeys(image for image in together if image is not None and is_own(image)))


def bump(tree: Tree, project: Project, page: ServicePage, environment: str, asked: Mapping[str, Release]) -> Bump:
    """Work out the files of a bump; raises UsageError or InputError, with nothing written, when it cannot be."""
    _refuse_unknown(project, page, environment, asked)
    current = records(project, tree, page)
    record: Record = current.get(environment, {})
    moves = tuple(
        Move(service=page.name, environment=environment, image=image, before=record.get(image), after=release)
        for image, release in asked.items()
        if record.get(image) != release
    )
    if all(_can_splice(move) for move in moves):
        return Bump(moves, tuple(_spliced(tree, page.name, environment, moves)))
    after = {**current, environment: {**record, **asked}}
    unit = service_unit(project, page, after)
    files = {path: text for path, text in unit.files.items() if _concerns(path, tree, page.name, environment)}
    changes = (Change(path=path, before=tree.files.get(path), after=text) for path, text in sorted(files.items()))
    return Bump(moves, tuple(change for change in changes if change.before != (change.after or "").encode()))


def _concerns(path: str, tree: Tree, service: str, environment: str) -> bool:
    """Say whether a bump may write this file: the overlay that is released to, and a base that is missing."""
    return path.startswith(overlay_folder(environment, service) + "/") or path not in tree.files


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


def _can_splice(move: Move) -> bool:
    before, after = move.before, move.after
    return before is not None and (before.newTag is None, before.digest is None) == (
        after.newTag is None,
        after.digest is None,
    )


def _spliced(tree: Tree, service: str, environment: str, moves: tuple[Move, ...]) -> Iterator[Change]:
    path = f"{overlay_folder(environment, service)}/{NAME}"
    document, complaints = record_document(tree, service, environment)
    if document is None:
        if complaints:
            raise InputError(complaints)
        return
    numbers = {name: number for number, name, _ in recorded(document.value)}
    data = tree.files[path]
    for move in moves:
        for key in ("newTag", "digest"):
            value = getattr(move.after, key)
            if value is not None:
                data = splice(data, ("images", numbers[move.image], key), value)
    if data != tree.files[path]:
        yield Change(path=path, before=tree.files[path], after=data.decode())
