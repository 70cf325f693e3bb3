"""The parts of the end-to-end run that need no cluster."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from generator.findings.errors import ToolError
from tests.e2e import state as places
from tests.e2e.e2e import main
from tests.e2e.programs import argocd_recipe, redis
from tests.e2e.servers import Servers, listening
from tests.e2e.steps import STEPS
from tests.e2e.table import Table

_REPOSITORY = Path(__file__).parents[2]


def test_the_page_explains_every_step() -> None:
    """docs/e2e.md has a line for each name that the table shows."""
    page = (_REPOSITORY / "docs" / "e2e.md").read_text(encoding="utf-8")

    assert [name for name in STEPS if f"| `{name}` |" not in page] == []


def test_the_list_says_what_each_step_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In its own words, and nothing is started."""
    monkeypatch.setattr(sys, "argv", ["e2e", "--list"])

    main()

    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == list(STEPS)
    assert all(line.endswith(".") for line in listed)


def test_an_unknown_step_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a run that shows nothing and is green."""
    monkeypatch.setattr(sys, "argv", ["e2e", "--only", "bmup"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2


def test_a_missing_redis_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one program that comes from Debian."""
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)

    with pytest.raises(ToolError, match="apt install --no-install-recommends redis-server"):
        redis()


def test_an_argo_cd_with_an_unknown_engine_is_refused() -> None:
    """Its module alone cannot be built."""
    with pytest.raises(ToolError, match=r"Argo CD 9\.9\.9: its gitops-engine is not known"):
        argocd_recipe("9.9.9")


def test_a_failed_step_does_not_hide_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    """Both are in the table, and whoever asks hears that one failed."""
    table = Table()

    def refused() -> str:
        raise AssertionError("no Application\nwith all the details")

    assert not table.show("bump", refused)
    assert table.show("order", lambda: "Job < Deployment")
    table.write()

    assert [(line.title, line.outcome, line.note) for line in table.lines] == [
        ("bump", "FAILED", "no Application"),
        ("order", "ok", "Job < Deployment"),
    ]
    assert "with all the details" in capsys.readouterr().out


def test_servers_end_with_their_context(tmp_path: Path) -> None:
    """Nobody has to stop them one by one."""
    argv = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]

    with Servers(tmp_path) as servers:
        servers.start("sleeper", argv, dict(os.environ))
        servers.until("sleeper", lambda: servers.last_words("sleeper") == "here")

    assert servers.ended() == ["sleeper"]


def test_a_server_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    """Nobody has to look for the log first."""
    with Servers(tmp_path) as servers:
        servers.start("broken", [sys.executable, "-c", "raise SystemExit('no such port')"], dict(os.environ))

        with pytest.raises(ToolError, match="no such port"):
            servers.until("broken", lambda: listening(1))


def test_the_folder_of_a_killed_run_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not one that was kept on purpose, and not that of a run that lives."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead, kept = (tmp_path / f"fairlead-e2e-{number}-x" for number in (2**22 + 1, 2**22 + 2))
    alive = tmp_path / f"fairlead-e2e-{os.getpid()}-x"
    for folder in (dead, kept, alive):
        folder.mkdir()
    (kept / "kept").touch()

    with places.state(keep=False) as folder:
        assert folder.is_dir()

    assert sorted(tmp_path.iterdir()) == sorted([kept, alive])
