"""Many writers at once on one branch: nothing may be lost, nothing may land twice. Run by scripts/soak.

Every writer is a process of its own that runs `fairlead promote` on real git, over a local bare repository or over
`git http-backend`. Afterwards the branch alone is asked what happened.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.repo.git_server import serve
from tests.soak.interrupts import run_interrupts
from tests.soak.kills import run_kills
from tests.soak.machine import FAIRLEAD, damage, environment, git, git_code
from tests.soak.waiting import NEW_TAG, make_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPETITOR_SECONDS = 2.0
SUPERSEDED = 6

Answers = list[dict[str, Any]]


def main() -> None:
    """Run the scenarios, print a line for each and a summary; exit 1 on any loss."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description="Many writers at once: is anything lost?")
    parser.add_argument(
        "--writers", type=int, default=64, help="writers at once [default: 64; half with a slow server]"
    )
    parser.add_argument("--delay", type=float, default=1.0, help="seconds a push takes in the slow server [default: 1]")
    parser.add_argument("--kills", type=int, default=200, help="kills at random moments [default: 200]")
    parser.add_argument("--interrupts", type=int, default=200, help="signals at random moments [default: 200]")
    options = parser.parse_args()
    few = max(2, options.writers // 2)
    scenarios = [
        ("local", options.writers, Site()),
        ("http", options.writers, Site(http=True)),
        ("competitor", options.writers, Site(competitor=True)),
        ("slow server", few, Site(delay=options.delay)),
    ]
    faults = [fault for name, writers, site in scenarios for fault in ran(name, writers, site)]
    faults += same_service()
    faults += retired(few)
    faults += _killed(options.kills)
    faults += _interrupted(options.interrupts)
    print(
        f"soak: {len(scenarios) + 2} scenarios, {sum(each[1] for each in scenarios) + 2 + few} writers, "
        f"{len(faults)} faults"
    )
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)
    sys.exit(bool(faults))


class Site:
    """Where the writers push to: over HTTP or not, with a slow hook or not, with somebody else pushing or not."""

    def __init__(self, *, http: bool = False, competitor: bool = False, delay: float = 0.0) -> None:
        self.http = http
        self.competitor = competitor
        self.delay = delay


def ran(name: str, writers: int, site: Site) -> list[str]:
    """Let every writer promote a service of its own, and give what went wrong."""
    with _repository(writers, site) as (names, work, bare):
        before = int(git(bare, "rev-list", "--count", "main"))
        began = time.monotonic()
        with _competing(bare) if site.competitor else nullcontext() as others:
            answers = _promoted(work, [[service, "--to", "prod"] for service in names])
        seconds = time.monotonic() - began
        pushed = others.count if others else 0
        faults = [*_failed(answers), *_lost(bare, names), *_twice(bare, before + len(names) + pushed)]
    attempts = sorted(answer.get("attempts", 0) for answer in answers)
    if attempts[-1] < 2:
        faults.append("nobody had to try twice: this proves nothing")
    print(
        f"{name}: {writers} writers, {len(faults)} faults, {seconds:.0f} s, attempts p50 {attempts[writers // 2]} "
        f"max {attempts[-1]}" + (f", {pushed} pushes by a competitor" if site.competitor else ""),
        flush=True,
    )
    return [f"{name}: {fault}" for fault in faults]


def same_service() -> list[str]:
    """Let two jobs promote one service, and give what went wrong: one wins, the other is superseded."""
    with _repository(2, Site(delay=0.5)) as (names, work, bare):
        before = int(git(bare, "rev-list", "--count", "main"))
        answers = _promoted(work, [[names[0], "--to", "prod"]] * 2)
        codes = Counter(answer["exit"] for answer in answers)
        faults = [*_lost(bare, names[:1]), *_twice(bare, before + 1)]
    if codes != Counter({0: 1, SUPERSEDED: 1}):
        faults.append(f"exit codes {dict(codes)}, not one 0 and one {SUPERSEDED}")
    print(f"same service: 2 writers, {len(faults)} faults", flush=True)
    return [f"same service: {fault}" for fault in faults]


def retired(writers: int) -> list[str]:
    """Let one half retire services from prod while the other half promotes others there, and give what went wrong."""
    with _repository(writers, Site(http=True)) as (names, work, bare):
        before = int(git(bare, "rev-list", "--count", "main"))
        going, staying = names[::2], names[1::2]
        steps = [["retire", service, "--env", "prod", "--push"] for service in going]
        tokens = [answer.get("token", "") for answer in _answers(work, steps)]
        confirmed = [[*step, "--confirm", token, "--reason", "soak"] for step, token in zip(steps, tokens, strict=True)]
        answers = _answers(work, [*confirmed, *(["promote", service, "--to", "prod"] for service in staying)])
        faults = [*_failed(answers), *_lost(bare, staying), *_left(bare, going), *_twice(bare, before + len(names))]
    attempts = max(answer.get("attempts", 0) for answer in answers)
    print(f"retire and promote: {writers} writers, {len(faults)} faults, attempts max {attempts}", flush=True)
    return [f"retire: {fault}" for fault in faults]


