"""Words under `gates:`, and schedules wherever pages have them: what has the right type and no meaning is refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.clock.timetable import cron_fault, duration_of, job_schedule_fault, times, wall_time, zone_of
from generator.disk.tree import Tree
from generator.findings.errors import InputError, ToolError
from generator.inputs.load import load
from generator.model.gates import Command, Freeze, Gates
from tests.inputs.test_load import PROJECT, refused

PAGE = "system: shop\nimage: web\n"
JOB = 'cronJobs: {{night: {{schedule: "{}", timeZone: "{}"}}}}\n'


def gates(text: str, environment: str = "prod") -> Gates:
    """Load the project with these words under an environment's `gates:`."""
    words = "".join(f"  {line}\n" for line in dedent(text).strip().splitlines())
    pages = PROJECT | {f"environments/{environment}.yaml": f"gates:\n{words}"}
    files = {path: dedent(page).encode() for path, page in sorted(pages.items())}
    return load(Tree(Path(), files)).environments[environment].gates


def complaints(text: str, environment: str = "prod") -> list[str]:
    """Return what is said about these words, without the file's name."""
    with pytest.raises(InputError) as error:
        gates(text, environment)
    return [str(each).removeprefix(f"environments/{environment}.yaml:") for each in error.value.complaints]


def test_every_word_is_understood() -> None:
    """As it stands in the reference."""
    assert gates(
        """
        soak: 24h
        freezes:
        - {schedule: "0 18 * * 5", duration: 62h, timeZone: Europe/Berlin, reason: weekend}
        - {from: "2026-12-20T18:00", to: "2027-01-04T08:00"}
        tagPattern: '\\d+\\.\\d+\\.\\d+'
        digest: required
        command: {args: [scripts/smoke, --fast]}
        image: copy
        """
    ) == Gates(
        soak="24h",
        freezes=[
            Freeze(schedule="0 18 * * 5", duration="62h", timeZone="Europe/Berlin", reason="weekend"),
            Freeze(start="2026-12-20T18:00", end="2027-01-04T08:00"),
        ],
        tagPattern=r"\d+\.\d+\.\d+",
        digest="required",
        command=Command(args=["scripts/smoke", "--fast"], timeoutSeconds=60),
        image="copy",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "soak: tomorrow",
            (
                "2:9: error SPC008: 'gates.soak' must match ^([0-9]{1,6}(\\.[0-9]{1,3})?[hms])+$, not 'tomorrow'; "
                "hours, minutes and seconds, e.g. 24h or 1h30m"
            ),
        ),
        ('soak: "24h\\n"', "2:9: error SPC008: '24h\\n' is no duration; e.g. 24h or 1h30m"),
        (
            'freezes: [{schedule: "0 18 * *", duration: 62h}]',
            (
                "2:24: error SPC008: '0 18 * *' is no schedule: it has 4 fields, not five: minute, hour, day of "
                'the month, month, day of the week; e.g. "0 18 * * 5"'
            ),
        ),
        (
            'freezes: [{schedule: "0 18 * * FIR", duration: 62h}]',
            "2:24: error SPC008: '0 18 * * FIR' is no schedule: 'FIR' is no day of the week; e.g. \"0 18 * * 5\"",
        ),
        (
            'freezes: [{schedule: "0 18 * * 5", duration: 0h}]',
            "2:48: error SPC008: '0h' is no duration; e.g. 24h or 1h30m",
        ),
        (
            'freezes: [{schedule: "0 18 * * 5", duration: 1h, timeZone: Europe/Berln}]',
            "2:62: error SPC008: no time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?",
        ),
        (
            'freezes: [{schedule: "0 18 * * 5", from: "2026-12-20T18:00"}]',
            (
                "2:13: error SPC008: a freeze that has neither of the two forms, or both; write schedule and duration "
                "for one that comes again, from and to for one that does not"
            ),
        ),
        (
            'freezes: [{from: "2027-01-04T08:00", to: "2026-12-20T18:00"}]',
            "2:44: error SPC008: the freeze ends (2026-12-20T18:00) before it begins (2027-01-04T08:00); swap the two",
        ),
        (
            'freezes: [{from: "2026-02-30T08:00", to: "2026-12-20T18:00"}]',
            "2:20: error SPC008: '2026-02-30T08:00' is no date and time; e.g. \"2026-12-20T18:00\"",
        ),
        (
            'freezes: [{from: "2026-12-20T18:00Z", to: "2027-01-04T08:00"}]',
            (
                "2:20: error SPC008: 'gates.freezes[0].from' must match "
                "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$, not '2026-12-20T18:00Z'; "
                'a date and a time as clocks there show it, e.g. "2026-12-20T18:00"'
            ),
        ),
        (
            "tagPattern: '[0-9+'",
            (
                "2:15: error SPC008: '[0-9+' is no regular expression: unterminated character set at position 0; "
                "e.g. '\\d+\\.\\d+\\.\\d+'"
            ),
        ),
        (
            "tagPattern: 'a{99999999999}'",
            (
                "2:15: error SPC008: 'a{99999999999}' is no regular expression: the repetition number is too large; "
                "e.g. '\\d+\\.\\d+\\.\\d+'"
            ),
        ),
        ("digest: yes please", "2:11: error SPC008: 'gates.digest' cannot be 'yes please'; one of: required"),
        ("image: chekc", "2:10: error SPC008: 'gates.image' cannot be 'chekc'; did you mean 'check'?"),
        ("command: {args: []}", "2:19: error SPC008: 'gates.command.args' must have at least 1 entry; add one"),
        ("command: scripts/smoke", "2:12: error SPC008: 'gates.command' must be a mapping, not 'scripts/smoke'"),
        ("sokk: 24h", "2:3: error SPC008: unknown key 'sokk' in 'gates'; did you mean 'soak'?"),
    ],
)
def test_a_word_without_a_meaning_is_refused(text: str, said: str) -> None:
    """At its line, and with what to write."""
    (complaint,) = complaints(text)

    assert complaint.startswith(said), complaint


