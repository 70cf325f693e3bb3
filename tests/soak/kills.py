"""Kill fairlead with -9 at random moments: no torn file, no wrong commit, and the next run needs no manual step.

A kill takes the whole process group, as a container that ends does: fairlead, its git and its kustomize. What is pushed
to is a server of its own.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import yaml

from tests.repo.git_server import serve
from tests.soak.machine import FAIRLEAD, damage, environment, git
from tests.soak.waiting import make_waiting

SERVICES = 3
PAGE_LINE = "replicas: 2\n"
RETIRED = "retired/prod/service-001.yaml"


class Victim(msgspec.Struct, frozen=True):
    """A command that gets killed: how it is prepared (a number makes each round another), and what it has to leave."""

    name: str
    arguments: Callable[[int], list[str]]
    prepare: Callable[[Path, int], None]
    faults: Callable[[Path, Path, int], Iterator[str]]
    confirmed: bool = False

    def command(self, work: Path, number: int) -> list[str]:
        """Return its arguments; of what is done in two steps those of the second, as the first one says them."""
        arguments = self.arguments(number)
        return list(_retired(work, arguments)) if self.confirmed else arguments


def run_kills(kills: int, seed: int) -> list[str]:
    """Kill each command in turn, `kills` times in all; give what was torn, wrong, or needed a hand."""
    chance = random.Random(seed)  # noqa: S311  # moments, not secrets
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="fairlead-kills-", ignore_cleanup_errors=True) as folder:
        work, bare = Path(folder) / "work", Path(folder) / "server" / "gitops.git"
        make_waiting(work, SERVICES)
        git(work, "init", "--quiet", "--initial-branch=main")
        _commit(work, "First")
        git(work, "clone", "--quiet", "--bare", str(work), str(bare))
        with serve(bare.parent) as server:
            git(work, "remote", "add", "origin", f"{server.url}/{bare.name}")
            lasts = {victim.name: _measured(victim, work, bare) for victim in VICTIMS}
            for number in range(1, kills + 1):
                victim = VICTIMS[number % len(VICTIMS)]
                found = list(_round(victim, work, bare, number, chance.uniform(0, lasts[victim.name] * 1.1)))
                faults += [f"kill {number} of {victim.name}: {fault}" for fault in found]
    return faults


def _measured(victim: Victim, work: Path, bare: Path) -> float:
    """Return the seconds that a command takes when nobody kills it."""
    _synchronize(work)
    victim.prepare(work, 0)
    began = time.monotonic()
    _run(work, victim.command(work, 0))
    seconds = time.monotonic() - began
    assert not list(victim.faults(work, bare, 0)), f"{victim.name} goes wrong without being killed"
    return seconds


def _round(victim: Victim, work: Path, bare: Path, number: int, delay: float) -> Iterator[str]:
    """Kill a command after `delay` seconds, look at what it left, run it again, and look once more."""
    _synchronize(work)
    victim.prepare(work, number)
    command = victim.command(work, number)
    child = _start(work, command)
    with suppress(subprocess.TimeoutExpired):
        child.wait(delay)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    yield from torn(work)
    if said := damage(bare):
        yield said
    code, said = _run(work, command)
    if code:
        yield f"the next run exits {code}: {said}"
    yield from torn(work)
    yield from victim.faults(work, bare, number)


def torn(work: Path) -> Iterator[str]:
    """Yield each rendered file that is no whole document."""
    for path in sorted(work.glob("overlays/*/*/*.yaml")) + sorted(work.glob("base/*/*.yaml")):
        if path.name.startswith("."):
            continue  # a temporary file, which the next write sweeps
        text = path.read_text(encoding="utf-8")
        if not text.endswith("\n") or not isinstance(yaml.safe_load(text), dict):
            yield f"{path.relative_to(work)} is torn"


def _synchronize(work: Path) -> None:
    """Bring the checkout to the remote's state; what earlier rounds left there goes, what they remember stays."""
    git(work, "fetch", "--quiet", "origin")
    git(work, "reset", "--quiet", "--hard", "origin/main")
    git(work, "clean", "--quiet", "-fd")


def _tag(work: Path, environment: str, revision: str = "") -> str:
    path = f"overlays/{environment}/service-000/kustomization.yaml"
    text = git(work, "show", f"{revision}:{path}") if revision else (work / path).read_text(encoding="utf-8")
    return str(yaml.safe_load(text)["images"][0]["newTag"])


def _bump_faults(work: Path, _: Path, number: int) -> Iterator[str]:
    if _tag(work, "staging") != f"2.0.{number}":
        yield f"staging has {_tag(work, 'staging')}, not 2.0.{number}"
    if git(work, "diff", "--numstat").split()[:2] != ["1", "1"]:
        yield f"more than one line changed: {git(work, 'diff', '--stat')}"
    yield from _leftovers(work)


