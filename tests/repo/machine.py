"""A machine on which git knows nothing but one .gitconfig."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from generator.folders.trust import cache_directory
from tests.repo.site import IDENTITY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder whose .gitconfig is all that git knows, and a folder for temporary files of its own."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_", "SSH_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", os.fspath(cache_directory()))  # the tools that are there already
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", os.fspath(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("TMPDIR", os.fspath(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path / "temporary"))
    (tmp_path / "home" / ".gitconfig").write_text(IDENTITY, encoding="utf-8")
    return tmp_path / "home"
