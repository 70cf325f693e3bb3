"""One service on its way from one environment to another: what goes, whether it may, and what keeps it.

What is carried is settled at the first attempt, so that a source that moves on meanwhile changes nothing; all that it
depends on is read at every attempt.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.gates.gate import Candidate
from generator.history.release_history import PROMOTED_FROM, position, span, texts
from generator.inputs.service_page import ServicePage
from generator.kubernetes.image import is_own
from generator.layout.release import Record, own_images
from generator.release.bump_edit import bump
from generator.release.context import Draft
from generator.release.gate_check import admitted, overruling
from generator.release.newer import goes_back, goes_on, refuse_changed, releases, superseded, tag_of, was_overtaken
from generator.release.overridden import refuse_overridden
from generator.release.promotion_path import source_of, sources
from generator.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gates.gate import GateRefusal
    from generator.history.release_history import ReleaseStep
    from generator.release.bump_edit import Bump
    from generator.release.context import ReleaseContext


class ServicePromotion(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of one service: into `target`, from `source` (None: the one before it that is not `skipped`).

    `tag` names a release that the source had (None: what it has), `expected` the tag that the target must have at
    first (None: any), `overrides` are the reasons against gates.
    """

    service: str
    target: str
    tag: str | None = None
    source: str | None = None
    skipped: Collection[str] = frozenset()
    expected: str | None = None
    overrides: Mapping[str, str] = {}