def _generate_faults(work: Path, _: Path, number: int) -> Iterator[str]:
    text = (work / "base/service-000/deployment.yaml").read_text(encoding="utf-8")
    if yaml.safe_load(text)["spec"]["replicas"] != number + 3:
        yield "the page's replicas are not rendered"
    code, said = _run(work, ["generate", "--check"])
    if code:
        yield f"generate --check exits {code}: {said}"
    yield from _leftovers(work)


def _leftovers(work: Path) -> Iterator[str]:
    left = [path for path in git(work, "status", "--porcelain").splitlines() if path.startswith("??")]
    if left:
        yield f"left behind: {left}"


def _promote_faults(_: Path, bare: Path, number: int) -> Iterator[str]:
    if _tag(bare, "prod", "main") != f"3.0.{number}":
        yield f"prod has {_tag(bare, 'prod', 'main')}, not 3.0.{number}"
    since = git(bare, "log", "-1", "--format=%H", "--grep=^Released 3", "main").strip()
    commits = git(bare, "log", "--format=%s", f"{since}..main").splitlines()
    if len(commits) != 1:
        yield f"{len(commits)} commits for one promotion: {commits}"
    if git(bare, "diff", "--numstat", f"{since}..main").split()[:2] != ["1", "1"]:
        yield "more than one line changed"


def _page(work: Path, number: int) -> None:
    page = work / "services" / "service-000.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace(PAGE_LINE, f"replicas: {number + 3}\n"), encoding="utf-8")


def _released(work: Path, number: int) -> None:
    """Release a newer tag to staging, and push it."""
    _run(work, ["bump", "service-000", "--env", "staging", "--tag", f"3.0.{number}"])
    _commit(work, f"Released 3.0.{number}")
    git(work, "push", "--quiet", "origin", "HEAD:main")


def _commit(work: Path, message: str) -> None:
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", message)


def _restored(work: Path, _: int) -> None:
    """Bring back what an earlier round retired, and push it."""
    first = git(work, "rev-list", "--max-parents=0", "HEAD").strip()
    git(work, "checkout", first, "--", "overlays/prod/service-001", "services/service-001.yaml")
    (work / RETIRED).unlink(missing_ok=True)
    if git(work, "status", "--porcelain"):
        _commit(work, "Brought back")
        git(work, "push", "--quiet", "origin", "HEAD:main")


def _retired(work: Path, arguments: list[str]) -> Iterator[str]:
    """Yield the arguments of the second step, as the first one says them."""
    shown = subprocess.run(
        [FAIRLEAD, *arguments, "--root", work, "--format", "json"],
        env=environment(),
        check=True,
        stdout=subprocess.PIPE,
    )
    yield from (*arguments, "--confirm", json.loads(shown.stdout)["token"], "--reason", "soak")


def _retire_faults(_: Path, bare: Path, _number: int) -> Iterator[str]:
    files = git(bare, "ls-tree", "-r", "--name-only", "main").splitlines()
    if RETIRED not in files or any(path.startswith("overlays/prod/service-001/") for path in files):
        yield "service-001 is not retired from prod"
    since = git(bare, "log", "-1", "--format=%H", "--invert-grep", "--grep=^Retire service-001", "main").strip()
    commits = git(bare, "log", "--format=%s", f"{since}..main").splitlines()
    if commits != ["Retire service-001 from prod"]:
        yield f"not one commit for one retirement: {commits}"


VICTIMS = (
    Victim(
        "bump",
        lambda number: ["bump", "service-000", "--env", "staging", "--tag", f"2.0.{number}"],
        lambda _work, _number: None,
        _bump_faults,
    ),
    Victim("generate", lambda _: ["generate"], _page, _generate_faults),
    Victim("promote", lambda _: ["promote", "service-000", "--to", "prod"], _released, _promote_faults),
    Victim(
        "retire",
        lambda _: ["retire", "service-001", "--env", "prod", "--push"],
        _restored,
        _retire_faults,
        confirmed=True,
    ),
)


def _start(work: Path, arguments: list[str]) -> subprocess.Popen[str]:
    command, *rest = arguments
    return subprocess.Popen(
        [FAIRLEAD, command, "--root", work, *rest],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
        process_group=0,
    )


def _run(work: Path, arguments: list[str]) -> tuple[int, str]:
    child = _start(work, arguments)
    _, said = child.communicate()
    return child.returncode, said


if __name__ == "__main__":
    print(*run_kills(int(sys.argv[1]), seed=1), sep="\n")
