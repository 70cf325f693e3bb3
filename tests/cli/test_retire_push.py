"""`fairlead retire --push`: both steps are about the remote's branch, and what was shown lands as one commit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from generator.findings.errors import ToolError
from generator.repo.clone import Clone
from generator.repo.failure import Kind, RemoteError
from tests.cli.depot import ONE, TWO

if TYPE_CHECKING:
    from tests.cli.depot import Depot
    from tests.conftest import Answer

OVERLAY = f"overlays/prod/{ONE}/kustomization.yaml"
STONE = f"retired/prod/{ONE}.yaml"
RETIRE = ("retire", ONE, "--env", "prod", "--push")


def token(depot: Depot, *arguments: str) -> str:
    """Return what stands for the first step's answer."""
    return str(depot.data(*(arguments or RETIRE))["token"])


def confirm(depot: Depot, token: str, *arguments: str) -> Answer:
    """Go on with the second step."""
    return depot(*(arguments or RETIRE), "--confirm", token, "--reason", "nobody orders any more")


def overtaken(monkeypatch: pytest.MonkeyPatch, first: Any) -> None:
    """Let somebody else push just before our first push."""
    monkeypatch.setattr("random.uniform", lambda low, _: low)
    push, waiting = Clone.push, [True]

    def slower(clone: Clone) -> str:
        if waiting:
            waiting.clear()
            first()
        return push(clone)

    monkeypatch.setattr(Clone, "push", slower)


def test_the_first_step_shows_what_the_remote_has(depot: Depot) -> None:
    """Though this checkout lags behind it; nothing is written, and the next command lands in the same way."""
    depot.by_somebody("overlays/prod/README.md", "")
    refs, state = depot.refs(), depot.state()
    answer = depot(*RETIRE)

    assert answer.code == 0
    command = rf'\n  fairlead retire {ONE} --env prod --confirm [0-9a-f]{{6}} --push --reason "..."\n'
    assert re.search(command, answer.stdout)
    assert "Once the commit is on the branch, the rest is by hand" in answer.stdout
    assert "git commit" not in answer.stdout
    assert (depot.refs(), depot.state()) == (refs, state)


def test_the_second_step_is_one_commit(depot: Depot) -> None:
    """Of what was shown and nothing else; the checkout stays as it is."""
    shown, state = token(depot), depot.state()
    answer = confirm(depot, shown)

    assert answer.code == 0, answer.text
    assert re.match(rf"pushed [0-9a-f]{{12}} to main of .*: Retire {ONE} from prod\n", answer.stdout)
    assert depot.state() == state
    assert OVERLAY not in depot.files()
    assert f'plan: "{shown}"' in depot.file(STONE)
    assert {STONE, OVERLAY, f"services/{ONE}.yaml"} <= set(depot.changed())
    assert not [path for path in depot.changed() if TWO in path]
    assert re.fullmatch(
        rf"Retire {ONE} from prod\n\nnobody orders any more\n\nPromotion-Id: [0-9a-f-]{{36}}", depot.message()
    )


def test_the_branch_is_as_its_pages_render_afterwards(depot: Depot) -> None:
    """Nothing is left to generate."""
    confirm(depot, token(depot))
    depot.pull()
    assert depot("generate", "--check").code == 0


def test_the_tombstone_names_the_commit_that_has_it_all(depot: Depot) -> None:
    """The one on which it was done."""
    before = depot.log("%H")[0]
    confirm(depot, token(depot))
    assert f'commit: "{before}"' in depot.file(STONE)


