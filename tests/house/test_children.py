"""Every child process starts in tools/process.py, which sees to it that its group ends with us."""

from __future__ import annotations

import ast

import pytest

from .test_order import MODULES

# The second one is what tools/process.py runs as a program of its own; it imports nothing of ours, to start fast.
STARTERS = {"generator.tools.process", "generator.tools.supervisor"}
# GitPython starts `git` by itself, for reading alone.
LIBRARY = "generator.repo.library"
MODULES_THAT_START = {"git", "multiprocessing", "pty", "subprocess"}
CALLS_THAT_START = ("os.exec", "os.fork", "os.posix_spawn", "os.popen", "os.spawn", "os.system")


def starts(tree: ast.AST) -> set[str]:
    """Return what in a module can start a process."""
    return {name for name in imported(tree) if name.partition(".")[0] in MODULES_THAT_START} | {
        name for name in imported(tree) | attributes(tree) if name.startswith(CALLS_THAT_START)
    }


def imported(tree: ast.AST) -> set[str]:
    """Return the names that a module imports, with the modules that they come from."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def attributes(tree: ast.AST) -> set[str]:
    """Return every `name.attribute` of a module."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {f"{node.value.id}.{node.attr}" for node in nodes if isinstance(node.value, ast.Name)}


FOUND = {name: starts(ast.parse(path.read_text(encoding="utf-8"))) for name, path in MODULES.items()}


def test_no_other_module_can_start_a_process() -> None:
    """Call `run`, `run_long` or `start_lasting` of tools/process.py."""
    others = FOUND.keys() - STARTERS - {LIBRARY}
    assert {name: FOUND[name] for name in others if FOUND[name]} == {}


def test_the_library_for_git_starts_nothing_else() -> None:
    """What it runs is git, as that is found by us."""
    assert {found.partition(".")[0] for found in FOUND[LIBRARY]} == {"git"}


@pytest.mark.parametrize(
    "text",
    ["import subprocess", "from subprocess import Popen", "import os\nos.execv('a', [])", "from os import fork"],
)
def test_it_would_be_seen(text: str) -> None:
    """In each form that Python has for it."""
    assert starts(ast.parse(text))
