"""Interrupt fairlead at random moments, from its first instruction on: one line, the shell's exit code, nothing left.

`python -m tests.soak.interrupts 120` does so many; scripts/soak takes them along.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.soak.machine import environment, git
from tests.soak.waiting import make_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

# Says that the handlers stand: before that Python itself is starting, and nobody of ours can answer.
START = """
import os, sys
from generator import __main__, interrupt
interrupt.install_handlers()
os.write(int(sys.argv.pop(1)), b".")
__main__.main()
"""
LINES = {signal.SIGINT: "interrupted", signal.SIGTERM: "ended by SIGTERM", signal.SIGHUP: "ended by SIGHUP"}
COMMANDS = (
    ["generate"],
    ["validate"],
    ["status"],
    ["bump", "service-000", "--env", "staging", "--tag", "2.0.0", "--push", "--dry-run"],
    ["bump", "service-000", "--env", "staging", "--tag", "2.0.0", "--push"],
)


def run_interrupts(times: int, seed: int) -> list[str]:
    """Interrupt each command in turn, `times` in all; give what was wrong."""
    chance = random.Random(seed)  # noqa: S311  # moments, not secrets
    with tempfile.TemporaryDirectory(prefix="fairlead-interrupts-", ignore_cleanup_errors=True) as folder:
        site = _Site(Path(folder))
        lasts, codes = zip(*map(site.measured, COMMANDS), strict=True)
        faults: list[str] = []
        for number in range(times):
            which = number % len(COMMANDS)
            delay, how = chance.uniform(0, lasts[which] * 1.1), chance.choice(list(LINES))
            found = site.interrupted(COMMANDS[which], delay, how, codes[which])
            faults += [f"{COMMANDS[which][0]} after {delay:.3f} s, {how.name}: {fault}" for fault in found]
    return faults


class _Site:
    """A repository with its remote, and a folder for everything that is temporary."""

    def __init__(self, folder: Path) -> None:
        self._work, self._temporary = folder / "work", folder / "temporary"
        self._temporary.mkdir()
        make_waiting(self._work, 3)
        git(self._work, "init", "--quiet", "--initial-branch=main")
        git(self._work, "add", "--all")
        git(self._work, "commit", "--quiet", "--message=First")
        git(self._work, "clone", "--quiet", "--bare", str(self._work), str(folder / "gitops.git"))
        git(self._work, "remote", "add", "origin", str(folder / "gitops.git"))
        self._first = git(self._work, "rev-parse", "HEAD").strip()

    def measured(self, command: list[str]) -> tuple[float, int]:
        """Return the seconds that a command takes when nobody interrupts it, and its exit code."""
        self._prepare()
        child = self._start(command)
        began = time.monotonic()
        child.communicate()
        return time.monotonic() - began, child.returncode

    def interrupted(self, command: list[str], delay: float, how: signal.Signals, done: int) -> Iterator[str]:
        """Interrupt a command, and give what is wrong afterwards; `done` is its exit code when it gets to its end."""
        self._prepare()
        child = self._start(command)
        time.sleep(delay)
        child.send_signal(how)
        try:
            _, said = child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            child.kill()
            yield "it does not end"
            return
        yield from self._faults(child.returncode, said, how, done)

    def _faults(self, code: int, said: str, how: signal.Signals, done: int) -> Iterator[str]:
        lines = said.splitlines()
        if code not in {done, 128 + how}:
            yield f"exit {code}: {said}"
        if "Traceback" in said or "Exception ignored" in said:
            yield f"a traceback: {said}"
        if code == 128 + how and lines[-1:] != [LINES[how]]:
            yield f"not one line: {said}"
        if left := sorted(path.name for path in self._temporary.iterdir()):
            yield f"left behind: {left}"
        if left := [path for path in git(self._work, "status", "--porcelain").splitlines() if path.startswith("??")]:
            yield f"left in the repository: {left}"
        if survivors := list(self._running()):
            yield f"still running: {survivors}"

    def _running(self) -> Iterator[str]:
        """Yield what still runs on our files."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(self._temporary) in words or f"{self._work}\0" in words:
                yield words.replace("\0", " ")

    def _prepare(self) -> None:
        git(self._work, "reset", "--quiet", "--hard", self._first)
        git(self._work, "push", "--quiet", "--force", "origin", f"{self._first}:main")
        (self._work / "base/service-000/deployment.yaml").unlink()

    def _start(self, command: list[str]) -> subprocess.Popen[str]:
        """Start a command, and wait until it can be interrupted."""
        ready, told = os.pipe()
        verb, *rest = command
        child = subprocess.Popen(
            [sys.executable, "-c", START, str(told), verb, "--root", str(self._work), *rest],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment() | {"TMPDIR": str(self._temporary)},
            text=True,
            pass_fds=[told],
        )
        os.close(told)
        os.read(ready, 1)
        os.close(ready)
        return child


if __name__ == "__main__":
    print(*run_interrupts(int(sys.argv[1]), seed=int(time.time())), sep="\n")
