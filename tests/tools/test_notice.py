from __future__ import annotations

import io
import sys
import time
from typing import TYPE_CHECKING

from generator.tools import notice
from generator.tools.golang import Go
from generator.tools.notice import Notice

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Terminal(io.StringIO):
    """A terminal that keeps what it was sent."""

    def isatty(self) -> bool:
        """Return yes."""
        return True


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifteen seconds apart, so that no CI takes the silence for a hang."""
    assert notice._LOG_SECONDS == 15  # noqa: SLF001 - the figure is the promise
    monkeypatch.setattr(notice, "_LOG_SECONDS", 0.05)
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Notice("etcd 3.6.8") as work:
        work.step("12 modules fetched, 3 packages built")
        time.sleep(0.3)
    lines = stream.getvalue().splitlines()
    assert len(lines) > 1
    assert set(lines) == {"etcd 3.6.8: 12 modules fetched, 3 packages built, 0 s"}


def test_a_terminal_shows_the_last_state_and_then_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that is written over, and wiped at the end."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(notice, "_TERMINAL_SECONDS", 0.05)
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with Notice("etcd 3.6.8") as work:
        work.step("half")
        time.sleep(0.2)
    said = stream.getvalue()
    assert "\r\x1b[Ketcd 3.6.8: half, 0 s" in said
    assert "\n" not in said
    assert said.endswith("\r\x1b[K")


def test_words_of_others_are_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server chooses the reason of its refusal."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Notice("it") as work:
        work.say("no release (HTTP Error 404: \x1b[2J\n::add-mask::x)")
    assert stream.getvalue() == "no release (HTTP Error 404: \\x1b[2J\\n::add-mask::x)\n"


def test_packages_and_modules_are_counted(tmp_path: Path, path: Path) -> None:
    """As `go build -v` names them; other words are its complaints."""
    told: list[str] = []
    (path / "go").write_text(
        "#!/bin/sh\necho go: downloading example.com/a v1.0.0 >&2\necho example.com/a >&2\necho fmt >&2\n"
    )
    (path / "go").chmod(0o755)
    go = Go(tmp_path, {}, 30, told.append)
    go.expect(9)
    go.run("build")
    assert told[-1] == "1 modules fetched, 2 of at most 9 packages built"
