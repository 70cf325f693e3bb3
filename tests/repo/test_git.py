"""How git is run: what it gets from this process, and how it ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.repo.failure import Kind, RemoteError
from generator.repo.git import Deadline, Git
from generator.tools import process as module
from tests.repo.site import write_hook

if TYPE_CHECKING:
    from tests.conftest import Git as Run
    from tests.repo.site import Site


@pytest.fixture
def folder(tmp_path: Path, home: Path, git: Run) -> Path:
    """Return an empty repository."""
    assert home.is_dir()
    (tmp_path / "repository").mkdir()
    git(tmp_path / "repository", "init", "--quiet")
    return tmp_path / "repository"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that comes first on the PATH."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "bin"


def git_in(folder: Path, *settings: tuple[str, str], seconds: float = 20.0, secrets: tuple[str, ...] = ()) -> Git:
    """Return git in a folder."""
    return Git(folder, settings, secrets, Deadline.after(seconds))


def test_what_git_prints_is_given_as_it_is(folder: Path) -> None:
    """Bytes as bytes, text without its last newline; a failure is an answer."""
    git = git_in(folder)
    id_ = git.local("hash-object", "-w", "--stdin", stdin=b"\0\xff\n\n").text

    assert git.read("cat-file", "blob", id_) == b"\0\xff\n\n"
    assert git.run("cat-file", "blob", "nothing").code == 128
    assert "Not a valid object name" in git.run("cat-file", "blob", "nothing").stderr


def test_settings_hold_and_are_no_arguments(folder: Path, path: Path) -> None:
    """Credentials are among them, and everybody on the machine can read a command line."""
    write_hook(path / "git", f'echo "$@" >> {path}/lines; PATH="${{PATH#*:}}" exec git "$@"')

    answer = git_in(folder, ("http.extraHeader", "Authorization: 0a1b2c")).local("config", "http.extraheader")

    assert answer.text == "Authorization: 0a1b2c"
    assert "0a1b2c" not in (path / "lines").read_text()


def test_a_hooks_repository_does_not_leak(folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git hook hands its own down; whatever runs then works where it was told to."""
    foreign: dict[str, str | Path] = {
        "GIT_DIR": site.work / ".git",
        "GIT_WORK_TREE": site.work,
        "GIT_INDEX_FILE": site.work / ".git/index",
        "GIT_COMMON_DIR": site.work / ".git",
        "GIT_OBJECT_DIRECTORY": site.work / ".git/objects",
        "GIT_QUARANTINE_PATH": site.work / ".git/objects",
        "GIT_PREFIX": "overlays/",
        "GIT_NAMESPACE": "foreign",
        "GIT_CONFIG": site.work / ".git/config",
        "GIT_CONFIG_PARAMETERS": "'core.worktree'='/'",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.worktree",
        "GIT_CONFIG_VALUE_0": "/",
        "GIT_LITERAL_PATHSPECS": "0",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, os.fspath(value))

    found = git_in(folder).local("rev-parse", "--show-toplevel", "--absolute-git-dir").text

    assert found.splitlines() == [os.fspath(folder), os.fspath(folder / ".git")]
    assert {name: os.environ[name] for name in foreign} == {name: os.fspath(value) for name, value in foreign.items()}


