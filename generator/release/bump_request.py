"""A bump as somebody asks for it: which services get which release, and what keeps them from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import InputError, SupersededError, UsageError
from generator.gates.checks import tag_of
from generator.gates.gate import Candidate, GateError, GateRefusal
from generator.kubernetes.image import is_own
from generator.layout.release import moving_images
from generator.model.page import Page
from generator.paths import NAME, overlay_folder
from generator.records.hold import held_text, read_hold
from generator.records.record import editable_entries
from generator.release.bump_edit import Bump, bump, release_of
from generator.release.context import Draft, together
from generator.release.gate_check import admitted_here, overruling
from generator.release.newer import refuse_changed
from generator.release.tag_order import newer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from generator.layout.release import Release
    from generator.records.move import Move

# The name by which an older tag is let through; the gates have names of their own.
ORDER = "tagOrder"

# Gates that refuse, and those that were overridden.
Verdict = tuple[list[GateRefusal], list[GateRefusal]]


class BumpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: services (with a tag of their own, None: `tag`) get a release in `environment`.

    `images` (`NAME` or `NAME=TAG`) narrow it to images of the pages. `expected` are the tags that services must have
    now (a digest, or `none`, do too), `overrides` the reasons against gates and the order of tags.
    """

    services: Mapping[str, str | None]
    environment: str
    tag: str | None = None
    digest: str | None = None
    images: tuple[str, ...] = ()
    expected: Mapping[str, str] = {}
    overrides: Mapping[str, str] = {}


def services_of(arguments: Sequence[str]) -> dict[str, str | None]:
    """Read `SERVICE[=TAG]` arguments; raises UsageError for a service that is named twice."""
    found: dict[str, str | None] = {}
    for argument in arguments:
        name, equals, tag = argument.partition("=")
        if name in found:
            raise UsageError(f"{name} is named twice; which release does it get?")
        found[name] = tag if equals else None
    return found


class ServiceBump(msgspec.Struct, frozen=True):
    """The part of one service before its gates are asked: its page, merged for the environment, and what changes."""

    name: str
    page: Page
    edit: Bump


def bumped(asked: BumpRequest, tree: Tree, project: Project, now: datetime) -> Draft:
    """Work out what is to be done in a working tree, at `now`; raises what `join_services` and `edit_service` raise."""
    refuse_contradictions(asked)
    return join_services(asked, [_bumped_here(asked, tree, project, name, now) for name in asked.services])


def _bumped_here(asked: BumpRequest, tree: Tree, project: Project, name: str, now: datetime) -> Draft:
    """Return the part of one service, with the gates asked that are about the working tree."""
    bump = edit_service(asked, tree, project, name)
    hold, unfit = read_hold(tree, asked.environment, name)
    if unfit:
        raise InputError(unfit)
    candidate = Candidate(environment=asked.environment, service=name, moves=bump.edit.moves, hold=hold)
    return draft_service(asked, tree, bump, admitted_here(project, candidate, gate_reasons(asked), now))


def refuse_contradictions(asked: BumpRequest) -> None:
    """Raise UsageError for a request that contradicts itself."""
    if asked.tag is not None and all(tag is not None for tag in asked.services.values()):
        raise UsageError(f"--tag {asked.tag}: every service has a tag of its own, so nothing would get this one")
    unknown = [name for name in asked.expected if name not in asked.services]
    if unknown:
        raise UsageError(f"--expect {unknown[0]}=...: the bump is not about {unknown[0]}")


def gate_reasons(asked: BumpRequest) -> dict[str, str]:
    """Return the reasons against gates alone; the order of tags is no gate."""
    return {gate: reason for gate, reason in asked.overrides.items() if gate != ORDER}


def edit_service(asked: BumpRequest, tree: Tree, project: Project, name: str) -> ServiceBump:
    """Edit the release record of one service.

    Raises SupersededError for a present release that was not expected, UsageError and InputError for what cannot be
    bumped.
    """
    page = project.page(name)
    project.require_environment(page, asked.environment)
    merged = project.service(page, asked.environment).page
    if name in asked.expected:
        _refuse_unexpected(asked, tree, name, merged.image)
    return ServiceBump(name, merged, bump(tree, project, page, asked.environment, _releases(asked, name, merged)))