def _left(bare: Path, services: list[str]) -> Iterator[str]:
    """Yield the services whose retirement from prod is not on the branch."""
    files = git(bare, "ls-tree", "-r", "--name-only", "main").splitlines()
    for service in services:
        if f"retired/prod/{service}.yaml" not in files or f"overlays/prod/{service}/kustomization.yaml" in files:
            yield f"{service} is in prod still"


def _killed(kills: int) -> list[str]:
    """Kill commands at random moments, and give what went wrong; the seed is printed, so that it can be had again."""
    seed = int(time.time())
    faults = run_kills(kills, seed) if kills else []
    print(f"kills: {kills} of bump, generate, promote and retire, {len(faults)} faults (seed {seed})", flush=True)
    return faults


def _interrupted(times: int) -> list[str]:
    """Tell commands to end at random moments, and give what went wrong."""
    seed = int(time.time())
    faults = run_interrupts(times, seed) if times else []
    print(f"interrupts: {times} of generate, validate, status and bump, {len(faults)} faults (seed {seed})", flush=True)
    return faults


@contextmanager
def _repository(services: int, site: Site) -> Iterator[tuple[list[str], Path, Path]]:
    """Make a bare repository whose services wait for prod; give their names, a checkout of it, and itself."""
    with tempfile.TemporaryDirectory(prefix="fairlead-soak-", ignore_cleanup_errors=True) as folder:
        work, bare = Path(folder) / "work", Path(folder) / "server" / "gitops.git"
        names = make_waiting(work, services)
        git(work, "init", "--quiet", "--initial-branch=main")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "Released to staging")
        git(work, "clone", "--quiet", "--bare", str(work), str(bare))
        _slow_down(bare, site.delay)
        with serve(bare.parent) if site.http else nullcontext() as server:
            address = f"{server.url}/{bare.name}" if server else str(bare)
            git(work, "remote", "add", "origin", address)
            git(work, "fetch", "--quiet", "origin")
            yield names, work, bare


def _slow_down(bare: Path, seconds: float) -> None:
    """Let every push take that long: git refuses another one to the same ref only at its end."""
    if seconds:
        hook = bare / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ncat >/dev/null\nsleep {seconds}\n", encoding="utf-8")
        hook.chmod(0o755)


def _promoted(work: Path, jobs: list[list[str]]) -> Answers:
    """Let each job promote, all at once, and give their answers."""
    return _answers(work, [["promote", *job] for job in jobs])


def _answers(work: Path, jobs: list[list[str]]) -> Answers:
    """Start one process for each job, all at once, and give their answers."""
    children = [
        subprocess.Popen(
            [FAIRLEAD, *job, "--root", work, "--format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        for job in jobs
    ]
    return [_answer(child, job) for child, job in zip(children, jobs, strict=True)]


def _answer(child: subprocess.Popen[str], job: list[str]) -> dict[str, Any]:
    stdout, stderr = child.communicate()
    answer = json.loads(stdout) if stdout.strip() else {}
    return {"attempts": 0, **answer, "job": " ".join(job), "exit": child.returncode, "stderr": stderr}


def _failed(answers: Answers) -> Iterator[str]:
    for answer in answers:
        if answer["exit"] != 0:
            yield f"{answer['job']} exits {answer['exit']}: {answer['stderr'][-2000:]}"


def _lost(bare: Path, services: list[str]) -> Iterator[str]:
    """Yield the services whose promotion is not on the branch."""
    for service in services:
        record = yaml.safe_load(git(bare, "show", f"main:overlays/prod/{service}/kustomization.yaml"))
        if record["images"][0]["newTag"] != NEW_TAG:
            yield f"{service} is lost: prod has {record['images'][0]['newTag']}"


def _twice(bare: Path, expected: int) -> Iterator[str]:
    """Yield what says that a commit landed twice or not at all, or that the history was rewritten."""
    count = int(git(bare, "rev-list", "--count", "main"))
    if count != expected:
        yield f"{count} commits on the branch, not {expected}"
    marks = git(bare, "log", "--format=%(trailers:key=Promotion-Id,valueonly,separator=)", "main").split()
    for mark, times in Counter(marks).items():
        if times > 1:
            yield f"{mark} landed {times} times"
    if said := damage(bare):
        yield said


class _Competitor:
    """Pushes a commit of its own every two seconds, as another tool would."""

    def __init__(self, bare: Path, folder: Path) -> None:
        self._folder = folder / "competitor"
        self._stop = threading.Event()
        self.count = 0
        git(folder, "clone", "--quiet", str(bare), str(self._folder))
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(COMPETITOR_SECONDS):
            git(self._folder, "fetch", "--quiet", "origin")
            git(self._folder, "reset", "--quiet", "--hard", "origin/main")
            (self._folder / "notes.txt").write_text(f"{self.count}\n", encoding="utf-8")
            git(self._folder, "add", "notes.txt")
            git(self._folder, "commit", "--quiet", "--message", "A note")
            self.count += git_code(self._folder, "push", "--quiet", "origin", "HEAD:main") == 0

    def stop(self) -> None:
        """End after the push that is under way."""
        self._stop.set()
        self._thread.join()


@contextmanager
def _competing(bare: Path) -> Iterator[_Competitor]:
    with tempfile.TemporaryDirectory(prefix="fairlead-competitor-") as folder:
        competitor = _Competitor(bare, Path(folder))
        try:
            yield competitor
        finally:
            competitor.stop()
