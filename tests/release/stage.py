"""A repository in memory whose environments get releases, one after the other, and what is worked out from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from generator.disk.tree import Tree
from generator.history.history_reader import Lineage
from generator.history.release_history import ReleaseStep
from generator.inputs.load import load
from generator.layout.release import Release
from generator.records.record import read_record
from generator.release.bump_edit import bump
from generator.release.context import Draft, ReleaseContext
from tests.release.three import PAGES, page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.change import Change
    from generator.gates.gate import Candidate, GateRefusal
    from generator.layout.release import Record

AUTHOR = "Dev <dev@example.com>"
START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DIGEST = f"sha256:{'0123456789abcdef' * 4}"

WEB = page("web")
ORDERS = page("orders", "migrations: {image: orders-migrations}\n")


def release(text: str) -> Release:
    """Return a release from its text: a tag, `tag@digest` in one key, or `tag + digest` in two."""
    tag, plus, digest = text.partition(" + ")
    return Release(newTag=tag, digest=digest) if plus else Release(newTag=text)


class Stage:
    """A small repository with `web` (one image) and `orders` (two); every release is a commit an hour after the last.

    `more` are files that are added or replaced. `answers` are what the gates say that look at the world, `asked` who
    was brought before them; `proposed` is what a branch under review holds. Every commit says `forged` of itself, too.
    """

    def __init__(self, more: Mapping[str, str] | None = None) -> None:
        files = {path: text.encode() for path, text in (PAGES | WEB | ORDERS | dict(more or {})).items()}
        self.tree = Tree(Path("nowhere"), dict(sorted(files.items())))
        self.now = START
        self.steps: list[ReleaseStep] = []
        self.answers: list[GateRefusal] = []
        self.asked: list[Candidate] = []
        self.proposed: dict[str, bytes] = {}
        self.forged: dict[str, str] = {}

    def write(self, path: str, text: str | None) -> None:
        """Put a file there, or take it away."""
        self.tree = self.tree.after([(path, text)])

    def record(self, service: str, environment: str) -> Record | None:
        """Return what an environment runs."""
        found, unfit = read_record(self.tree, service, environment)
        assert not unfit
        return found

    def tag(self, environment: str, service: str = "web", image: str | None = None) -> str | None:
        """Return the tag that an environment has, None where the image is not released."""
        found = (self.record(service, environment) or {}).get(image or service)
        return found.newTag if found else None

    def run(self, environment: str, service: str = "web", **images: str) -> None:
        """Release into an environment by hand: `run("dev", web="1.4.2")`, a `_` in an image's name standing for `-`."""
        wanted = {image.replace("_", "-"): release(text) for image, text in images.items()}
        project = load(self.tree)
        self.apply(bump(self.tree, project, project.page(service), environment, wanted).changes)

    def commit(self, draft: Draft) -> Draft:
        """Commit a draft, as the end of a run does."""
        self.apply(draft.changes, dict(draft.trailers))
        return draft

    def apply(self, changes: tuple[Change, ...], trailers: Mapping[str, str] | None = None) -> None:
        """Commit changes and remember what they did to records."""
        names = {tuple(change.path.split("/")[1:3]) for change in changes if change.path.startswith("overlays/")}
        before = {name: self.record(name[1], name[0]) for name in names}
        self.tree = self.tree.after((change.path, change.after) for change in changes)
        for (environment, service), had in before.items():
            has = self.record(service, environment)
            if had != has:
                self.steps.append(self.step(environment, service, had, has, {**(trailers or {}), **self.forged}))
        self.now += HOUR

    def step(
        self, environment: str, service: str, before: Record | None, after: Record | None, trailers: Mapping[str, str]
    ) -> ReleaseStep:
        """Return what a commit did to a record, at this time."""
        return ReleaseStep(
            environment=environment,
            service=service,
            commit=f"{len(self.steps):040x}",
            when=self.now,
            author="Dev",
            subject="Change",
            trailers=trailers,
            before=before,
            after=after,
        )

    def lineage(self, environment: str) -> Lineage:
        """Return the commits of an environment, newest first."""
        return Lineage(self._newest_first(environment))

    def _newest_first(self, environment: str) -> Iterator[ReleaseStep]:
        return (step for step in reversed(self.steps) if step.environment == environment)

    def scene(self) -> ReleaseContext:
        """Return the present state, as an attempt sees it."""

        def guard(candidate: Candidate) -> list[GateRefusal]:
            self.asked.append(candidate)
            return self.answers

        return ReleaseContext(
            tree=self.tree,
            project=load(self.tree),
            lineage=self.lineage,
            now=self.now,
            author=lambda: AUTHOR,
            guard=guard,
            comes_after=lambda one, other: int(one, 16) > int(other, 16),
            proposed=self.proposed.get,
        )
