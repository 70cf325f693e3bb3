"""`fairlead retire` as a program: what it asks for, and its answers as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.cli.completion_names import environment_names, service_names
from generator.cli.retire import command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

ARGUMENTS = ("retire", "orders-service", "--env", "prod", "--format", "json")


@pytest.fixture(autouse=True)
def _author(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be somebody whom git knows."""
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Test")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "test@example.com")


def data(text: str) -> dict[str, Any]:
    """Read an answer."""
    value: dict[str, Any] = json.loads(text)
    return value


def test_the_first_step_is_data(repository: Path, fairlead: Fairlead) -> None:
    """All that the text says."""
    plan = data(fairlead(*ARGUMENTS, root=repository).stdout)
    assert list(plan) == [
        "service", "environment", "written", "token", "environments", "settingsRemoved", "referrers", "files",
        "uncommitted", "irreplaceable", "interrupted", "confirm", "steps",
    ]  # fmt: skip
    assert (plan["service"], plan["environment"], plan["written"]) == ("orders-service", "prod", False)
    assert plan["settingsRemoved"] == {"replicas": 2}
    assert plan["files"][:2] == [
        {"action": "write", "path": "retired/prod/orders-service.yaml"},
        {"action": "update", "path": "services/orders-service.yaml"},
    ]
    assert plan["confirm"].startswith(f"fairlead retire orders-service --env prod --confirm {plan['token']} ")


def test_the_second_step_is_data(repository: Path, fairlead: Fairlead) -> None:
    """What was written, and what is left to do."""
    plan = data(fairlead(*ARGUMENTS, root=repository).stdout)
    done = data(fairlead(*ARGUMENTS, "--confirm", plan["token"], "--reason", "because", root=repository).stdout)
    assert (done["written"], done["confirm"]) == (True, None)
    assert done["files"] == plan["files"]
    assert done["steps"] == plan["steps"]


def test_a_refusal_is_data(repository: Path, fairlead: Fairlead) -> None:
    """With the exit code that a script looks at."""
    answer = fairlead(*ARGUMENTS, "--confirm", "000000", "--reason", "because", root=repository)
    assert answer.code == 5
    assert data(answer.stdout)["exitCode"] == 5


def test_outside_of_git_nothing_can_be_brought_back(repository: Path, fairlead: Fairlead) -> None:
    """So nothing goes."""
    (repository / ".git").rename(repository / "elsewhere")
    plan = data(fairlead(*ARGUMENTS, root=repository).stdout)
    assert "overlays/prod/orders-service/kustomization.yaml" in plan["uncommitted"]
    answer = fairlead(*ARGUMENTS, "--confirm", plan["token"], "--reason", "because", root=repository)
    assert answer.code == 1
    assert (repository / "overlays/prod/orders-service/kustomization.yaml").exists()


def test_the_shell_completes_names() -> None:
    """Services and environments."""
    completions = {parameter.name: getattr(parameter, "_custom_shell_complete", None) for parameter in command.params}
    assert (completions["service"], completions["environment"]) == (service_names, environment_names)
