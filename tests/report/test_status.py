"""What is shown of status and history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.findings.finding import Finding, Place, Severity
from generator.history.environment_status import Cell, Drift
from generator.history.release_history import HoldStep, ReleaseStep
from generator.layout.release import Record, Release
from generator.records.hold import Hold
from generator.report.history import history_data, history_text
from generator.report.release import age, aligned, brief, brief_record
from generator.report.status import status_data, status_text

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
HOLD = Hold(by="dev@example.com", reason="1.4.3 loses orders", since=NOW - DAY, record={"web": "1.4.2"})


def tagged(**tags: str) -> Record:
    """Return a record."""
    return {image: Release(newTag=tag) for image, tag in tags.items()}


CELLS = (
    Cell(environment="dev", service="api", record=tagged(api="2.0", jobs="2.1"), since=NOW - timedelta(hours=5)),
    Cell(environment="prod", service="api", record=tagged(api="2.0"), uncommitted=True, drift=Drift.SAME),
    Cell(environment="dev", service="web", record=tagged(web="1.4.3", jobs="1.4.3"), since=NOW - 3 * DAY),
    Cell(environment="stage", service="web"),
    Cell(
        environment="prod",
        service="web",
        record=tagged(web="1.4.2"),
        since=NOW - 90 * DAY,
        at_least=True,
        drift=Drift.BEHIND,
        behind=2,
        hold=HOLD,
    ),
)


def test_the_table_has_a_line_for_a_service() -> None:
    """One more for each image that differs from the first; columns stand below each other; notes follow."""
    assert status_text(CELLS, ["dev", "stage", "prod"], NOW, width=120) == (
        """\
service    dev             stage           prod
api        api 2.0   5h    -               2.0          uncommitted, same
           jobs 2.1
web        1.4.3     3d    not released    1.4.2  90d+  behind 2, held

prod/web is held at 1.4.2 by dev@example.com (1.4.3 loses orders)
An age with + is the least it can be: this clone is shallow; `git fetch --unshallow` brings the rest.
"""
    )


def test_environments_that_do_not_fit_follow() -> None:
    """Each table names the services again; one environment is shown however narrow the terminal is."""
    text = status_text(CELLS, ["dev", "stage", "prod"], NOW, width=45)
    tables = text.split("\n\n")[:-1]
    assert [table.splitlines()[0].split() for table in tables] == [["service", "dev", "stage"], ["service", "prod"]]
    assert all(table.splitlines()[-1].startswith("web ") for table in tables)
    narrow = status_text(CELLS, ["dev", "stage", "prod"], NOW, width=1)
    assert len(narrow.split("\n\n")) == 4


def test_without_services_there_is_a_head() -> None:
    """And it says where nothing can be known of ages."""
    assert status_text((), ["dev"], NOW, width=80, in_git=False) == (
        "service    dev\n\nAges are unknown: this is no git repository.\n"
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (Cell(environment="dev", service="web", retired=True), "retired"),
        (Cell(environment="dev", service="web", unreadable=True), "unreadable"),
        (Cell(environment="dev", service="web", record={}), "no image of ours"),
        (Cell(environment="dev", service="web", uncommitted=True), "not released  uncommitted"),
        (Cell(environment="dev", service="web", record={"web": Release(digest=DIGEST)}), "@0123456789ab"),
        (Cell(environment="dev", service="web", record=tagged(web="1"), drift=Drift.AHEAD), "1  ahead"),
        (Cell(environment="dev", service="web", record=tagged(web="1"), drift=Drift.DIFFERENT), "1  different"),
    ],
)
def test_what_a_cell_says(cell: Cell, shown: str) -> None:
    """In a word or two."""
    line = status_text((cell,), ["dev"], NOW, width=80).splitlines()[1]
    assert line.removeprefix("web").split() == shown.split()


def test_a_hold_that_is_over_is_not_shown() -> None:
    """As data it is, with the word that it is over."""
    over = Hold(by="x", reason="y", since=NOW - 2 * DAY, until=NOW - DAY, record={"web": "1"})
    cell = Cell(environment="dev", service="web", record=tagged(web="1"), hold=over)
    assert "held" not in status_text((cell,), ["dev"], NOW, width=80)
    hold = status_data((cell,), NOW)["cells"][0]["hold"]
    assert (hold["active"], hold["until"]) == (False, NOW - DAY)


def test_findings_stand_below_the_table() -> None:
    """Each with its place."""
    finding = Finding(rule="REL002", severity=Severity.ERROR, place=Place("overlays/a.yaml"), message="no list")
    cell = Cell(environment="dev", service="web", unreadable=True, findings=(finding,))
    assert status_text((cell,), ["dev"], NOW, width=80).splitlines()[-1] == str(finding)


def event(before: Record | None, after: Record | None, *, border: bool = False, **trailers: str) -> ReleaseStep:
    """Return a step of prod/web."""
    return ReleaseStep(
        environment="prod",
        service="web",
        commit="3f2a9c81d2e4" + "0" * 28,
        when=NOW,
        author="Ann Example",
        subject="x",
        trailers={key.replace("_", "-"): value for key, value in trailers.items()},
        before=before,
        after=after,
        border=border,
    )


def held(before: Hold | None, after: Hold | None) -> HoldStep:
    """Return a change of the hold on prod/web."""
    return HoldStep(
        environment="prod",
        service="web",
        commit="a" * 40,
        when=NOW - DAY,
        author="Ann Example",
        subject="x",
        trailers={},
        before=before,
        after=after,
    )


def test_the_history_reads_from_line_to_line() -> None:
    """When, where, what, by which commit and author; below it what the commit's trailers tell."""
    told: list[ReleaseStep | HoldStep] = [
        event(tagged(web="1.4.3"), tagged(web="1.4.2"), Rollback_Of="1.4.3"),
        held(None, HOLD),
        event(
            tagged(web="1.4.2"),
            tagged(web="1.4.3"),
            Promoted_From="staging",
            Gate_Override="soak: the fix is known\nfreeze: agreed",
            Source_Commit="abc123",
            Source_Repository="https://git.example.com/web",
        ),
    ]
    assert history_text(told) == (
        """\
2026-11-21T03:00:00Z  prod/web  1.4.3 -> 1.4.2  3f2a9c81d2  Ann Example
    rollback of 1.4.3
2026-11-20T03:00:00Z  prod/web  held            aaaaaaaaaa  Ann Example
    by dev@example.com: 1.4.3 loses orders
2026-11-21T03:00:00Z  prod/web  1.4.2 -> 1.4.3  3f2a9c81d2  Ann Example
    promoted from staging
    gate overridden: soak: the fix is known
    gate overridden: freeze: agreed
    built from abc123 of https://git.example.com/web
"""
    )


