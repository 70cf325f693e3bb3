"""A program is taken where it lies, and installed where it does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from generator.tools.pins import KUSTOMIZE
from generator.tools.program import program

if TYPE_CHECKING:
    import pytest


def test_what_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed then."""
    monkeypatch.setattr("generator.tools.program.locate", lambda *_: Path("found"))
    monkeypatch.setattr("generator.tools.install.ensure", None)
    assert program(KUSTOMIZE, "5.8.1") == Path("found")


def test_what_is_missing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the first run of a machine."""
    monkeypatch.setattr("generator.tools.program.locate", lambda *_: None)
    monkeypatch.setattr("generator.tools.install.ensure", lambda *_: Path("installed"))
    assert program(KUSTOMIZE, "5.8.1") == Path("installed")
