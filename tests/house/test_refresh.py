"""What is made from other files is refreshed by one command, and scripts find the tools that they need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.generated import REFRESH

from .conftest import REPOSITORY, clean_environment, committed_files

PYTHON = [
    path
    for path in committed_files()
    if path.startswith("scripts/") and (REPOSITORY / path).read_bytes().startswith(b"#!/usr/bin/env python3")
]


def test_the_rendered_files_of_this_repository_are_those_of_its_pages() -> None:
    """What the README shows of them, too."""
    answer = subprocess.run(
        [sys.executable, "-m", "generator", "generate", "--check"],
        cwd=REPOSITORY,
        env=clean_environment(),
        check=False,
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 0, f"{answer.stdout}{answer.stderr}{REFRESH}"


def test_refresh_runs_every_script_that_writes_a_file_of_the_repository() -> None:
    """They are those with `--check`; one without a step would be forgotten."""
    writing = {path for path in PYTHON if '"--check"' in (REPOSITORY / path).read_text(encoding="utf-8")}
    steps = re.findall(r'\("(scripts/[a-z-]+)"', (REPOSITORY / "scripts" / "refresh").read_text(encoding="utf-8"))

    assert sorted(steps) == sorted(writing - {"scripts/refresh"})


def test_refresh_refuses_what_it_does_not_know() -> None:
    """A misspelt option would rewrite files."""
    answer = subprocess.run(["scripts/refresh", "--chek"], cwd=REPOSITORY, check=False, capture_output=True, text=True)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "scripts/refresh: no option --chek\n"


def test_a_script_finds_the_packages_by_itself(tmp_path: Path) -> None:
    """It can be started from anywhere, by a Python that has none of them."""
    bare = os.pathsep.join([str(Path(sys.base_prefix) / "bin"), "/usr/bin", "/bin"])
    answer = subprocess.run(
        [REPOSITORY / "scripts" / "rules-docs", "--check"],
        cwd=tmp_path,
        env=clean_environment(PATH=bare),
        check=False,
        capture_output=True,
        text=True,
    )

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "docs/rules.md: unchanged\n", "")
