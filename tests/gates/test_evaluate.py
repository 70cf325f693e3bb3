"""Gates: what refuses a release, when it will pass, and who may overrule it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from generator.findings.errors import UsageError
from generator.gates import evaluate, pattern
from generator.gates.command import command_refusal
from generator.gates.evaluate import GATES, overridden
from generator.gates.gate import Candidate, GateError, GateRefusal, GateRequest
from generator.gates.page import gates_page
from generator.history.release_history import Span
from generator.inputs.load import load
from generator.layout.release import Release
from generator.model.gates import GATE_NAMES, Command, Freeze, Gates
from generator.model.project import Environment
from generator.records.hold import Hold
from generator.records.move import Move
from tests.generated import hold_current
from tests.release.stage import Stage

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DIGEST = f"sha256:{'0123456789abcdef' * 4}"


def move(after: Release, image: str = "web") -> Move:
    """Return one image on its way into prod."""
    return Move(service="web", environment="prod", image=image, before=Release(newTag="1.4.1"), after=after)


def candidate(*moves: Move, **changes: object) -> Candidate:
    """Return web 1.4.2, which staging has had for two hours, changed like this."""
    moving = moves or (move(Release(newTag="1.4.2")),)
    made = Candidate(
        environment="prod", service="web", source="staging", moves=moving, stay=Span(NOW - timedelta(hours=2))
    )
    return msgspec.structs.replace(made, **changes)


def refusals(gates: Gates, made: Candidate, now: datetime) -> list[GateRefusal]:
    """Return what gates say that need nothing but the release, where prod asks `gates`."""
    project = load(Stage().tree)
    environments = {**project.environments, "prod": Environment(gates=gates)}
    asked = GateRequest(project=msgspec.structs.replace(project, environments=environments), candidate=made, now=now)
    return evaluate.refusals(evaluate.FREE, asked)


def refused(gates: Gates, made: Candidate | None = None) -> list[str]:
    """Return what is said at three in the morning."""
    return [str(refusal) for refusal in refusals(gates, made or candidate(), NOW)]


def test_without_gates_everything_passes() -> None:
    """What a page does not ask is not asked."""
    assert refused(Gates()) == []


def test_what_does_not_move_is_not_refused() -> None:
    """There is nothing to hold up."""
    gates = Gates(soak="24h", digest="required", freezes=[Freeze(start="2026-01-01T00:00", end="2027-01-01T00:00")])

    assert refused(gates, candidate(moves=())) == []


# soak


@pytest.mark.parametrize(("soak", "passes"), [("2h", True), ("1h59m59s", True), ("2h0m1s", False), ("24h", False)])
def test_a_release_soaks_from_when_it_reached_the_environment_before(soak: str, *, passes: bool) -> None:
    """To the second: what has been there for as long as is asked may go."""
    assert (refused(Gates(soak=soak)) == []) == passes


def test_a_refused_soak_says_when_it_passes() -> None:
    """Since when the other environment has it, what is asked, and when that will be."""
    assert refused(Gates(soak="24h")) == [
        (
            "prod/web: soak: staging has 1.4.2 since 2026-11-21T01:00:00Z, 24h asked: passes at 2026-11-22T01:00:00Z; "
            "to go all the same: --override soak --reason TEXT"
        )
    ]


def test_a_release_soaks_only_while_it_runs() -> None:
    """What staging had for a minute, ten days ago, has soaked a minute."""
    began = NOW - timedelta(days=10)
    short = candidate(stay=Span(began, began + timedelta(minutes=1)))
    long = candidate(stay=Span(began, began + timedelta(hours=24)))

    (refusal,) = refusals(Gates(soak="24h"), short, NOW)

    assert refusal.message == ("staging had 1.4.2 only from 2026-11-11T03:00:00Z to 2026-11-11T03:01:00Z, 24h asked")
    assert refusal.until is None
    assert refusals(Gates(soak="24h"), long, NOW) == []


@pytest.mark.parametrize(
    ("source", "said"), [("staging", "staging has not had 1.4.2 before"), (None, "no environment has had 1.4.2 before")]
)
def test_a_release_that_nobody_tried_does_not_pass_by_waiting(source: str | None, said: str) -> None:
    """No time is named, since none would come."""
    (refusal,) = refusals(Gates(soak="24h"), candidate(source=source, stay=None), NOW)

    assert (refusal.message, refusal.until) == (f"{said}, 24h asked", None)


# freeze


def test_a_freeze_says_why_and_until_when() -> None:
    """The reason is the page's."""
    weekend = Freeze(start="2026-11-20T18:00", end="2026-11-23T08:00", timeZone="Europe/Berlin", reason="stock\ntaking")

    assert refused(Gates(freezes=[weekend])) == [
        (
            "prod/web: freezes: prod is frozen (stock taking): passes at 2026-11-23T07:00:00Z; "
            "to go all the same: --override freezes --reason TEXT"
        )
    ]


