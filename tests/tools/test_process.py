from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.findings.errors import ToolError
from generator.tools import process
from generator.tools.process import run

from .children import are_gone, started

PYTHON = [sys.executable, "-I", "-c"]

# A run of ours that is told to end while its child, and the child's own child, are at work.
RUN = """
from concurrent.futures import ThreadPoolExecutor
from generator import interrupt
from generator.tools.process import run, run_long

interrupt.install_handlers()
argv = ["/bin/sh", "-c", "echo $$ >>started; /bin/sleep 60 & echo $! >>started; wait"]
{start}
"""
STARTS = {
    "run": "run(argv, timeout=60)",
    "run in a thread": "ThreadPoolExecutor().submit(run, argv, timeout=60).result()",
    "run_long": "run_long(argv, timeout=60, on_line=print)",
}


def test_a_child_that_ends_well_gives_what_it_wrote() -> None:
    """Standard output stays bytes, standard error becomes text."""
    completed = run([*PYTHON, "import sys; print('out'); print('err', file=sys.stderr)"])
    assert (completed.stdout, completed.stderr, completed.returncode) == (b"out\n", "err\n", 0)


def test_a_failing_child_is_an_answer() -> None:
    """What an exit code means is for the caller to say."""
    assert run([*PYTHON, "raise SystemExit(7)"]).returncode == 7


def test_the_environment_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of ours reaches the child, above all no credentials."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do-not-leak")
    assert run(["/usr/bin/env"]).stdout == b""


def test_only_the_given_environment_is_passed() -> None:
    """What a caller passes is all there is."""
    assert run(["/usr/bin/env"], env={"HOME": "/nowhere"}).stdout == b"HOME=/nowhere\n"


def test_input_is_passed_and_ends() -> None:
    """A child that reads until the end of its input comes to that end."""
    assert run([*PYTHON, "print(input())"], stdin=b"hello\n").stdout == b"hello\n"


def test_without_input_there_is_nothing_to_read() -> None:
    """A child never waits for the terminal of the person who started us."""
    assert run([*PYTHON, "import sys; print(sys.stdin.read() == '')"]).stdout == b"True\n"


def test_a_child_runs_in_the_given_folder(tmp_path: Path) -> None:
    """`cwd` is the child's, not ours."""
    assert run([*PYTHON, "import os; print(os.getcwd())"], cwd=tmp_path).stdout.decode().strip() == str(
        tmp_path.resolve()
    )


def test_error_output_that_is_no_text_is_still_shown() -> None:
    """A stray byte in an error message must not hide the message."""
    assert "bad \ufffd" in run([*PYTHON, r"import os; os.write(2, b'bad \xff')"]).stderr


def test_a_missing_program_is_named() -> None:
    """The error says which program could not be started and why."""
    with pytest.raises(ToolError, match=r"^nowhere build: cannot be started: No such file or directory"):
        run(["/does/not/exist/nowhere", "build"])


def test_a_program_that_cannot_be_executed_is_named(tmp_path: Path) -> None:
    """A file without the right to execute is as good as missing."""
    program = tmp_path / "tool"
    program.write_text("")
    with pytest.raises(ToolError, match=r"^tool: cannot be started: Permission denied"):
        run([str(program)])


def test_silence_ends_in_an_error_that_says_how_long() -> None:
    """A child that hangs is killed, and the message says what it was and how long it had."""
    with pytest.raises(ToolError, match=r"^sleep 60: no answer after 0\.2 s, killed$"):
        run(["/bin/sleep", "60"], timeout=0.2)


def test_the_whole_group_is_killed(tmp_path: Path) -> None:
    """A child's own children do not outlive the time limit."""
    survivor = tmp_path / "survivor"
    script = f"(sleep 0.6; echo alive > {survivor}) & sleep 60"
    with pytest.raises(ToolError):
        run(["/bin/sh", "-c", script], env={"PATH": os.defpath}, timeout=0.2)
    time.sleep(0.8)
    assert not survivor.exists()


def test_a_grandchild_that_left_the_group_does_not_hold_us(tmp_path: Path) -> None:
    """Even when a runaway process keeps the pipe open, the call returns soon after its time limit."""
    pid = tmp_path / "pid"
    script = (
        "import pathlib, subprocess, time\n"
        "away = subprocess.Popen(['/bin/sleep', '8'], start_new_session=True)\n"
        f"pathlib.Path({str(pid)!r}).write_text(str(away.pid))\n"
        "time.sleep(60)"
    )
    start = time.monotonic()
    with pytest.raises(ToolError, match="no answer after 1 s"):
        run([*PYTHON, script], timeout=1)
    os.kill(int(pid.read_text()), signal.SIGKILL)
    assert time.monotonic() - start < 5


def test_many_threads_may_run_children_at_once() -> None:
    """Each thread gets the answer of its own child."""
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda number: run(["/bin/echo", str(number)]).stdout, range(40))
    assert list(answers) == [f"{number}\n".encode() for number in range(40)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("start", STARTS)
def test_a_run_that_is_told_to_end_takes_the_group_along(tmp_path: Path, start: str, number: signal.Signals) -> None:
    """However a child was started, nothing of it works on when nobody waits for it."""
    argv = [sys.executable, "-c", RUN.format(start=STARTS[start])]
    environment = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[2])}
    with subprocess.Popen(argv, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as ours:
        numbers = started(tmp_path)
        ours.send_signal(number)
    assert are_gone(numbers)
