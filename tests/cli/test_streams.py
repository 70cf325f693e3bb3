"""Where the answer goes, and where a command starts, when neither is what it should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import run
from tests.conftest import CHECKOUT

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
COMMANDS = [["--help"], ["--version"], ["rules"], ["rules", "--format", "json"], ["generate", "--help"]]


def fairlead(arguments: list[str], stdout: int) -> tuple[int, str]:
    """Run fairlead in a process of its own; give its exit code and what it complained of."""
    argv = [sys.executable, "-m", "generator", *arguments]
    ended = subprocess.run(argv, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
    return ended.returncode, ended.stderr


@needs_full
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_answer_that_cannot_be_written_is_a_fault_of_the_machine(arguments: list[str]) -> None:
    """A full disk: one line that says so, and exit code 3."""
    descriptor = os.open(FULL, os.O_WRONLY)
    try:
        assert fairlead(arguments, descriptor) == (3, "cannot write the answer: No space left on device\n")
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_answer_that_nobody_reads_ends_quietly(arguments: list[str]) -> None:
    """`fairlead rules | head -1`: no word about it, and the exit code of a broken pipe."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert fairlead(arguments, writing) == (141, "")
    finally:
        os.close(writing)


@pytest.mark.parametrize(
    "arguments",
    [["generate"], ["validate"], ["explain", "web"], ["schemas", "export"], ["doctor"], ["generate", "--root", "."]],
    ids=" ".join,
)
def test_a_deleted_folder_is_said_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """The shell stands in a folder that somebody removed."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert run(arguments) == 2
    assert capsys.readouterr().err.startswith("the current folder no longer exists")


def test_bad_input_is_data_too_where_data_is_asked_for(tmp_path: Path) -> None:
    """`--format json` gives complaints with rule, file, line and column, and the exit code stays."""
    (tmp_path / "gitops.yaml").write_text("repoURL: x\n", encoding="utf-8")
    argv = [sys.executable, "-m", "generator", "validate", "--format", "json", "--root", str(tmp_path)]
    said = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    answer = json.loads(said.stdout)
    assert said.returncode == answer["exitCode"] == 2
    assert {complaint["rule"] for complaint in answer["complaints"]} == {"SPC008"}
    assert answer["complaints"][0]["place"] == {"file": "gitops.yaml", "line": 1, "column": 1}