def test_a_freeze_that_is_not_on_refuses_nothing() -> None:
    """It is for the weekend after."""
    assert refused(Gates(freezes=[Freeze(start="2026-11-27T18:00", end="2026-11-30T08:00")])) == []


# tagPattern


@pytest.mark.parametrize(
    ("release", "said"),
    [
        (Release(newTag="1.4.2"), []),
        (Release(newTag=f"1.4.2@{DIGEST}"), []),
        (Release(newTag="1.4.2", digest=DIGEST), []),
        (Release(newTag="1.4.2-rc.1"), ["web 1.4.2-rc.1 does not match \\d+\\.\\d+\\.\\d+"]),
        (Release(newTag="v1.4.2"), ["web v1.4.2 does not match \\d+\\.\\d+\\.\\d+"]),
        (Release(digest=DIGEST), [f"web {DIGEST} has no tag that could match \\d+\\.\\d+\\.\\d+"]),
    ],
)
def test_the_whole_tag_must_match(release: Release, said: list[str]) -> None:
    """The tag alone: a digest behind it is not part of it."""
    found = refusals(Gates(tagPattern=r"\d+\.\d+\.\d+"), candidate(move(release)), NOW)

    assert [(refusal.gate, refusal.message) for refusal in found] == [("tagPattern", each) for each in said]


def test_each_image_must_match() -> None:
    """The migrations are released with the service."""
    moves = (move(Release(newTag="1.4.2")), move(Release(newTag="main"), "web-migrations"))

    assert [each.message for each in refusals(Gates(tagPattern="[0-9.]+"), candidate(*moves), NOW)] == [
        "web-migrations main does not match [0-9.]+"
    ]


def test_a_pattern_that_takes_for_ever_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nested repeats are tried in more ways than there is time for, and nobody's promotion hangs."""
    monkeypatch.setattr(pattern, "SECONDS", 1.0)
    moves = move(Release(newTag="a" * 127 + "1"))

    (refusal,) = refusals(Gates(tagPattern="([a-z]+)+"), candidate(moves), NOW)

    assert (refusal.gate, "no answer after 1 s, killed" in refusal.message) == ("tagPattern", True)


