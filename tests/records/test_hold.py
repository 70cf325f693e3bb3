"""Holds: what a file says, what rendering leaves alone, and a release that somebody moved all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.disk.tree import Tree, read
from generator.findings.progress import Silent
from generator.layout.release import Release
from generator.pipeline import validate
from generator.records.hold import Hold, held_record, held_text, hold_path, hold_text, is_active, read_hold
from generator.yamlio.walk import find_forbidden

if TYPE_CHECKING:
    from generator.findings.verdict import Report
    from tests.conftest import Fairlead, Git

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
HOLD = Hold(
    by="dev@example.com", reason="1.4.3 loses orders", since=NOW, until=NOW + timedelta(days=1), record={"web": "1.4.1"}
)
FRONTEND = "overlays/dev/frontend"


def tree(text: str) -> Tree:
    """Return a tree that holds nothing but the hold of prod/web."""
    return Tree(Path(), {"overlays/prod/web/hold.yaml": text.encode()})


def complaints(text: str) -> list[str]:
    """Return what is said about the text of a hold."""
    return [str(finding) for finding in read_hold(tree(text), "prod", "web")[1]]


def held(root: Path, **changes: object) -> Path:
    """Write a hold on dev/frontend at its present release, changed like this; give its path."""
    path = root / hold_path("dev", "frontend")
    hold = msgspec.structs.replace(HOLD, **({"record": {"frontend": "1.4.2"}} | changes))
    path.write_text(hold_text(hold), encoding="utf-8")
    return path


def bumped(root: Path) -> None:
    """Put another tag into dev/frontend's record, as a bot does."""
    path = root / FRONTEND / "kustomization.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"1.4.2"', '"1.4.3"'), encoding="utf-8")


def proven(root: Path, now: datetime = NOW) -> Report:
    """Run `validate` at a certain time."""
    return validate(read(root), Silent(), now)


# The file


def test_a_hold_is_plain_yaml_that_says_what_it_is() -> None:
    """Its first line names the command that ends it, and every value that could be read as another is quoted."""
    assert hold_text(HOLD) == (
        "# A hold on this overlay's release, kept by fairlead: `fairlead unhold SERVICE --env ENV` ends it.\n"
        "by: dev@example.com\n"
        'reason: "1.4.3 loses orders"\n'
        'since: "2026-11-21T03:00:00Z"\n'
        'until: "2026-11-22T03:00:00Z"\n'
        "record:\n"
        '  web: "1.4.1"\n'
    )


moments = st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  # hypothesis adds the zone
    lambda moment: moment.replace(microsecond=0)
)
texts = st.text(st.characters(codec="utf-8")).filter(lambda text: not any(find_forbidden(text)))
releases = (
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,20}", fullmatch=True) | st.just(f"1.4.1@{DIGEST}") | st.just(DIGEST)
)


@settings(deadline=None)
@given(
    st.builds(
        Hold,
        by=texts,
        reason=texts,
        since=moments,
        until=st.none() | moments,
        record=st.dictionaries(st.from_regex(r"[a-z]{1,8}(/[a-z0-9-]{1,8})?", fullmatch=True), releases),
    )
)
def test_a_hold_reads_as_it_was_written(hold: Hold) -> None:
    """Whatever people are called, and whatever reason they give that is not refused (records/record_file.py)."""
    assert read_hold(tree(hold_text(hold)), "prod", "web") == (hold, [])


def test_no_file_is_no_hold() -> None:
    """Another overlay's hold is none of ours."""
    assert read_hold(tree(hold_text(HOLD)), "dev", "web") == (None, [])


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('"1.4.1"', '"not a tag"', ":7:8: error REL002: 'not a tag' is no tag and no digest; e.g. \"1.4.2\""),
        (
            '"1.4.1"',
            "1.40",
            ':7:8: error WRK003: `record.web: 1.40` is read as the number 1.4, not as text; write "1.40"',
        ),
        ("by: ", "bye: ", ":2:1: error SPC008: unknown key 'bye'; did you mean 'by'?"),
        (
            '"2026-11-22T03:00:00Z"',
            '"tomorrow"',
            ":5:8: error SPC008: 'until' is 'tomorrow', which is no time with its zone",
        ),
        ("00Z", "00", ":4:8: error SPC008: 'since' is '2026-11-21T03:00:00', which is no time with its zone"),
        ("by: ", "by: [", ":3:7: error SPC001: not YAML"),
    ],
)
def test_what_is_no_hold_is_named_at_its_line(wrong: str, right: str, said: str) -> None:
    """Somebody edited the file by hand; nothing is guessed, since a guess would let a release through."""
    text = hold_text(HOLD).replace(wrong, right)

    assert read_hold(tree(text), "prod", "web")[0] is None
    assert any(f"overlays/prod/web/hold.yaml{said}" in complaint for complaint in complaints(text)), complaints(text)


