"""What an earlier run worked out is not worked out again, and said all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.plan import render_stale
from tests.prove.shop import make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead


@pytest.fixture
def unreleased(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop whose one service is released nowhere, with everything rendered."""
    root = make_shop(tmp_path)
    assert fairlead("generate", root=root).code == 0
    return root


def test_pages_without_a_release_are_not_loaded_again(
    unreleased: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That they are released nowhere is said again, in the same words."""
    first = fairlead("generate", "--format", "json", root=unreleased)
    assert "SPC014" in first.stdout
    monkeypatch.delattr(render_stale, "load")
    assert fairlead("generate", "--format", "json", root=unreleased) == first


def test_a_changed_page_without_a_release_is_loaded(
    unreleased: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of it may have changed."""
    page = unreleased / "services/cart.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace("replicas: 2", "replicas: 3"), encoding="utf-8")
    monkeypatch.delattr(render_stale, "load")
    assert fairlead("generate", root=unreleased).code == 70
