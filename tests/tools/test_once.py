from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.findings.errors import ToolError
from generator.tools import pins
from generator.tools.install import ensure
from generator.tools.locate import cached_program, locate
from generator.tools.once import alone
from generator.tools.pins import Tool
from generator.tools.process import run_long

from .children import are_gone, started
from .sailor import PLATFORM, SUM, ReleaseHost, archive, program, put

# A `go` that notes its number, starts a child as Go does, and builds for as long as the file `slow` is there.
SLOW_GO = """#!/bin/sh
echo $$ >>{folder}/started
echo go: downloading example.com/sailor v1.2.3 >&2
echo example.com/sailor/hull >&2
/bin/sleep 60 &
child=$!
echo $child >>{folder}/started
while [ -e {folder}/slow ]; do /bin/sleep 0.05; done
printf '#!/bin/sh\\necho v1.2.3\\nexit\\nmod\\texample.com/sailor\\tv1.2.3\\t{sum}\\n' >"$GOBIN/sailor"
/bin/kill $child
"""
SOURCE = Path(pins.__file__).parents[2]
TOOL = Tool(
    name="sailor",
    version_argument="version",
    archive="",
    package="example.com/sailor/cmd",
    module="example.com/sailor",
    releases={"1.2.3": {f"not-{PLATFORM}": "0000"}},
    sums={"1.2.3": SUM},
    purpose="sails",
)
ASK = f"from generator.tools.install import ensure\nfrom generator.tools.pins import Tool\nensure({TOOL!r}, '1.2.3')"


@pytest.fixture
def slow(path: Path) -> Path:
    """Put the slow `go` on the PATH; give its folder."""
    put(path, "go", SLOW_GO.format(folder=path, sum=SUM))
    (path / "slow").touch()
    return path


def asking() -> subprocess.Popen[str]:
    """Start a process that wants the tool."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.Popen([sys.executable, "-c", ASK], env=environment, stderr=subprocess.PIPE, text=True)


def left(tool: Tool) -> list[str]:
    """Return what is in the tool's folder of the cache, but for the lock."""
    return sorted(path.name for path in cached_program(tool, "1.2.3").parent.iterdir() if path.name != "lock")


def test_those_who_come_later_wait_and_say_for_whom(slow: Path) -> None:
    """One build for all of them."""
    first = asking()
    started(slow)
    others = [asking() for _ in range(3)]
    waiting = [child.stderr.readline() for child in others if child.stderr is not None]
    (slow / "slow").unlink()
    for child in (first, *others):
        child.communicate(timeout=60)
    assert [child.returncode for child in (first, *others)] == [0] * 4
    assert waiting == [f"waiting for another process ({first.pid}) that installs sailor 1.2.3\n"] * 3
    assert len(started(slow)) == 2
    assert locate(TOOL, "1.2.3") is not None


def test_a_build_says_what_it_is_and_how_long_it_took(slow: Path) -> None:
    """What, what for, by which way, and apart from the answer's time how long."""
    (slow / "slow").unlink()
    with asking() as child:
        said = child.communicate(timeout=60)[1].splitlines()
    assert said[0] == "installing sailor 1.2.3, which sails"
    assert said[1].startswith("no release of sailor 1.2.3 to be had (no checksum is pinned for ")
    assert said[1].endswith("; building it by Go takes minutes")
    assert said[2].startswith("installed sailor 1.2.3 in ")
    assert said[2].endswith(f" s, once for this machine: {cached_program(TOOL, '1.2.3')}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_build_and_leaves_nothing(slow: Path, number: signal.Signals) -> None:
    """The toolchain, its children, and the half of a program."""
    child = asking()
    numbers = started(slow)
    child.send_signal(number)
    child.communicate(timeout=60)
    assert child.returncode != 0
    assert are_gone(numbers)
    assert left(TOOL) == []


def test_a_killed_build_ends_too_and_the_next_run_tidies_up(slow: Path) -> None:
    """No process is told of `kill -9`, so the kernel tells the build."""
    child = asking()
    numbers = started(slow)
    child.kill()
    child.communicate(timeout=60)
    assert are_gone(numbers)
    assert any(name.startswith("new-") for name in left(TOOL))
    (slow / "slow").unlink()
    with asking() as second:
        second.communicate(timeout=60)
    assert left(TOOL) == ["sailor", "sailor.json"]


def test_what_a_live_process_makes_is_not_tidied_away(tmp_path: Path) -> None:
    """Patience is bounded, and says which process to look at."""
    with alone(tmp_path / "cache", "the mast", patience=1) as scratch:
        code = (
            "from pathlib import Path\nfrom generator.tools.once import alone\n"
            f"with alone(Path({str(tmp_path / 'cache')!r}), 'the mast', patience=0.2): pass"
        )
        argv, environment = [sys.executable, "-c", code], {**os.environ, "PYTHONPATH": str(SOURCE)}
        ended = subprocess.run(argv, env=environment, check=False, capture_output=True, text=True)
        assert scratch.is_dir()
    assert f"waiting for another process ({os.getpid()}) that installs the mast: not done in 0 s" in ended.stderr
    assert not scratch.exists()


def test_a_folder_that_others_may_write_is_not_built_in(tmp_path: Path) -> None:
    """Another could exchange what is built before it is moved to its place."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    with pytest.raises(ToolError, match="other users may write to it"), alone(tmp_path / "cache", "it", patience=1):
        pytest.fail("built all the same")


def test_notes_of_killed_processes_are_swept(host: ReleaseHost, tmp_path: Path) -> None:
    """Those of live ones stay."""
    tools = tmp_path / "cache/tools"
    tools.mkdir(parents=True, mode=0o700)
    with subprocess.Popen(["/bin/true"]) as gone:
        gone.wait()
    for name in (f"known.json.{gone.pid}-1", f"known.json.{os.getpid()}-1"):
        (tools / name).touch()
    ensure(host.publish(archive("sailor", program("1.2.3"))), "1.2.3")
    assert sorted(path.name for path in tools.glob("known.json.*")) == [f"known.json.{os.getpid()}-1"]


def test_lines_are_told_as_they_come(tmp_path: Path) -> None:
    """A build says how far it is while it is at it."""
    told: list[str] = []
    code = "import sys; print('out'); print('one', file=sys.stderr); print('two', file=sys.stderr); raise SystemExit(7)"
    ended = run_long([sys.executable, "-I", "-c", code], cwd=tmp_path, timeout=30, on_line=told.append)
    assert (ended.stdout, ended.stderr, ended.returncode) == (b"out\n", "one\ntwo\n", 7)
    assert told == ["one", "two"]


def test_a_build_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """With all that it started."""
    note = tmp_path / "started"
    script = f"sleep 60 & echo $! >{note}; echo $$ >>{note}; wait"
    with pytest.raises(ToolError, match=r"^sh -c: no answer after 1 s, killed$"):
        run_long(["/bin/sh", "-c", script], env={"PATH": "/usr/bin:/bin"}, timeout=1, on_line=lambda _: None)
    assert are_gone([int(number) for number in note.read_text().split()])