@pytest.mark.parametrize(
    "name",
    ["GIT_TRACE", "GIT_CURL_VERBOSE", "GIT_TRACE_CURL", "GIT_TRACE_PACKET", "GIT_TRACE2", "GIT_TRACE_SETUP"],
)
def test_no_trace_is_printed(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A trace shows what was sent."""
    monkeypatch.setenv(name, "1")

    assert git_in(folder).run("status").stderr == ""


def test_who_commits_may_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CI systems say it so."""
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Deployer")

    assert git_in(folder).local("var", "GIT_AUTHOR_IDENT").text.startswith("Deployer <")


def test_git_never_works_in_another_repository(folder: Path, tmp_path: Path, git: Run) -> None:
    """Neither in one above its folder, nor in the current one when its folder is gone."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "precious").write_text("not committed")
    (folder / "inner").mkdir()

    assert "not a git repository" in git_in(folder / "inner").run("clean", "-ffd").stderr
    assert "cannot change to" in git_in(tmp_path / "gone").run("clean", "-ffd").stderr
    assert (tmp_path / "precious").exists()


def test_a_failure_here_is_a_tool_error(folder: Path) -> None:
    """With git's own words."""
    with pytest.raises(ToolError, match=r"git merge: .*nothing") as raised:
        git_in(folder).local("merge", "nothing")

    assert raised.value.exit_code == 3


def test_a_failure_at_the_remote_has_a_kind(folder: Path) -> None:
    """By what git says on either stream."""
    with pytest.raises(RemoteError) as raised:
        git_in(folder).remote("fetch", "/nowhere/gitops.git")

    assert (raised.value.kind, raised.value.exit_code) == (Kind.ACCESS, 3)
    assert "/nowhere/gitops.git" in str(raised.value)


def test_secrets_are_masked_in_both_streams(folder: Path, path: Path) -> None:
    """Those that were known from the start, and those that were learnt."""
    write_hook(path / "git", "echo known learnt; echo known learnt >&2; exit 1")
    git = git_in(folder, secrets=("known",))
    git.hide(["learnt"])

    with pytest.raises(ToolError, match=r"^git x: \*\*\* \*\*\*\n\*\*\* \*\*\*$"):
        git.local("x")


def test_bytes_that_are_no_text_can_be_shown(folder: Path, path: Path) -> None:
    """A hook may speak Latin-1."""
    write_hook(path / "git", r"printf 'Gr\374\337e' >&2")

    said = git_in(folder).run("x").stderr

    assert said == "Gr\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}e"
    assert said.encode().decode() == said


def test_no_git_is_said_so(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With what to do about it."""
    monkeypatch.setenv("PATH", os.fspath(tmp_path))

    with pytest.raises(ToolError, match="no git on the PATH; install it"):
        git_in(folder).run("status")


def test_a_git_that_is_no_program_is_said_so(folder: Path, path: Path) -> None:
    """Whatever lies there under that name."""
    (path / "git").write_text("\0")
    (path / "git").chmod(0o755)

    with pytest.raises(ToolError, match="cannot be started: Exec format error"):
        git_in(folder).run("status")


def test_the_git_of_a_repository_is_not_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH with the current folder on it means the caller's, not that of the clone."""
    write_hook(folder / "git", "echo from the repository")
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")

    assert git_in(folder).local("rev-parse", "--is-inside-work-tree").text == "true"


SILENT = 'echo $$ > "$TMPDIR/parent"; sleep 600 & echo $! > "$TMPDIR/child"; wait'


def _pids(home: Path) -> list[int]:
    """Return the processes of a silent git, once they run."""
    files = [home.with_name("temporary") / name for name in ("parent", "child")]
    while not all(file.exists() and file.read_text().strip() for file in files):
        time.sleep(0.01)
    return [int(file.read_text()) for file in files]


def _gone(pid: int) -> bool:
    """Wait until a process that was killed is no more, or waits for nothing but to be reaped."""
    for _ in range(1000):
        if _state(pid) in {"", "Z"}:
            return True
        time.sleep(0.01)
    return False


def _state(pid: int) -> str:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return ""


def test_a_silent_git_is_killed_with_its_children(folder: Path, path: Path, home: Path) -> None:
    """A remote helper of git's that lives on would hold the pipes, and go on pushing."""
    write_hook(path / "git", SILENT)

    with pytest.raises(RemoteError, match="no answer after 1 s, killed") as raised:
        git_in(folder, seconds=0.1).remote("push")

    assert raised.value.kind is Kind.TRANSIENT
    assert all(_gone(pid) for pid in _pids(home))


def test_a_child_that_left_cannot_hold_us(
    folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """It is in a session of its own and keeps the pipes; we go on without it."""
    monkeypatch.setattr(module, "_LAST_WORDS", 0.1)
    write_hook(path / "git", f"setsid sh -c '{SILENT}'")

    assert git_in(folder, seconds=0.1).run("push").code == -signal.SIGKILL

    for pid in _pids(home):
        os.kill(pid, signal.SIGKILL)


def test_an_interrupt_kills_git(folder: Path, path: Path, home: Path) -> None:
    """Nothing is pushed after the run has ended."""
    write_hook(path / "git", SILENT)

    main = threading.get_ident()

    def interrupt() -> None:
        _pids(home)
        signal.pthread_kill(main, signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        git_in(folder).run("push")

    assert all(_gone(pid) for pid in _pids(home))


def test_git_cannot_ask_at_the_terminal(folder: Path, path: Path) -> None:
    """It is in a session of its own, which has none: who would ask fails, and says so."""
    write_hook(path / "git", "ps -o sid= -p $$; echo $$; echo $GIT_TERMINAL_PROMPT")

    session, own, prompt = git_in(folder).run("x").text.split()

    assert session == own
    assert prompt == "0"


def test_a_deadline_leaves_a_second() -> None:
    """So that a command that was begun can say what is wrong."""
    deadline = Deadline(100.0, lambda: 98.5)

    assert deadline.left() == 1.5
    assert Deadline(100.0, lambda: 200.0).left() == 1.0


@pytest.mark.parametrize(("seconds", "low_speed"), [(5.0, "5"), (500.0, "30")])
def test_a_slow_transfer_is_given_up(folder: Path, path: Path, seconds: float, low_speed: str) -> None:
    """After 30 s below 1024 bytes a second, or what is left."""
    write_hook(path / "git", 'echo "$GIT_HTTP_LOW_SPEED_LIMIT $GIT_HTTP_LOW_SPEED_TIME"')

    limit, time_ = git_in(folder, seconds=seconds).run("x").text.split()

    assert limit == "1024"
    assert abs(int(time_) - int(low_speed)) <= 1