def test_a_pattern_that_nobody_could_ask_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that dies has not said no."""
    monkeypatch.setattr(pattern, "_PROGRAM", "import sys; sys.exit(9)")

    (refusal,) = refusals(Gates(tagPattern="v[0-9]{7}"), candidate(move(Release(newTag="v1234567"))), NOW)

    assert refusal.message == "web v1234567 cannot be held against v[0-9]{7}: Python ended with 9 on it"


# digest


@pytest.mark.parametrize(
    ("release", "passes"),
    [
        (Release(newTag="1.4.2"), False),
        (Release(newTag=f"1.4.2@{DIGEST}"), True),
        (Release(newTag="1.4.2", digest=DIGEST), True),
        (Release(digest=DIGEST), True),
    ],
)
def test_a_release_must_have_a_digest_where_that_is_asked(release: Release, *, passes: bool) -> None:
    """Behind the tag or beside it."""
    assert (refused(Gates(digest="required"), candidate(move(release))) == []) == passes


# hold


def held(until: datetime | None = None, **record: str) -> Hold:
    """Return a hold on prod/web."""
    return Hold(by="dev@example.com", reason="1.4.2 loses orders", since=NOW, until=until, record=record)


def test_a_hold_refuses_what_moves_away_from_it() -> None:
    """Who holds it, why, until when, and how it ends."""
    assert refused(Gates(), candidate(hold=held(NOW + timedelta(hours=1), web="1.4.1"))) == [
        (
            "prod/web: hold: held at 1.4.1 by dev@example.com until 2026-11-21T04:00:00Z (1.4.2 loses orders): "
            "passes at 2026-11-21T04:00:00Z; end it: fairlead unhold web --env prod"
        )
    ]


def test_a_hold_on_nothing_lets_nothing_pass() -> None:
    """What is held is the service."""
    (refusal,) = refusals(Gates(), candidate(hold=held()), NOW)

    assert refusal.message == "held at nothing by dev@example.com (1.4.2 loses orders)"


@pytest.mark.parametrize(
    "hold",
    [
        pytest.param(held(NOW, web="1.4.1"), id="it has ended"),
        pytest.param(held(web="1.4.2"), id="back to what is held"),
    ],
)
def test_a_hold_lets_pass(hold: Hold) -> None:
    """The first second after its end, and the release that it asks for."""
    assert refused(Gates(), candidate(hold=hold)) == []


def test_an_image_that_a_hold_does_not_know_is_held() -> None:
    """What is held is the service: a new image of it is a release like another."""
    assert len(refused(Gates(), candidate(move(Release(newTag="1"), "banner"), hold=held(web="1.4.1")))) == 1


# All at once, and overruled


def test_every_gate_is_asked() -> None:
    """One run tells all that stands in the way, a line each, and ends with 5."""
    gates = Gates(
        soak="24h",
        freezes=[Freeze(start="2026-11-20T18:00", end="2026-11-23T08:00")],
        tagPattern="v.*",
        digest="required",
    )

    found = refusals(gates, candidate(hold=held(web="1.4.1")), NOW)
    error = GateError(found)

    assert [each.gate for each in found] == ["soak", "freezes", "tagPattern", "digest", "hold"]
    assert str(error).splitlines() == [str(each) for each in found]
    assert (error.exit_code, error.refusals) == (5, tuple(found))


def test_a_gate_is_overruled_by_its_name_and_no_other() -> None:
    """The rest stands, and what was overruled is told, so that the commit can keep it."""
    found = [GateRefusal(gate=gate, service="web", environment="prod", message="no") for gate in GATE_NAMES]

    standing, used = overridden(found, {"hold": "the fix for it", "freezes": "the same"})

    assert [each.gate for each in standing] == [gate for gate in GATE_NAMES if gate not in {"freezes", "hold"}]
    assert [each.gate for each in used] == ["freezes", "hold"]


def test_a_gate_that_does_not_refuse_needs_no_overruling() -> None:
    """Nothing was used, so the commit says nothing."""
    assert overridden([], {"soak": "in a hurry"}) == ([], [])


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"sok": "in a hurry"}, "no gate 'sok'; did you mean 'soak'?"),
        (
            {"everything": "in a hurry"},
            f"no gate 'everything'; gates: {', '.join(GATE_NAMES)}",
        ),
        ({"soak": " "}, "--override soak needs a reason: --reason TEXT"),
    ],
)
def test_an_override_names_a_gate_and_a_reason(overrides: dict[str, str], said: str) -> None:
    """A misspelt gate would let through what the right one refuses, or the other way round."""
    with pytest.raises(UsageError) as error:
        overridden([], overrides)

    assert str(error.value) == said


def test_every_gate_is_in_the_table_under_its_word() -> None:
    """In the order in which people read their names; each that costs something says what its answer depends on."""
    assert tuple(gate.name for gate in GATES) == GATE_NAMES
    assert [gate.name for gate in GATES if gate.cost and gate.depends_on is None] == []


def test_the_table_of_the_documentation_is_current() -> None:
    """`docs/releases.md` lists what the table says; `scripts/gates-docs` writes it."""
    page = Path(__file__).parents[2] / "docs" / "releases.md"
    hold_current(page, gates_page(page.read_text(encoding="utf-8")))


def test_an_edit_of_a_working_tree_asks_no_gate_that_looks_at_the_world() -> None:
    """There the session is missing that such a gate works with."""
    assert {"tagPattern", "digest", "hold"} <= {gate.name for gate in evaluate.AT_EDIT}
    assert not set(evaluate.AT_EDIT) & set(evaluate.EXTERNAL)


# command


def program(root: Path, *lines: str) -> Gates:
    """Write a program into the repository and give the gate that runs it."""
    path = root / "scripts" / "smoke"
    path.parent.mkdir()
    path.write_text("\n".join(["#!/usr/bin/env bash", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return Gates(command=Command(args=["scripts/smoke", "--fast"], timeoutSeconds=10))


def test_a_command_that_ends_with_0_lets_pass(tmp_path: Path) -> None:
    """Whatever it says."""
    assert command_refusal(program(tmp_path, "echo fine"), candidate(), tmp_path) is None


def test_without_a_command_nothing_is_run(tmp_path: Path) -> None:
    """Nor when nothing moves."""
    gates = program(tmp_path, "exit 1")

    assert command_refusal(Gates(), candidate(), tmp_path) is None
    assert command_refusal(gates, candidate(moves=()), tmp_path) is None


def test_a_command_that_fails_refuses_with_its_last_lines(tmp_path: Path) -> None:
    """Twenty of them, without what a terminal would obey."""
    refusal = command_refusal(
        program(tmp_path, "seq 1 30", r"printf 'no \033[2Jorders\n' >&2", "exit 7"), candidate(), tmp_path
    )

    assert refusal is not None
    assert str(refusal).splitlines() == [
        "prod/web: command: scripts/smoke ended with 7; to go all the same: --override command --reason TEXT",
        *(f"  {number}" for number in range(12, 31)),
        "  no ?[2Jorders",
    ]


def test_a_command_knows_nothing_but_what_is_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the repository's folder, with its arguments; no token of the one who promotes reaches it."""
    monkeypatch.setenv("DEPLOY_TOKEN", "example-token-1")
    moves = (move(Release(newTag="1.4.2")), move(Release(newTag="1.4.2", digest=DIGEST), "web-migrations"))
    gates = program(tmp_path, 'pwd; echo "$@"; env', "exit 1")

    refusal = command_refusal(gates, candidate(*moves), tmp_path)

    assert refusal is not None
    folder, arguments, *environment = [line.strip() for line in refusal.output.splitlines() if line.strip()]
    by_bash = ("PWD=", "SHLVL=", "_=", "OLDPWD=")
    assert (Path(folder), arguments) == (tmp_path.resolve(), "--fast")
    assert sorted(line for line in environment if not line.startswith(by_bash)) == [
        "FAIRLEAD_ENVIRONMENT=prod",
        f"FAIRLEAD_IMAGES=web:1.4.2 web-migrations:1.4.2@{DIGEST}",
        "FAIRLEAD_SERVICE=web",
        f"HOME={os.environ['HOME']}",
        f"PATH={os.environ['PATH']}",
    ]


def test_a_secret_in_what_a_command_says_is_masked(tmp_path: Path) -> None:
    """It can read files, and what it prints ends in logs."""
    gates = program(tmp_path, "echo https://ci:example-password@git.example.com/shop.git", "exit 1")

    refusal = command_refusal(gates, candidate(), tmp_path)

    assert refusal is not None
    assert refusal.output == "\n  https://***@git.example.com/shop.git"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Command(args=["scripts/none"]), "none: cannot be started: No such file or directory: scripts/none"),
        (Command(args=["sleep", "60"], timeoutSeconds=1), "sleep 60: no answer after 1 s, killed"),
    ],
)
def test_a_command_that_gives_no_answer_refuses(command: Command, said: str, tmp_path: Path) -> None:
    """Nobody knows what it would have said; who knows better overrules it."""
    refusal = command_refusal(Gates(command=command), candidate(), tmp_path)

    assert refusal is not None
    assert (refusal.gate, refusal.message) == ("command", said)