@pytest.mark.parametrize(
    ("release", "text"),
    [
        (Release(newTag="1.4.1"), "1.4.1"),
        (Release(newTag=f"1.4.1@{DIGEST}"), f"1.4.1@{DIGEST}"),
        (Release(digest=DIGEST), DIGEST),
        (Release(newTag="1.4.1", digest=DIGEST), f"1.4.1@{DIGEST}"),
    ],
)
def test_a_hold_names_a_release_by_what_stands_behind_the_image(release: Release, text: str) -> None:
    """Two ways of writing one release are one release."""
    assert (held_text(release), held_record({"web": release})) == (text, {"web": text})


@pytest.mark.parametrize(
    ("now", "active"),
    [
        (NOW - timedelta(seconds=5), True),  # written by a machine whose clock is ahead
        (NOW + timedelta(days=1, seconds=-1), True),
        (NOW + timedelta(days=1), False),
    ],
)
def test_a_hold_ends_when_it_says(now: datetime, *, active: bool) -> None:
    """From the moment that the file is there to the second that it names."""
    assert is_active(HOLD, now) == active


def test_a_hold_without_an_end_does_not_end() -> None:
    """Until somebody takes it away."""
    assert is_active(msgspec.structs.replace(HOLD, until=None), datetime(9999, 1, 1, tzinfo=UTC))


# Beside rendered files


def test_a_hold_is_no_drift_and_stays(repository: Path, fairlead: Fairlead) -> None:
    """It is neither a stray file nor something that the pages should render."""
    path = held(repository)

    assert fairlead("generate", "--check", root=repository).code == 0
    assert fairlead("generate", root=repository).code == 0
    assert path.is_file()


def test_a_hold_goes_with_its_overlay(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """A page that shuts an environment out takes the hold along, and leaves no folder behind."""
    git(repository, "rm", "--quiet", "-r", "--cached", FRONTEND)
    git(repository, "commit", "--quiet", "--message=Not released in dev yet")
    held(repository)
    page = repository / "services/frontend.yaml"
    page.write_text(
        page.read_text(encoding="utf-8").replace("environments:\n", "environments:\n  dev: false\n"), "utf-8"
    )

    answer = fairlead("generate", "--force", root=repository)

    assert answer.code == 0, answer.text
    assert not (repository / FRONTEND).exists()


def test_a_hold_alone_is_no_overlay(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Nothing is released there, so there is nothing to prove, and `generate` takes the rest away."""
    path = held(repository)
    for file in (repository / FRONTEND).iterdir():
        if file != path:
            file.unlink()
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=A hold without its overlay")

    report = proven(repository)

    assert (report.overlays, report.findings) == (25, ())
    assert fairlead("generate", root=repository).code == 0
    assert not path.exists()


def test_a_hold_of_somebody_elses_making_is_not_deleted(repository: Path, fairlead: Fairlead) -> None:
    """Without our first line it is a file that we did not write."""
    path = repository / FRONTEND.replace("dev", "nowhere") / "hold.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("mine: yes\n", encoding="utf-8")

    answer = fairlead("generate", "--check", root=repository)

    assert (answer.code, "overlays/nowhere/frontend/hold.yaml:1:1: error KUS004: not rendered" in answer.text) == (
        1,
        True,
    )


# A release that moved all the same (REL005)


def test_a_bump_over_a_hold_is_found_at_the_record(repository: Path) -> None:
    """A bot puts the tag back that a rollback took out: who holds it, why and until when, at the line that moved."""
    held(repository)
    bumped(repository)

    (finding,) = proven(repository).findings

    assert str(finding) == (
        f"{FRONTEND}/kustomization.yaml:11:11: error REL005: dev/frontend is held at 1.4.2 by dev@example.com until "
        "2026-11-22T03:00:00Z (1.4.3 loses orders); the record says 1.4.3 for frontend; put 1.4.2 back, or end the "
        "hold: `fairlead unhold frontend --env dev`"
    )


def test_the_clock_decides_and_no_earlier_run(repository: Path) -> None:
    """The verdict of a minute ago would be wrong: nothing about holds is remembered, and nothing is built again."""
    held(repository)
    bumped(repository)
    assert proven(repository, NOW).errors == 1

    report = proven(repository, NOW + timedelta(days=1))

    assert (report.errors, report.misses) == (0, 0)


def test_a_new_hold_proves_nothing_anew(repository: Path) -> None:
    """An overlay with a hold builds to what it built to without."""
    proven(repository)
    held(repository)

    assert proven(repository).misses == 0


def test_a_held_image_that_left_the_record_is_found(repository: Path) -> None:
    """The hold still names it, so something has moved."""
    held(repository, record={"frontend": "1.4.2", "banner": "1.0.0"})

    (finding,) = proven(repository).findings

    assert "the record says nothing for banner" in finding.message


def test_an_unreadable_hold_is_found(repository: Path) -> None:
    """A hold that cannot be read could be active."""
    path = held(repository)
    path.write_text("by: dev@example.com\n", encoding="utf-8")

    assert [str(finding.place) for finding in proven(repository).findings] == [f"{FRONTEND}/hold.yaml:1:1"] * 3


def test_the_command_reads_the_clock(repository: Path, fairlead: Fairlead) -> None:
    """A hold without an end holds now."""
    held(repository, until=None)
    bumped(repository)

    answer = fairlead("validate", root=repository)

    assert (answer.code, "REL005" in answer.stdout) == (1, True), answer.text
