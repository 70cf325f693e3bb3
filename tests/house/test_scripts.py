"""The scripts: what they promise, and what nobody may slip into the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import REPOSITORY, clean_environment, committed_files

SHELL = [
    path
    for path in committed_files()
    if path.startswith(("scripts/", ".ci/")) and (REPOSITORY / path).read_bytes().startswith(b"#!/usr/bin/env bash")
]
# Hosts of package registries; whoever installs decides where from. Escaped, so that this file does not name them.
REGISTRIES = re.compile(r"pypi\.org|pythonhosted\.org|proxy\.golang\.org|sum\.golang\.org|registry\.npmjs\.org")


@pytest.mark.parametrize("script", SHELL)
def test_a_shell_script_stops_at_the_first_error(script: str) -> None:
    """It can be run, bash can read it, and no failure passes unnoticed."""
    assert os.access(REPOSITORY / script, os.X_OK)
    assert "\nset -euo pipefail\n" in (REPOSITORY / script).read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", script], cwd=REPOSITORY, check=True)


def test_ci_only_calls_the_test_script() -> None:
    """What CI decides, a developer's machine decides too."""
    last = (REPOSITORY / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]

    assert last == "exec scripts/test"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo that was kept, made by somebody without any git configuration: its folder, and what it printed."""
    home = tmp_path_factory.mktemp("demo")
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    environment = clean_environment(HOME=str(home), TMPDIR=str(home), XDG_CACHE_HOME=cache)
    answer = subprocess.run(
        ["scripts/demo", "--keep"], cwd=REPOSITORY, env=environment, check=True, capture_output=True, text=True
    )
    return next(home.glob("fairlead-demo.*")), answer.stdout


def test_the_demo_pushes_a_bump_of_one_line(demo: tuple[Path, str]) -> None:
    """That commit on the branch that Argo CD would watch changes one line of one overlay."""
    folder, _ = demo
    shown = subprocess.run(
        ["git", "log", "--format=", "--numstat", "--grep=^Bump frontend in dev", "main"],
        cwd=folder / "gitops.git",
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    )

    assert shown.stdout == "1\t1\toverlays/dev/frontend/kustomization.yaml\n"


def test_the_demo_proves_what_it_pushes(demo: tuple[Path, str]) -> None:
    """Both proofs are sound, and the second one looks only at what changed."""
    _, output = demo

    assert re.findall(r"(\d+) findings", output) == ["0", "0"]
    assert re.findall(r"made now: (\d+)", output)[1] == "1"


def test_the_demo_refuses_what_it_does_not_know() -> None:
    """A misspelt option is no demo."""
    answer = subprocess.run(["scripts/demo", "--kep"], cwd=REPOSITORY, check=False, capture_output=True, text=True)

    assert (answer.returncode, answer.stderr) == (2, "usage: scripts/demo [--keep]\n")


def test_the_benchmark_measures_every_case() -> None:
    """A small run; it checks its own answers: sound, the cache cold when it should be and warm when it should be."""
    small = ["--services", "2", "--rounds", "1", "--repeat", "2", "--starts", "2"]
    benchmark = [sys.executable, "scripts/benchmark.py", *small, "--format", "json"]

    answer = subprocess.run(benchmark, cwd=REPOSITORY, env=clean_environment(), check=True, stdout=subprocess.PIPE)

    report = json.loads(answer.stdout)
    assert report["sizes"][0]["overlays"] == 9
    assert set(report["sizes"][0]["faster_than_loop"]) == {"cold", "warm", "one tag changed"}


def test_no_committed_file_names_a_package_registry() -> None:
    """A lock file with addresses would tie everybody to one of them."""
    named = [
        path
        for path in committed_files()
        if REGISTRIES.search((REPOSITORY / path).read_text(encoding="utf-8", errors="replace"))
    ]

    assert named == []
