"""An overlay that does not build reaches no branch by way of fairlead: Argo CD would sync what follows in part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.depot import ONE

if TYPE_CHECKING:
    from tests.cli.depot import Depot

PAGE = f"services/{ONE}.yaml"
PATCH = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: gone, namespace: shop}\nspec: {replicas: 3}\n"
COMMANDS = [
    ("bump", ONE, "--env", "prod", "--tag", "1.2.0", "--push"),
    ("bump", ONE, "--env", "prod", "--tag", "1.2.0"),
    ("promote", ONE, "--to", "prod"),
    ("publish",),
]


def broken(depot: Depot) -> None:
    """Bring a patch of nothing to the remote, past every check, and a page that nobody rendered for yet."""
    depot.write(PAGE, depot.file(PAGE) + "environments: {prod: {patches: [gone.yaml]}}\n")
    depot.write(f"overlays/prod/{ONE}/patches/gone.yaml", PATCH)
    assert depot("generate").code == 0
    depot.push("A patch")
    depot.by_somebody(f"{depot.prefix}{PAGE}", depot.file(PAGE).replace("replicas: 2", "replicas: 3"))
    depot.pull()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_adds_to_it(depot: Depot, command: tuple[str, ...]) -> None:
    """The finding says what to do after the accident: the commit that mends it is not enough."""
    broken(depot)
    refs, state = depot.refs(), depot.state()

    answer = depot(*command)

    assert answer.code == 1, answer.text
    assert f"overlays/prod/{ONE}/kustomization.yaml" in answer.stderr
    assert "error ARG010: the overlay does not build, and nothing may be pushed: " in answer.stderr
    assert "if it was pushed already, mend it and then `argocd app sync` it" in answer.stderr
    assert (depot.refs(), depot.state()) == (refs, state)


def test_a_dry_run_says_so_too(depot: Depot) -> None:
    """It proves what would be pushed."""
    broken(depot)
    answer = depot("promote", ONE, "--to", "prod", "--dry-run")
    assert answer.code == 1
    assert " ARG010: " in answer.stderr


def test_validate_finds_it_before_the_commit(depot: Depot) -> None:
    """Where the hook runs it."""
    broken(depot)
    assert depot("generate").code == 0
    answer = depot("validate")
    assert answer.code == 1
    assert f"overlays/prod/{ONE}/kustomization.yaml:1:1: error ARG010: " in answer.stdout