def test_a_pattern_is_no_longer_than_a_person_reads() -> None:
    """A tag has at most 128 characters."""
    (complaint,) = complaints(f"tagPattern: {'a' * 201}")

    assert "must have at most 200 characters" in complaint


def test_the_first_environment_has_none_before_it() -> None:
    """A soak there would let nothing in."""
    assert complaints("soak: 24h", "dev") == [
        (
            "2:9: error SPC008: 'gates.soak' is the time in the environment before this one, and this is the first; "
            "drop it, or write it in the next environment"
        )
    ]


def test_all_is_said_at_once() -> None:
    """Who mends one word sees the others."""
    text = """
        soak: 24h
        freezes:
        - {schedule: "99 18 * * 5", duration: 0s, timeZone: Mars/Base}
        tagPattern: "("
        """
    assert [each.partition(" ")[0] for each in complaints(text, "dev")] == ["2:9:", "4:16:", "4:41:", "4:55:", "5:15:"]


# Schedules of jobs


@pytest.mark.parametrize("schedule", ["15 3 * * *", "*/5 8-18 * * MON-FRI", "0 0 29 2 ?", "@daily", "@every 1h30m"])
def test_a_job_takes_what_kubernetes_takes(schedule: str) -> None:
    """Five fields, or one of its words."""
    assert refused(web=PAGE + JOB.format(schedule, "Europe/Berlin")) == []


@pytest.mark.parametrize(
    ("schedule", "why"),
    [
        ("99 3 * * *", "there is no such minute"),
        ("0 24 * * *", "there is no such hour"),
        ("0 0 L * *", "'L' is no day of the month"),
        ("0 0 * * 7", "'7' is no day of the week"),
        ("0 0 * * 5#2", "'5#2' is no day of the week"),
        ("0 0 * * FRI-MON", "there is no such day-of-week"),
        ("*/0 0 * * *", "there is no such minute"),
        ("0 0 0 0 0 0", "it has 6 fields, not five: minute, hour, day of the month, month, day of the week"),
        ("", "it has 0 fields, not five: minute, hour, day of the month, month, day of the week"),
        ("TZ=UTC 0 3 * * *", "it has 6 fields, not five: minute, hour, day of the month, month, day of the week"),
        (
            "@noon",
            "no word '@noon'; known: @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly, @every 1h",
        ),
        ("@every day", "'day' is no duration, e.g. 1h30m"),
    ],
)
def test_a_schedule_that_kubernetes_refuses_is_refused_at_its_line(schedule: str, why: str) -> None:
    """The API server would refuse the object, and the sync would fail."""
    assert refused(web=PAGE + JOB.format(schedule, "Europe/Berlin"))[0] == (
        f"services/web.yaml:3:30: error SPC008: '{schedule}' is no schedule: {why}; e.g. \"15 3 * * 1-5\""
    )


