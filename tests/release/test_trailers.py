"""Trailers steer nothing: whatever commits say of themselves, the records decide."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.findings.errors import FairleadError, SupersededError
from generator.release.bump_push import Bumper
from generator.release.bump_request import BumpRequest as Bumped
from generator.release.holding import HoldRequest, hold, unhold
from generator.release.newer import Unchanged
from generator.release.promote import Promoter, PromotionRequest
from generator.release.rollback import Back, rollback
from tests.examples import examples
from tests.release.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.release.context import Draft, ReleaseContext

HELD = "overlays/prod/web/hold.yaml"


def back(scene: ReleaseContext, tag: str | None = None) -> Draft:
    """Roll web back in prod."""
    return rollback(Back(service="web", environment="prod", tag=tag), Unchanged(), scene)


def promote(scene: ReleaseContext, tag: str | None = None) -> Draft:
    """Promote web to prod."""
    return Promoter(PromotionRequest(services={"web": tag}, target="prod")).draft(scene)


def bump(scene: ReleaseContext, tag: str) -> Draft:
    """Bump web in prod."""
    return Bumper(Bumped(services={"web": tag}, environment="prod")).draft(scene)


def keep(scene: ReleaseContext) -> Draft:
    """Hold web in prod."""
    return hold(HoldRequest(service="web", environment="prod", reason="audit"), Unchanged(), scene)


@pytest.mark.parametrize("forged", [{}, {"Rollback-Of": "2"}, {"Rollback-Of": "1\n2\n3"}, {"Promoted-From": "dev"}])
def test_a_merged_commit_cannot_say_which_release_is_bad(forged: dict[str, str]) -> None:
    """The last good one is that before, and not the one that the trailer leaves over."""
    stage = Stage()
    stage.forged = forged
    for tag in ("1", "2", "3"):
        stage.run("prod", web=tag)
    stage.commit(back(stage.scene()))
    assert stage.tag("prod") == "2"


def test_a_rollback_whose_trailer_was_lost_is_a_rollback() -> None:
    """A squash merge writes a message of its own; a second rollback must not offer what the first one left."""
    stage = Stage()
    for tag in ("1", "2", "3"):
        stage.run("prod", web=tag)
    stage.apply(back(stage.scene()).changes)  # as squashed: no trailer
    stage.write(HELD, None)
    stage.commit(back(stage.scene()))
    assert stage.tag("prod") == "1"


def test_going_back_by_hand_is_a_rollback_too() -> None:
    """A `git revert` has no trailer at all."""
    stage = Stage()
    for tag in ("1", "2", "3", "2"):
        stage.run("prod", web=tag)
    stage.commit(back(stage.scene()))
    assert stage.tag("prod") == "1"


def test_a_hotfix_that_calls_itself_a_rollback_is_no_less_a_hotfix() -> None:
    """What is older in staging must not replace it."""
    stage = Stage()
    stage.run("prod", web="1")
    stage.run("staging", web="2")
    stage.forged = {"Rollback-Of": "1"}
    stage.run("prod", web="hotfix")
    with pytest.raises(SupersededError, match="prod/web has web hotfix"):
        promote(stage.scene())


def test_what_prod_began_with_does_not_become_a_hotfix_by_calling_itself_promoted() -> None:
    """No environment before it ever had that release."""
    stage = Stage()
    stage.run("staging", web="2")
    stage.forged = {"Promoted-From": "staging"}
    stage.run("prod", web="1")
    stage.commit(promote(stage.scene()))
    assert stage.tag("prod") == "2"


def test_a_first_release_that_skipped_staging_is_not_replaced_by_what_staging_had_before() -> None:
    """The records of dev say where it came from, also when a squash merge lost the trailer."""
    stage = Stage()
    stage.run("staging", web="1")
    stage.run("dev", web="2")
    stage.run("prod", web="2")
    with pytest.raises(SupersededError, match="prod/web has web 2"):
        promote(stage.scene())


# What holds for any history

_TAGS = st.sampled_from(["1", "2", "3", "1.0.3"])
_ACTS: st.SearchStrategy[Callable[[ReleaseContext], Draft]] = st.one_of(
    st.builds(lambda tag: partial(bump, tag=tag), _TAGS),
    st.builds(lambda tag: partial(promote, tag=tag), st.none() | _TAGS),
    st.builds(lambda tag: partial(back, tag=tag), st.none() | _TAGS),
    st.just(keep),
    st.just(lambda scene: unhold("web", "prod", Unchanged(), scene)),
)
_HANDS = st.tuples(st.sampled_from(["dev", "staging", "prod"]), _TAGS)
_KEYS = ("Rollback-Of", "Promoted-From", "Promotion-Id", "Gate-Override", "Source-Commit", "Hold", "Expect")
_FORGED = st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(["1", "2\n3", "1.0.3", "staging", "hold: agreed"]))


@settings(max_examples=examples(80), deadline=None)
@given(acts=st.lists(st.one_of(_ACTS, _HANDS), min_size=3, max_size=12), words=st.lists(_FORGED, min_size=12))
def test_no_trailer_changes_what_any_verb_does(
    acts: list[Callable[[ReleaseContext], Draft] | tuple[str, str]], words: list[dict[str, str]]
) -> None:
    """Two repositories with the same records, and commits that say of themselves what they like: the same is done."""
    plain, forged = Stage(), Stage()
    for act, said in zip(acts, words, strict=False):
        forged.forged = said
        assert done(plain, act) == done(forged, act)
        assert plain.tree.files == forged.tree.files


def done(stage: Stage, act: Callable[[ReleaseContext], Draft] | tuple[str, str]) -> str:
    """Do it, and give what it says."""
    if isinstance(act, tuple):
        environment, tag = act
        if stage.tag(environment) != tag:
            stage.run(environment, web=tag)
        return ""
    try:
        draft = stage.commit(act(stage.scene()))
    except FairleadError as error:
        return str(error)
    return f"{draft.subject} {draft.moves} {draft.notes}"
