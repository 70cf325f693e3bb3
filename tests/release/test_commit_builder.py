"""From a draft to a commit: what is proven, and what is said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from generator.findings.errors import InputError, UnprovenError
from generator.findings.finding import Finding, Place, Severity
from generator.findings.progress import Silent
from generator.prove.release_proof import MoveProver, Proven
from generator.release.commit_builder import Proposer
from generator.release.context import Draft
from generator.release.holding import HoldRequest, hold
from generator.release.newer import Unchanged
from generator.release.promote import Promoter, PromotionRequest
from tests.release.stage import AUTHOR, Stage
from tests.release.three import path, record, three

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.release.context import ReleaseContext
    from generator.repo.clone import Clone
    from tests.repo.story import Story


class Remote:
    """Stands for a remote: where the GitOps repository is in it."""

    prefix = ""


class Copy:
    """Stands for a clone: a repository in memory, and commits in a real one."""

    remote = Remote()

    def __init__(self, stage: Stage, story: Story) -> None:
        self.stage = stage
        self.git = self
        self.read = story.reader()
        self.root = Path()

    def tree(self) -> Any:
        """Return the files."""
        return self.stage.tree

    def author(self) -> str:
        """Return who commits."""
        return AUTHOR

    def comes_after(self, _one: str, _other: str) -> bool:
        """No commit comes after another one."""
        return False

    def proposed(self, _: str) -> None:
        """There is no other branch."""


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Return a clone in which web 2 waits for prod, and orders has a history of its own."""
    story = three(tmp_path)
    stage = Stage()
    for environment, tag in (("staging", "1"), ("prod", "1"), ("staging", "2")):
        stage.run(environment, web=tag)
        story.commit({path(environment): record(web=tag), path(environment, "orders"): record(orders=tag)})
    return Copy(stage, story)


@pytest.fixture
def proven(monkeypatch: pytest.MonkeyPatch) -> list[Proven]:
    """Let the proof say what the list holds, and remember what was proven by leaving it there."""
    answers: list[Proven] = []

    def prove(*_: object) -> Proven:
        return answers[-1]

    monkeypatch.setattr(MoveProver, "prove", prove)
    return answers


def proposer(work: Callable[[ReleaseContext], Draft], *names: str) -> Proposer:
    """Return what proposes."""
    return Proposer(work, names or None, Silent(), dry_run=False)


def promotion() -> Callable[[ReleaseContext], Draft]:
    """Return the work of a promotion."""
    return Promoter(PromotionRequest(services={"web": None}, target="prod")).draft


def test_a_proven_draft_becomes_a_commit(copy: Copy, proven: list[Proven]) -> None:
    """Its moves are the body of the message."""
    proven.append(Proven(difference="--- a\n"))
    proposing = proposer(promotion(), "web")
    commit = proposing(cast("Clone", copy))

    assert commit is not None
    assert commit.message("7") == (
        "Promote web to prod: 2\n\nprod/web: web 1 -> 2\n\nPromoted-From: staging\nPromotion-Id: 7\n"
    )
    assert [change.path for change in commit.changes] == [path("prod")]
    assert (proposing.draft.subject, proposing.proven.difference) == ("Promote web to prod: 2", "--- a\n")


def test_what_is_not_proven_is_no_commit(copy: Copy, proven: list[Proven]) -> None:
    """It ends with the findings, and exit code 1."""
    finding = Finding(rule="DIF005", severity=Severity.ERROR, place=Place("a"), message="b", remedy="c")
    proven.append(Proven(findings=(finding,)))
    with pytest.raises(UnprovenError) as error:
        proposer(promotion(), "web")(cast("Clone", copy))
    assert (error.value.exit_code, error.value.complaints) == (1, (finding,))


def test_what_moves_nothing_needs_no_proof(copy: Copy, proven: list[Proven]) -> None:
    """A hold changes no object; asking the proof would fail here."""
    stay = HoldRequest(service="web", environment="prod", reason="load test")
    commit = proposer(lambda scene: hold(stay, Unchanged(), scene), "web")(cast("Clone", copy))

    assert proven == []
    assert commit is not None
    assert commit.message("7") == "Hold web in prod: load test\n\nPromotion-Id: 7\n"


def test_where_nothing_changes_there_is_no_commit(copy: Copy) -> None:
    """Neither is there something to prove, also where an earlier attempt had both."""
    proposing = proposer(lambda _: Draft(subject="Nothing"), "web")
    proposing.proven = Proven(difference="--- a\n")
    assert proposing(cast("Clone", copy)) is None
    assert (proposing.draft.subject, proposing.proven) == ("Nothing", Proven())


def test_only_the_pages_of_named_services_are_read(copy: Copy) -> None:
    """A broken one elsewhere stops nothing; where all are meant, it does."""
    copy.stage.write("services/orders.yaml", "image: [\n")
    assert proposer(lambda _: Draft(), "web")(cast("Clone", copy)) is None
    with pytest.raises(InputError, match=r"services/orders\.yaml"):
        proposer(lambda _: Draft())(cast("Clone", copy))


@pytest.mark.parametrize(("names", "known"), [(("web",), 0), ((), 2)], ids=["named", "all"])
def test_only_the_history_of_named_services_is_read(copy: Copy, names: tuple[str, ...], known: int) -> None:
    """Contents of old commits come over the network."""
    seen: list[ReleaseContext] = []
    proposer(lambda scene: seen.append(scene) or Draft(), *names)(cast("Clone", copy))  # type: ignore[func-returns-value]

    assert len(list(seen[0].lineage("staging").of("web"))) == 2
    assert len(list(seen[0].lineage("staging").of("orders"))) == known
    assert seen[0].lineage("staging") is seen[0].lineage("staging")