UNTIL = Hold(by="x", reason="y", since=NOW, until=NOW + DAY, record={})


@pytest.mark.parametrize(
    ("happened", "shown"),
    [
        (event(None, tagged(web="1")), "released 1"),
        (event({}, tagged(web="1", jobs="1")), "released 1"),
        (event(tagged(web="1", jobs="2"), None), "retired web 1, jobs 2"),
        (event(tagged(web="1", jobs="1"), tagged(web="2", jobs="2")), "1 -> 2"),
        (event(tagged(web="1", jobs="1"), tagged(web="2", jobs="1")), "web 1 -> 2"),
        (event(tagged(web="1", jobs="1"), tagged(web="2", jobs="3")), "web 1 -> 2, jobs 1 -> 3"),
        (event(tagged(web="1"), tagged(web="1", jobs="3")), "jobs none -> 3"),
        (event(tagged(web="1", jobs="3"), tagged(web="1")), "jobs 3 -> none"),
        (event(tagged(web="1"), {"web": Release(newTag=f"1@{DIGEST}")}), "1 -> 1@0123456789ab"),
        (event(None, tagged(web="1"), border=True), "1 by then"),
        (held(HOLD, None), "hold ended"),
        (held(None, UNTIL), "held until 2026-11-22T03:00:00Z"),
        (held(UNTIL, HOLD), "hold changed"),
    ],
)
def test_what_happened(happened: ReleaseStep | HoldStep, shown: str) -> None:
    """In few words; the names of images only where they are needed."""
    assert history_text([happened]).splitlines()[0].split("  ")[2] == shown


def test_the_end_of_a_shallow_clone_is_said() -> None:
    """In text and as data."""
    told = [event(None, tagged(web="1"), border=True)]
    assert "shallow" in history_text(told).splitlines()[-1]
    assert (history_data(told)["complete"], history_data([])["complete"]) == (False, True)


def test_history_as_data() -> None:
    """A release and a hold, each with what was before it."""
    first, second = history_data([event(tagged(web="1"), None), held(None, HOLD)])["events"]
    assert (first["kind"], first["before"], first["after"]) == ("release", tagged(web="1"), None)
    assert (second["kind"], second["before"], second["after"]) == ("hold", None, HOLD)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, "0s"), (119, "119s"), (120, "2m"), (7199, "119m"), (7200, "2h"), (172_799, "47h"), (172_800, "2d")],
)
def test_an_age_has_one_unit(seconds: int, shown: str) -> None:
    """The largest that says enough; a clock that goes wrong makes nobody younger than now."""
    assert age(timedelta(seconds=seconds)) == shown


def test_a_release_is_brief() -> None:
    """A digest shows its beginning; equal releases of several images are one."""
    assert brief(Release(newTag=f"1@{DIGEST}")) == brief(Release(newTag="1", digest=DIGEST)) == "1@0123456789ab"
    assert (brief(None), brief_record({}), brief_record(tagged(a="1", b="1"))) == ("none", (), ("1",))


@given(rows=st.lists(st.tuples(st.text("ab", max_size=9), st.text("ab", max_size=9), st.just("|")), max_size=5))
def test_columns_stand_below_each_other(rows: list[tuple[str, str, str]]) -> None:
    """But for texts that are too long, which move their own line alone."""
    lines = aligned(rows, 6)
    usual = {line.index("|") for line, row in zip(lines, rows, strict=True) if max(map(len, row)) <= 6}
    assert len(usual) <= 1
    assert [line.split() for line in lines] == [[text for text in row if text] for row in rows]
