"""A rollback: an environment goes back to a release that it had, and stays there until somebody ends the hold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.clock.instant import format_instant
from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.history.release_history import ROLLBACK_OF, texts
from generator.history.rollbacks import good_records
from generator.kubernetes.image import is_own
from generator.layout.release import Record, own_images
from generator.release.bump_edit import bump
from generator.release.context import Draft
from generator.release.holding import HoldRequest, holding, lengthened, running
from generator.release.newer import tag_of
from generator.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.model.service import Service
    from generator.release.context import ReleaseContext
    from generator.release.newer import Unchanged

# As many tags as help to find one.
_SHOWN = 10


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: to the release with `tag` (None: to the last good one), held for `reason` and `until`."""

    service: str
    environment: str
    tag: str | None = None
    reason: str = ""
    until: datetime | None = None


class _Had(msgspec.Struct, frozen=True, kw_only=True):
    """What an environment had of the images that its page has now, and the tag that names it."""

    record: Record
    tag: str


def rollback(asked: Back, unchanged: Unchanged, scene: ReleaseContext) -> Draft:
    """Return the edit that brings an earlier release back and holds it.

    The last good release is the newest one that the environment had before, and that no rollback has left since; the
    records tell, whatever commits say of themselves. Raises UsageError when there is none, SupersededError when it runs
    something else than at the first attempt: what was to be left is not there any more.
    """
    present = running(scene, asked.service, asked.environment, unchanged, "roll back")
    page = scene.project.page(asked.service)
    images, image = _images(scene.project.service(page, asked.environment))
    left = tag_of(present, image)
    steps = scene.lineage(asked.environment).of(page.name)
    records = reversed(good_records(steps, images)) if asked.tag is None else (step.after or {} for step in steps)
    past = (had for record in records if (had := _had(record, present, images, image)) is not None)
    found = _earlier(asked, past, left)
    edit = bump(scene.tree, scene.project, page, asked.environment, found.record)
    stay = HoldRequest(
        service=page.name,
        environment=asked.environment,
        reason=asked.reason or f"rolled back from {left}",
        until=asked.until,
    )
    stay, replaced = lengthened(scene, stay)
    change = holding(scene, stay, {**present, **found.record})
    end = f"until {format_instant(stay.until)}" if stay.until else "until somebody ends it"
    held = f"{asked.environment}/{page.name} is held at {found.tag} {end}: "
    held += f"`fairlead unhold {page.name} --env {asked.environment}`"
    return Draft(
        moves=edit.moves,
        changes=(*edit.changes, *([change] if change else [])),
        notes=(held, *([replaced] if replaced else [])),
        subject=f"Roll {page.name} back in {asked.environment}: {found.tag}",
        trailers=((ROLLBACK_OF, left),),
    )


def _images(service: Service) -> tuple[tuple[str, ...], str | None]:
    """Return the images of ours in a service, and the one whose tag names its releases: its own, else the first."""
    images = own_images(render(service))
    own = service.page.image
    return images, own if own is not None and is_own(own) else next(iter(images), None)


def _had(record: Record, present: Record, images: Sequence[str], image: str | None) -> _Had | None:
    """Return a record as something to go back to; None where it is the present one in all images of the page."""
    now = texts(present)
    part = {name: record[name] for name in images if name in record}
    differs = any(now.get(name) != text for name, text in texts(part).items())
    return _Had(record=part, tag=tag_of(record, image)) if image in part and differs else None


def _earlier(asked: Back, past: Iterable[_Had], present: str) -> _Had:
    """Return what to go back to, of `past`, newest first; `present` is the tag of what is there."""
    tags: dict[str, None] = {}
    for had in past:
        if asked.tag in {None, had.tag}:
            return had
        tags[had.tag] = None
    place = f"{asked.environment}/{asked.service}"
    if asked.tag is None:
        raise UsageError(
            f"{place} has no earlier release that was not rolled back; "
            f"`fairlead history {asked.service} --env {asked.environment}` lists all, --to TAG takes one"
        )
    if asked.tag == present:
        raise UsageError(f"{place} runs {asked.tag} already; to keep it there: `fairlead hold`")
    near = nearest(asked.tag, tags)
    hint = f"did you mean '{near}'?" if near else f"it had: {', '.join(list(tags)[:_SHOWN]) or 'nothing else'}"
    raise UsageError(f"{place} never had {asked.tag}; {hint}")