class _Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What one attempt is about: the releases to carry, what the target has of the same images, and had at first."""

    page: ServicePage
    source: str
    wanted: Record
    present: Record
    first: Record


class Carrier:
    """Works out the promotion of one service again and again, and never carries anything else than at first."""

    def __init__(self, asked: ServicePromotion) -> None:
        self._asked = asked
        self._carried: Record = {}
        self._first: Record | None = None

    def draft(self, scene: ReleaseContext) -> Draft:
        """Return what is to be done in `scene`; where gates refuse, only what they say.

        Raises SupersededError when the target has something newer, UsageError for what cannot be promoted.
        """
        attempt = self._attempt(scene)
        if texts(attempt.wanted) == texts(attempt.first) == texts(attempt.present):
            place = f"{self._asked.target}/{self._asked.service}"
            return Draft(notes=(f"{place} has {releases(attempt.wanted)} already, as {attempt.source} has",))
        if self._is_superseded(scene, attempt):
            raise superseded(self._asked.service, self._asked.target, attempt.present)
        edit = bump(scene.tree, scene.project, attempt.page, self._asked.target, attempt.wanted)
        standing, used = self._gated(scene, attempt, edit)
        if standing:
            return Draft(waiting=tuple(standing))
        asked = self._asked
        end, overrides = overruling(scene.tree, asked.target, asked.service, used, asked.overrides)
        trailers = ((PROMOTED_FROM, attempt.source), *overrides)
        return Draft(moves=edit.moves, changes=(*edit.changes, *end), used=tuple(used), trailers=trailers)

    def _attempt(self, scene: ReleaseContext) -> _Attempt:
        asked, page = self._asked, scene.project.page(self._asked.service)
        source = source_of(scene.project, page, asked.target, asked.source, asked.skipped)
        for environment in (source, asked.target):
            refuse_overridden(scene.tree, page.name, environment)
        present = scene.record(page.name, asked.target) or {}
        if self._first is None:
            self._refuse_unexpected(scene, page, present)
            self._carried, self._first = self._releases(scene, page, source), present
        images = own_images(render(scene.project.service(page, asked.target)))
        wanted = _of(self._carried, images)
        if self._carried and not wanted:
            had, has = ", ".join(self._carried), ", ".join(images) or "none of ours"
            raise UsageError(
                f"{page.name} has other images in {asked.target} ({has}) than in {source} ({had}): "
                "use `fairlead bump` to release into it"
            )
        return _Attempt(
            page=page, source=source, wanted=wanted, present=_of(present, wanted), first=_of(self._first, wanted)
        )

    def _refuse_unexpected(self, scene: ReleaseContext, page: ServicePage, present: Record) -> None:
        if self._asked.expected is not None:
            image = _naming_image(scene, page, self._asked.target, "--expect")
            refuse_changed(f"{self._asked.target}/{page.name}", self._asked.expected, tag_of(present, image))

    def _releases(self, scene: ReleaseContext, page: ServicePage, source: str) -> Record:
        """Return the releases to carry: what the source has, or had when it last got the tag that was asked for."""
        record, tag = scene.record(page.name, source), self._asked.tag
        if record is None:
            raise UsageError(f"{page.name} is not released in {source}: there is nothing to promote")
        if tag is None:
            return record
        image = _naming_image(scene, page, source, f"{page.name}={tag}")
        tags = set()
        for had in self._had(scene, source):
            tags.add(tag_of(had, image))
            if image in had and tag_of(had, image) == tag:
                return had
        near = nearest(tag, tags)
        hint = f"; did you mean '{near}'?" if near else f"; `fairlead history {page.name} --env {source}` lists them"
        raise UsageError(f"{source} never ran {tag} of {page.name}{hint}")

    def _had(self, scene: ReleaseContext, source: str) -> Iterator[Record]:
        return (step.after for step in scene.lineage(source).of(self._asked.service) if step.after is not None)

    def _is_superseded(self, scene: ReleaseContext, attempt: _Attempt) -> bool:
        """Return whether the target has something newer, or got something since the first attempt that is no older."""

        def steps() -> Iterator[ReleaseStep]:
            return scene.lineage(attempt.source).of(self._asked.service)

        def own() -> Iterator[ReleaseStep]:
            return scene.lineage(self._asked.target).of(self._asked.service)

        if texts(attempt.present) == texts(attempt.first):
            if self._asked.expected is not None:  # whoever asks has seen what is there
                return goes_back(steps, attempt.wanted, attempt.present)
            back = goes_back(steps, attempt.wanted, attempt.present)
            return back or was_overtaken(
                steps, own, attempt.wanted, attempt.present, scene.comes_after, partial(self._ran_before, scene)
            )
        if self._asked.expected is not None or not attempt.present:
            return True
        is_there = texts(attempt.present) == texts(attempt.wanted)
        return is_there or not goes_on(steps, attempt.wanted, attempt.present)

    def _ran_before(self, scene: ReleaseContext, record: Record) -> bool:
        """Return whether any environment before the target ever had a record, those that were skipped too."""
        page = scene.project.page(self._asked.service)
        before = sources(scene.project, page, self._asked.target, frozenset())
        return any(position(scene.lineage(place).of(page.name), record) is not None for place in before)

    def _gated(
        self, scene: ReleaseContext, attempt: _Attempt, edit: Bump
    ) -> tuple[list[GateRefusal], list[GateRefusal]]:
        """Return the gates that refuse, and those that were overridden."""
        asked = self._asked
        candidate = Candidate(
            environment=asked.target,
            service=asked.service,
            source=attempt.source,
            moves=edit.moves,
            stay=span(scene.lineage(attempt.source).of(asked.service), attempt.wanted),
            hold=scene.hold(asked.service, asked.target),
        )
        return admitted(scene, candidate, asked.overrides)


def _of(record: Record, images: Collection[str]) -> Record:
    """Return the part of a record that is about `images`."""
    return {image: record[image] for image in images if image in record}


def _naming_image(scene: ReleaseContext, page: ServicePage, environment: str, asked: str) -> str:
    """Return the image whose tag names a service's releases; raises UsageError where it is none of ours."""
    image = scene.project.service(page, environment).page.image
    if image is None or not is_own(image):
        raise UsageError(f"{asked}: {page.name} has no image of its own in {environment}, so no tag names its releases")
    return image
