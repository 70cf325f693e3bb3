"""Every file that the README shows is that file, and every command in it runs."""

from __future__ import annotations

import doctest
import os
import shlex
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest
import yaml

from generator.cli.command_table import COMMANDS
from generator.tools.locate import cached_program
from generator.tools.pins import KUSTOMIZE
from tests.generated import REFRESH

from .conftest import REPOSITORY, clean_environment
from .markdown import Block, blocks

ADOPTION = "How a team adopts it"
README = blocks(REPOSITORY / "README.md")
SHOWN = [block for block in README if block.language == "yaml" and block.section != ADOPTION]
CONSOLE = [block for block in README if block.language == "console"]
STEPS = [block for block in README if block.section == ADOPTION]
SCRIPTS = [block for block in README if block.language == "sh" and block.section != ADOPTION]

# Run by other means: scripts/test runs this very test, scripts/check is its first half.
ABOVE_THIS_TEST = {"scripts/test", "scripts/check"}


def test_every_block_is_of_a_language_that_is_tested() -> None:
    """A block in another language would be neither compared nor run."""
    assert {block.language for block in README} == {"sh", "console", "yaml", "text"}


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.path)
def test_a_shown_file_is_the_file(block: Block) -> None:
    """What stands beside the page in the README is what generate writes."""
    assert block.content == (REPOSITORY / block.path).read_text(encoding="utf-8"), REFRESH


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: f"line {block.line}")
def test_a_session_goes_as_shown(block: Block, repository_copy: Path, with_fairlead: dict[str, str]) -> None:
    """Each `$` command exits 0 and prints what follows it; `...` stands for anything."""
    checker = doctest.OutputChecker()
    for command, expected in block.commands():
        answer = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=repository_copy,
            env=with_fairlead,
            check=True,
            capture_output=True,
            text=True,
        )
        assert checker.check_output(expected, answer.stdout, doctest.ELLIPSIS), f"$ {command}\n{answer.stdout}"


@pytest.mark.parametrize("block", SCRIPTS, ids=lambda block: f"line {block.line}")
def test_the_scripts_run(block: Block, with_fairlead: dict[str, str]) -> None:
    """Each script that the README names is there and, unless it is what runs this test, exits 0."""
    for command in block.text.splitlines():
        assert os.access(REPOSITORY / command, os.X_OK)
        if command not in ABOVE_THIS_TEST:
            subprocess.run([command], cwd=REPOSITORY, env=with_fairlead, check=True, stdout=subprocess.DEVNULL)


def test_a_team_can_adopt_it_step_by_step(repository_copy: Path, tmp_path: Path) -> None:
    """The steps, taken in order in an empty repository, with this repository in the place of the published one."""
    home, team = tmp_path / "home", tmp_path / "team"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\nname = test\nemail = test@example.com\n"
        f'[url "{repository_copy.as_uri()}"]\ninsteadOf = https://github.com/fairlead/fairlead\n',
        encoding="utf-8",
    )
    team.mkdir()
    environment = clean_environment(
        HOME=str(home),
        PATH=f"{Path(sys.base_prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
        XDG_CACHE_HOME=os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        PRE_COMMIT_HOME=str(tmp_path / "pre-commit"),
    )
    environment.pop("VIRTUAL_ENV", None)
    script = "set -euxo pipefail\ngit init -q\n" + "".join(_step(block) for block in STEPS)

    answer = subprocess.run(
        ["bash"], input=script, cwd=team, env=environment, check=False, capture_output=True, text=True
    )

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 findings" in answer.stdout
    assert (team / "overlays/dev/web/kustomization.yaml").is_file()
    assert not (team / "overlays/prod/web").exists()
    assert answer.stdout.count("Passed") == 2


def test_the_workflow_runs_what_the_hook_runs() -> None:
    """The CI of the README installs a release, calls the two commands of the hooks, and shows what Argo CD would do."""
    workflow = yaml.safe_load(next(block.content for block in STEPS if block.path.startswith(".github/")))
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    steps = [step["run"] for step in workflow["jobs"]["fairlead"]["steps"] if "run" in step]

    generate, validate = (hook["entry"] for hook in hooks)
    assert steps[1] == "fairlead tools install kustomize kubeconform etcd kube-apiserver"
    assert steps[2:] == [
        generate,
        f"{validate} --base origin/main --api-server --no-install",
        "fairlead argocd plan --base origin/main --changed --no-install",
    ]


def test_the_workflow_keeps_the_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that `fairlead tools install` fills, under a key that changes with the tools that are wanted."""
    workflow = yaml.safe_load(next(block.content for block in STEPS if block.path.startswith(".github/")))
    steps = workflow["jobs"]["fairlead"]["steps"]
    cache = next(step["with"] for step in steps if step.get("uses", "").startswith("actions/cache@"))
    release = next(step["run"] for step in steps if "pip install" in step.get("run", "")).rpartition("@")[2].strip('"')

    monkeypatch.delenv("FAIRLEAD_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/runner")
    assert cache["path"] == str(cached_program(KUSTOMIZE, "5.8.1").parents[2]).replace("/home/runner", "~")
    for part in (release, "runner.os", "runner.arch", "hashFiles('gitops.yaml')"):
        assert part in cache["key"]


def test_the_workflow_only_gives_options_that_there_are() -> None:
    """No other test runs it: it is for a CI of somebody's own."""
    workflow = yaml.safe_load(next(block.content for block in STEPS if block.path.startswith(".github/")))
    for step in workflow["jobs"]["fairlead"]["steps"]:
        command = shlex.split(step.get("run", ""))
        if command[:1] == ["fairlead"]:
            words = list(takewhile(lambda word: not word.startswith("-"), command))
            shown = _help(words)
            assert [word for word in command if word.startswith("-") and word not in shown] == []


def test_every_command_is_in_the_table() -> None:
    """A command that the README does not name is one that nobody finds."""
    lines = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `fairlead ")]

    assert [row.split("`")[1].split()[1] for row in rows] == list(COMMANDS)


def _help(command: list[str]) -> str:
    program = Path(sys.executable).with_name(command[0])
    return subprocess.run([program, *command[1:], "--help"], check=True, capture_output=True, text=True).stdout


def _step(block: Block) -> str:
    if block.language == "sh":
        return block.text
    path = shlex.quote(block.path)
    return f"mkdir -p $(dirname {path})\ncat >{path} <<'END'\n{block.content}END\n"
