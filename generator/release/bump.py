"""A bump: new tags for images of one service in one environment. One line a moving image, nothing else.

An image that has a release already is changed by splicing one scalar. The first release of a service in an environment,
and an entry that has to change its shape, are rendered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import UsageError
from generator.image import is_digest, is_own, is_tag
from generator.layout.formatting import RECORD_BLOCK
from generator.layout.overlay import overlay_folder
from generator.layout.ownership import NAME
from generator.layout.release import Record, Release, entries, own_images, recorded
from generator.layout.unit import service_unit
from generator.nearest import nearest
from generator.plan.plan import Change, change_of
from generator.release.record import record_document, records
from generator.render import render
from generator.yamlio import dump
from generator.yamlio.edit import SpliceError, splice

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
    path = f"{overlay_folder(environment, page.name)}/{NAME}"
    if path not in tree.files:
        after_all = {**current, environment: dict(asked)}
        return Bump(moves, tuple(_first_release(tree, project, page, environment, after_all)))
    registry = project.placement(page.system, environment).registry
    after = _edited(tree, page.name, environment, moves) or _rewritten(tree.files[path], registry, {**record, **asked})
    if after is None:
        raise UsageError(f"{path}: images: is not written as fairlead writes it; run `fairlead generate` first")
    change = Change(path=path, before=tree.files[path], after=after)
    return Bump(moves, (change,) if moves else ())


def _first_release(
    tree: Tree, project: Project, page: ServicePage, environment: str, after: Mapping[str, Record]
) -> Iterator[Change]:
    """Give the files of a new overlay, and of the base where there is none yet."""
    ours = (f"base/{page.name}/", overlay_folder(environment, page.name) + "/")
    for path, text in sorted(service_unit(project, page, after).files.items()):
        change = change_of(tree, path, text) if path.startswith(ours) else None
        if change is not None and change.before is not None:
            raise UsageError(f"{path} is not what its page renders; run `fairlead generate` first")
        if change is not None:
            yield change


def _edited(tree: Tree, service: str, environment: str, moves: tuple[Move, ...]) -> str | None:
    """Give the kustomization with the scalars of all moves replaced; None where a move changes an entry's shape."""
    document, _ = record_document(tree, service, environment)
    if document is None or not all(_can_splice(move) for move in moves):
        return None
    numbers = {name: number for number, name, _ in recorded(document.value)}
    data = tree.files[document.file]
    try:
        for move in moves:
            for key in ("newTag", "digest"):
                value = getattr(move.after, key)
                if value is not None:
                    data = splice(data, ("images", numbers[move.image], key), value)
    except SpliceError:
        return None
    return data.decode()


def _rewritten(data: bytes, registry: str, record: Record) -> str | None:
    """Give the kustomization with its `images:` written anew and every other byte as it was; None for another style."""
    text = data.decode()
    block = RECORD_BLOCK.search(text)
    if block is None:
        return None
    return text[: block.start()] + dump({"images": entries(record, registry, record)}) + text[block.end() :]


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