def draft_service(asked: BumpRequest, tree: Tree, bump: ServiceBump, verdict: Verdict) -> Draft:
    """Return the part of one service with what its gates said; raises SupersededError for a tag that is older."""
    standing, used = verdict
    edit, merged = bump.edit, bump.page
    older = [refusal for move in edit.moves if (refusal := _older(move, merged)) is not None]
    if older and ORDER not in asked.overrides:
        first = older[0]
        raise SupersededError(f"superseded: {first.environment}/{first.service}: {first.message}; {first.remedy}")
    passed = (*used, *older)
    end, trailers = overruling(tree, asked.environment, bump.name, passed, asked.overrides)
    return Draft(
        moves=edit.moves,
        changes=(*edit.changes, *end),
        waiting=tuple(standing),
        used=passed,
        notes=tuple(note for move in edit.moves if (note := _undecided(move, merged))),
        trailers=trailers,
    )


def join_services(asked: BumpRequest, parts: Iterable[Draft]) -> Draft:
    """Return the parts of all services as one; raises GateError where gates refuse any of them."""
    found = together(tuple(parts), partial(_subject, asked.environment))
    if found.waiting:
        raise GateError(found.waiting)
    return found


def _releases(asked: BumpRequest, name: str, page: Page) -> dict[str, Release]:
    """Return the release that each moving image of a service gets; raises UsageError where none is named."""
    named = {image.partition("=")[0]: image.partition("=")[2] for image in asked.images}
    own = [image for image, tag in named.items() if not tag]
    releases = {image: release_of(tag, None) for image, tag in named.items() if tag}
    tag = asked.services[name]
    tag = asked.tag if tag is None else tag
    if own or (tag, asked.digest) != (None, None) or not releases:
        moving = own or moving_images(page)
        if asked.digest is not None and len(moving) > 1:
            raise UsageError(
                f"one digest cannot be that of {' and '.join(moving)}; name one with --image, the others later"
            )
        releases |= {image: release_of(tag, asked.digest) for image in moving if image not in releases}
    if not releases:
        raise UsageError(f"{name} has no image of ours; name one with --image")
    return releases


def _refuse_unexpected(asked: BumpRequest, tree: Tree, name: str, image: str | None) -> None:
    """Raise SupersededError unless the service's own image has the release that was expected."""
    if image is None or not is_own(image):
        raise UsageError(f"--expect: {name} has no image of its own, so there is no tag to expect")
    present = _present(tree, name, asked.environment, image)
    texts = {tag_of(present), held_text(present).rpartition("@")[2]} if present else {"none"}
    if asked.expected[name] not in texts:
        found = held_text(present) if present else "none"
        refuse_changed(f"{asked.environment}/{name}", asked.expected[name], found)


def _present(tree: Tree, name: str, environment: str, image: str) -> Release | None:
    """Return the release that an image has now."""
    if f"{overlay_folder(environment, name)}/{NAME}" not in tree.files:
        return None
    entry = editable_entries(tree, name, environment, [image]).get(image)
    return entry.written if entry else None


def _older(move: Move, page: Page) -> GateRefusal | None:
    """Return the refusal of a move to a tag that the page's `tagOrder` calls older than the present one."""
    tags = _compared(move, page)
    if page.tagOrder is None or tags is None or not newer(page.tagOrder, tags[0], tags[1]):
        return None
    return GateRefusal(
        gate=ORDER,
        service=move.service,
        environment=move.environment,
        message=f"{move.image} has {tags[0]}, and {tags[1]} is older (tagOrder: {page.tagOrder}); nothing was written",
        remedy=f"to go back on purpose: `fairlead rollback {move.service} --env {move.environment}`",
    )


def _undecided(move: Move, page: Page) -> str:
    """Return the words for tags whose order nobody knows, nothing where it is known or not asked."""
    tags = _compared(move, page)
    if page.tagOrder is None or tags is None or newer(page.tagOrder, *tags) is not None:
        return ""
    place = f"{move.environment}/{move.service}"
    return f"{place}: which of {tags[0]} and {tags[1]} is newer, tagOrder: {page.tagOrder} cannot tell"


def _compared(move: Move, page: Page) -> tuple[str, str] | None:
    """Return the present and the new tag of an image that moves with the service, None where they are not two tags."""
    if move.before is None or move.image not in moving_images(page):
        return None
    present, candidate = tag_of(move.before), tag_of(move.after)
    return (present, candidate) if present and candidate and present != candidate else None


def _subject(environment: str, moves: Sequence[Move]) -> str:
    """Return the first line of a commit: what moves where."""
    services = list(dict.fromkeys(move.service for move in moves))
    if len(services) != 1:
        return f"Bump {len(services)} services in {environment}"
    return f"Bump {services[0]} in {environment}: {held_text(moves[0].after)}"
