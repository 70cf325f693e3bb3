"""Which release is newer: as an earlier environment got them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import SupersededError
from generator.layout.release import Release
from generator.release.newer import (
    Unchanged,
    goes_back,
    goes_on,
    refuse_changed,
    releases,
    superseded,
    tag_of,
)
from tests.release.stage import DIGEST, Stage, release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.history.release_history import ReleaseStep
    from generator.layout.release import Record


def record(**images: str) -> Record:
    """Return a record."""
    return {image: release(text) for image, text in images.items()}


def had(*records: Record) -> Callable[[], Iterator[ReleaseStep]]:
    """Return the steps of an environment that had these, the oldest first."""
    stage = Stage()
    before = None
    for each in records:
        stage.steps.append(stage.step("dev", "web", before, each, {}))
        before = each
    return lambda: stage.lineage("dev").of("web")


@pytest.mark.parametrize(
    ("found", "named"),
    [
        (Release(newTag="1.4.2"), "1.4.2"),
        (Release(newTag=f"1.4.2@{DIGEST}"), "1.4.2"),
        (Release(newTag="1.4.2", digest=DIGEST), "1.4.2"),
        (Release(digest=DIGEST), DIGEST),
    ],
)
def test_a_release_is_named_by_its_tag_and_without_one_by_its_digest(found: Release, named: str) -> None:
    """However it is written."""
    assert tag_of({"web": found}, "web") == named


@pytest.mark.parametrize("image", ["api", None])
def test_an_image_without_a_release_is_none(image: str | None) -> None:
    """As `--expect none` says it."""
    assert tag_of(record(web="1"), image) == "none"


def test_releases_are_named_as_people_write_them() -> None:
    """Image and tag, all of them."""
    assert releases(record(web="1", api=f"2@{DIGEST}")) == f"web 1, api 2@{DIGEST}"


def test_what_the_environment_got_later_is_newer() -> None:
    """Neither the tag nor a clock says so."""
    steps = had(record(web="9"), record(web="1"))

    assert goes_back(steps, record(web="9"), record(web="1"))
    assert not goes_back(steps, record(web="1"), record(web="9"))
    assert goes_on(steps, record(web="1"), record(web="9"))
    assert not goes_on(steps, record(web="9"), record(web="1"))


def test_what_came_back_counts_from_when_it_came_back() -> None:
    """A release that was rolled back to is the newest one."""
    steps = had(record(web="1"), record(web="2"), record(web="1"))
    assert goes_back(steps, record(web="2"), record(web="1"))


def test_one_image_that_would_go_back_is_enough() -> None:
    """The others may be newer, or nobody knows them."""
    steps = had(record(web="1", job="1"), record(web="2", job="1"), record(web="2", job="2"))

    assert goes_back(steps, record(web="1", job="2"), record(web="2", job="1"))
    assert goes_back(steps, record(web="1", job="1"), record(web="2", job="hotfix"))
    assert not goes_on(steps, record(web="2", job="2"), record(web="1", job="hotfix"))


@pytest.mark.parametrize(("wanted", "present"), [("1", "hotfix"), ("hotfix", "1")])
def test_what_the_environment_never_had_is_neither_older_nor_newer(wanted: str, present: str) -> None:
    """So it goes neither back nor on."""
    steps = had(record(web="1"), record(web="2"))

    assert not goes_back(steps, record(web=wanted), record(web=present))
    assert not goes_on(steps, record(web=wanted), record(web=present))


def test_only_images_of_both_are_compared() -> None:
    """One that is new in the target, or that only the target has, has no order."""
    steps = had(record(web="1"), record(web="2"))

    assert not goes_back(steps, record(web="2", job="1"), record(api="7"))
    assert goes_on(steps, record(web="2", job="1"), record(web="2", api="7"))


def test_two_spellings_of_one_release_are_the_same() -> None:
    """Tag and digest in one key, or in two."""
    steps = had(record(web=f"1@{DIGEST}"), record(web="2"), record(web=f"1 + {DIGEST}"))

    assert not goes_back(steps, record(web=f"1 + {DIGEST}"), record(web=f"1@{DIGEST}"))
    assert goes_back(steps, record(web="2"), record(web=f"1@{DIGEST}"))


def test_no_more_is_read_than_has_to_be() -> None:
    """Contents of old commits come over the network: a promotion of the newest release reads one step."""
    read = []

    def steps() -> Iterator[ReleaseStep]:
        for step in had(record(web="1"), record(web="2"), record(web="3"))():
            read.append(step)
            yield step

    goes_back(steps, record(web="3"), record(web="1"))
    assert len(read) == 1


def test_a_place_that_has_what_is_expected_passes() -> None:
    """Nothing is said then."""
    refuse_changed("prod/web", "1", "1")


def test_a_place_that_has_something_else_is_superseded() -> None:
    """Both are named, and that nothing was done."""
    with pytest.raises(SupersededError, match=r"^superseded: prod/web runs 2, not 1; nothing was written$"):
        refuse_changed("prod/web", "1", "2")


def test_a_run_holds_on_to_what_it_saw_first() -> None:
    """At every attempt it has to be that."""
    unchanged = Unchanged()
    unchanged.require("1", "it was {}".format)
    unchanged.require("1", "it was {}".format)
    with pytest.raises(SupersededError, match=r"^superseded: it was 1; nothing was written$"):
        unchanged.require("2", "it was {}".format)


def test_a_superseded_promotion_says_what_is_there_and_how_to_go_back() -> None:
    """A rollback is the way back."""
    assert str(superseded("web", "prod", record(web="2"))) == (
        "superseded: prod/web has web 2, which is as new or newer as far as git knows; nothing was written. "
        "To go back on purpose: `fairlead rollback web --env prod`; to replace it: --expect TAG"
    )
    assert str(superseded("web", "prod", {})) == "superseded: prod/web was taken out meanwhile; nothing was written"