@pytest.mark.parametrize("schedule", ["0 0 30 2 *", "0 0 31 2 *", "0 0 31 4,6,9,11 ?"])
def test_a_schedule_that_never_comes_is_for_jobs_that_are_suspended(schedule: str) -> None:
    """Kubernetes takes a day that no month has: an idiom for a CronJob that people start by hand."""
    job = JOB.format(schedule, "Europe/Berlin")

    assert refused(web=PAGE + job)[0] == (
        f"services/web.yaml:3:30: error SPC008: '{schedule}' never comes: no month of it has such a day; "
        "add `suspend: true` if it is started by hand alone"
    )
    assert refused(web=PAGE + job.replace("schedule:", "suspend: true, schedule:")) == []


@pytest.mark.parametrize("schedule", ["0 0 32 2 *", "0 0 31 13 *", "0 24 31 2 *"])
def test_what_is_no_schedule_is_refused_though_it_is_suspended(schedule: str) -> None:
    """The API server refuses the object all the same."""
    job = JOB.format(schedule, "Europe/Berlin").replace("schedule:", "suspend: true, schedule:")

    assert "is no schedule: there is no such" in refused(web=PAGE + job)[0]


@pytest.mark.parametrize("zone", ["Europe/Berln", "local", "localtime", "../zone", "CEST", ""])
def test_an_unknown_time_zone_is_refused_at_its_line(zone: str) -> None:
    """Neither does `Local` name one: it is that of whoever looks."""
    page = PAGE + JOB.format("0 3 * * *", zone)
    column = page.splitlines()[2].index("timeZone: ") + len("timeZone: ") + 1

    assert refused(web=page)[0].startswith(f"services/web.yaml:3:{column}: error SPC008: no time zone '{zone}'; ")


def test_a_machine_without_time_zones_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not the page that has to be mended."""
    monkeypatch.setattr("generator.inputs.schedules.zone_of", lambda _: None)
    monkeypatch.setattr("generator.inputs.schedules.zone_names", frozenset)

    with pytest.raises(ToolError, match="this machine has no time zone database; install tzdata"):
        refused(web=PAGE + JOB.format("0 3 * * *", "Europe/Berlin"))


# What must hold for any text


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[0-9hms.]{0,12}", fullmatch=True))
def test_no_text_is_too_strange_for_a_duration_or_a_clock(text: str) -> None:
    """It is one, or it is none."""
    duration, wall = duration_of(text), wall_time(text)

    assert duration is None or duration.total_seconds() >= 0
    assert wall is None or wall.tzinfo is None


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_no_text_is_too_strange_for_a_time_zone(text: str) -> None:
    """No file outside the database is opened, whatever the name says."""
    zone = zone_of(text)

    assert zone is None or str(zone) == text


FIELD = st.from_regex(r"(\*|\?|[0-9]{1,2}|[0-9]-[0-9]{1,2}|MON|jan)(/[0-9]{1,2})?(,[0-9]{1,2})?", fullmatch=True)


@settings(deadline=None)
@given(st.lists(FIELD, min_size=5, max_size=5).map(" ".join) | st.text())
def test_a_schedule_is_refused_or_comes(schedule: str) -> None:
    """What is taken can be followed: it came at some time since the last 29 February."""
    assert isinstance(job_schedule_fault(schedule), str)
    if not cron_fault(schedule):
        assert next(times(schedule, datetime(2026, 11, 21))).year >= 2024  # noqa: DTZ001  # what a clock shows has no zone
