from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.findings.errors import ToolError
from generator.folders.trust import make_private, require_private
from generator.tools.install import ensure
from generator.tools.locate import locate, record_of

from .sailor import ReleaseHost, archive, program


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def made(path: Path, mode: int = 0o700) -> Path:
    """Make a folder with a mode, whatever the umask."""
    path.mkdir(parents=True)
    path.chmod(mode)
    return path


def is_refused(path: Path) -> bool:
    """Return whether nothing may be believed or made at a path."""
    try:
        require_private(path)
    except ToolError:
        return True
    return False


def test_a_folder_of_ones_own_is_private(home: Path) -> None:
    """As the system makes them; others may read what is there, and with a right to write it no longer is."""
    folder = made(home / "cache/tools", 0o755)
    assert not is_refused(folder)
    folder.chmod(0o775)
    assert is_refused(folder)


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o1777, 0o722])
def test_a_folder_that_others_may_write_is_refused(home: Path, mode: int) -> None:
    """With the command that mends it."""
    folder = made(home / "cache", mode)
    with pytest.raises(ToolError) as raised:
        require_private(folder)
    assert str(raised.value) == (
        f"{folder}: other users may write to it (mode {mode:04o}); run: chmod go-w {folder}, "
        "or set XDG_CACHE_HOME to a folder of your own"
    )
    assert raised.value.exit_code == 3


def test_a_file_that_others_may_write_is_refused(home: Path) -> None:
    """The folder may be sound."""
    file = made(home / "cache") / "program"
    file.touch()
    file.chmod(0o666)
    with pytest.raises(ToolError, match=f"^{file}: other users may write to it"):
        require_private(file)


def test_a_folder_above_counts(home: Path) -> None:
    """Whoever may write there puts another folder in its place; the home folder itself is its user's affair."""
    made(home / "open", 0o777)
    folder = made(home / "open/cache")
    with pytest.raises(ToolError, match=f"^{home}/open: other users may write to it"):
        require_private(folder)
    home.chmod(0o777)
    require_private(made(home / "closed"))


def test_outside_of_the_home_folder_all_folders_above_count(home: Path, tmp_path: Path) -> None:
    """But for one like /tmp, in which nobody can rename what is another's."""
    assert home.is_dir()
    require_private(made(made(tmp_path / "sticky", 0o1777) / "cache"))
    with pytest.raises(ToolError, match=f"^{tmp_path}/open: "):
        require_private(made(made(tmp_path / "open", 0o777) / "cache"))


def test_what_a_link_leads_to_counts(home: Path, tmp_path: Path) -> None:
    """Also where that leads on to a sound one: another could bend the second link."""
    made(tmp_path / "open", 0o777)
    sound = made(home / "sound")
    (home / "good").symlink_to(sound)
    require_private(home / "good")
    (tmp_path / "open/link").symlink_to(sound)
    (home / "bad").symlink_to(tmp_path / "open/link")
    with pytest.raises(ToolError, match=f"^{tmp_path}/open: "):
        require_private(home / "bad" / "file")


@pytest.mark.parametrize("place", ["cache", "cache/tools"])
def test_what_belongs_to_another_user_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Root's is fine: who is root needs no cache."""
    made(home / "cache/tools")
    real = Path.lstat
    strange = os.stat_result((0o040700, 1, 1, 1, 4242, 4242, 0, 0, 0, 0))
    monkeypatch.setattr(Path, "lstat", lambda path: strange if path == home / place else real(path))
    with pytest.raises(ToolError, match=f"^{home}/{place}: belongs to another user \\(uid 4242\\)"):
        require_private(home / "cache/tools")


def test_what_is_not_there_is_fine(home: Path) -> None:
    """It can be made, and is private then; below a folder that others may write it cannot."""
    assert not is_refused(home / "not/there")
    make_private(home / "not/there")
    assert not is_refused(home / "not/there")
    made(home / "open", 0o777)
    assert is_refused(home / "open/not/there")


def test_a_folder_that_is_made_is_open_to_its_owner_alone(home: Path) -> None:
    """With those above it, whatever the umask of the user."""
    before = os.umask(0o000)
    try:
        make_private(home / "a/b")
    finally:
        os.umask(before)
    assert [(home / path).stat().st_mode & 0o777 for path in ("a", "a/b")] == [0o700, 0o700]


def test_a_loop_of_links_is_not_followed_for_ever(home: Path) -> None:
    """It leads nowhere, so nothing can be believed or made there; the folder that it lies in counts all the same."""
    (home / "loop").symlink_to("loop")
    assert not is_refused(home / "loop/file")
    with pytest.raises(OSError, match="loop"):
        make_private(home / "loop/file")
    made(home / "open", 0o777)
    (home / "open/loop").symlink_to("loop")
    assert is_refused(home / "open/loop/file")


@pytest.mark.parametrize("what", ["program", "record", "folder", "cache"])
def test_a_program_that_others_could_have_changed_is_not_run(host: ReleaseHost, tmp_path: Path, what: str) -> None:
    """Neither found nor installed anew: the checksum beside it is worth what the folder is worth."""
    tool = host.publish(archive("sailor", program("1.2.3")))
    installed = ensure(tool, "1.2.3")
    weak = {
        "program": installed,
        "record": record_of(installed),
        "folder": installed.parent,
        "cache": tmp_path / "cache",
    }[what]
    weak.chmod(weak.stat().st_mode | 0o022)
    for attempt in (locate, ensure):
        with pytest.raises(ToolError, match=f"^{weak}: other users may write to it"):
            attempt(tool, "1.2.3")


def test_notes_that_others_could_have_written_are_not_believed(host: ReleaseHost, tmp_path: Path) -> None:
    """They say which bytes a program has: with forged ones a changed program would pass."""
    tool = host.publish(archive("sailor", program("1.2.3")))
    ensure(tool, "1.2.3")
    assert locate(tool, "1.2.3") is not None
    notes = tmp_path / "cache/tools/known.json"
    notes.chmod(0o666)
    with pytest.raises(ToolError, match=f"^{notes}: other users may write to it"):
        locate(tool, "1.2.3")