def test_a_race_is_won_at_the_next_attempt(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody else landed meanwhile stays, and has no part in what was confirmed."""
    shown = token(depot)
    overtaken(monkeypatch, lambda: depot.release("prod", "1.7.0", TWO))
    answer = confirm(depot, shown)

    assert answer.code == 0, answer.text
    assert "(2 attempts)" in answer.stdout
    assert (depot.tag("prod", TWO), OVERLAY in depot.files()) == ("1.7.0", False)


def test_what_somebody_changed_meanwhile_has_to_be_shown_again(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release of the very service was not confirmed."""
    shown = token(depot)
    overtaken(monkeypatch, lambda: depot.release("prod", "1.7.0"))
    answer = confirm(depot, shown)

    assert answer.code == 5
    assert f"'{shown}' confirms another plan than that of now" in answer.stderr
    assert depot.tag("prod") == "1.7.0"


def test_of_two_who_retire_at_once_the_slower_finds_it_done(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one commit."""
    shown, before = token(depot), len(depot.log())
    overtaken(monkeypatch, lambda: confirm(depot, shown))
    answer = confirm(depot, shown)

    assert (answer.code, "nothing to do on main" in answer.stdout) == (0, True)
    assert len(depot.log()) == before + 1


def test_the_same_command_again_has_nothing_to_do(depot: Depot) -> None:
    """A run that was killed after its push is simply run again."""
    shown = token(depot)
    confirm(depot, shown)
    refs = depot.refs()
    answer = confirm(depot, shown)
    assert (answer.code, answer.stdout.startswith("nothing to do on main"), depot.refs()) == (0, True, refs)


def test_what_came_back_since_is_not_retired_by_an_old_command(depot: Depot) -> None:
    """It has to be shown again."""
    shown = token(depot)
    page = depot.file(f"services/{ONE}.yaml")
    confirm(depot, shown)
    depot.pull()
    depot.write(f"services/{ONE}.yaml", page)
    depot.release("prod", "1.9.0")
    answer = confirm(depot, shown)
    assert (answer.code, depot.tag("prod")) == (5, "1.9.0")


def test_a_push_whose_answer_was_lost_is_found(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as what it is, and not done twice."""
    monkeypatch.setattr("random.uniform", lambda low, _: low)
    push, cut = Clone.push, [True]

    def lossy(clone: Clone) -> str:
        said = push(clone)
        if cut.pop() if cut else False:
            raise RemoteError("push", Kind.TRANSIENT, "unexpected disconnect")
        return said

    monkeypatch.setattr(Clone, "push", lossy)
    answer = confirm(depot, token(depot))
    assert (answer.code, answer.stdout.startswith("pushed ")) == (0, True)
    assert depot.log().count(f"Retire {ONE} from prod") == 1


def test_a_service_goes_altogether(depot: Depot) -> None:
    """From all environments, with its page and its base."""
    whole = ("retire", ONE, "--push")
    answer = confirm(depot, token(depot, *whole), *whole)

    assert answer.code == 0, answer.text
    assert [path for path in depot.files() if ONE in path] == [
        f"retired/prod/{ONE}.yaml",
        f"retired/staging/{ONE}.yaml",
    ]
    assert depot.log()[0] == f"Retire {ONE}"
    assert confirm(depot, "000000", *whole).code == 2


def test_a_dry_run_pushes_nothing(depot: Depot) -> None:
    """Though it is confirmed; here neither."""
    shown, refs, state = token(depot), depot.refs(), depot.state()
    for way in ((), ("--push",)):
        arguments = ("retire", ONE, "--env", "prod", *way, "--dry-run")
        assert confirm(depot, shown, *arguments).code == 0
        assert confirm(depot, "000000", *arguments).code == 5
    assert (depot.refs(), depot.state()) == (refs, state)


def test_both_steps_are_data(depot: Depot) -> None:
    """With what became of the push."""
    plan = depot.data(*RETIRE)
    assert (plan["branch"], plan["written"], plan["environment"]) == ("main", False, "prod")
    assert plan["confirm"].endswith(' --push --reason "..."')
    done = depot.data(*RETIRE, "--confirm", plan["token"], "--reason", "because")
    assert (done["written"], done["commit"], done["attempts"]) == (True, depot.log("%H")[0], 1)
    assert done["files"] == plan["files"]
    again = depot.data(*RETIRE, "--confirm", plan["token"], "--reason", "because")
    assert (again["written"], again["commit"]) == (False, None)


def test_a_request_for_review_has_a_branch_of_its_own(depot: Depot) -> None:
    """No promotion takes it over; a second one that says the same adds nothing."""
    ask = ("retire", ONE, "--env", "prod", "--pull-request")
    shown = token(depot, *ask)
    answer = confirm(depot, shown, *ask)

    branch = f"fairlead/prod/{ONE}.retire"
    assert answer.code == 0, answer.text
    assert f"pushed {branch}; open a request from it into main" in answer.stdout
    assert "merge the request into main" in answer.stdout
    assert (OVERLAY in depot.files(), OVERLAY in depot.files(branch)) == (True, False)
    refs = depot.refs()
    assert confirm(depot, shown, *ask).code == 0
    assert depot.refs() == refs


def test_a_request_for_all_environments_has_a_branch_that_is_of_none(depot: Depot) -> None:
    """No environment can be called so."""
    ask = ("retire", ONE, "--pull-request")
    assert confirm(depot, token(depot, *ask), *ask).code == 0
    assert f"refs/heads/fairlead/all.environments/{ONE}.retire" in depot.refs()


def test_where_to_push_is_kept_for_the_second_step(depot: Depot) -> None:
    """The command that is shown lands where it was looked."""
    depot.git(depot.work, "push", "--quiet", "origin", "HEAD:other")
    plan = depot.data(*RETIRE, "--branch", "other")
    assert '--push --branch other --reason "..."' in plan["confirm"]
    assert confirm(depot, plan["token"], *RETIRE, "--branch", "other").code == 0
    assert (OVERLAY in depot.files(), OVERLAY in depot.files("other")) == (True, False)


@pytest.mark.parametrize("option", [("--remote", "origin"), ("--branch", "main"), ("--deadline", "9")])
def test_where_nothing_is_pushed_nothing_says_where_to(depot: Depot, option: tuple[str, str]) -> None:
    """It would be read as a push."""
    answer = depot("retire", ONE, "--env", "prod", *option)
    assert (answer.code, answer.stderr.startswith(f"{option[0]} is about a push")) == (2, True)


def test_nobody_whom_git_does_not_know_retires_anything(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tombstone says who it was."""
    shown, refs = token(depot), depot.refs()
    monkeypatch.setattr(Clone, "author", lambda _: (_ for _ in ()).throw(ToolError("who are you")))
    assert (confirm(depot, shown).code, depot.refs()) == (3, refs)
