"""What a pull request brings is bounded as a whole, not only file by file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.disk import tree
from generator.findings.errors import InputError
from tests.offline import put
from tests.rlimits import refused_within

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

LARGE = 4 << 20


@pytest.mark.parametrize("command", ["generate", "validate", "status"])
def test_folders_inside_of_each_other_are_refused(widget_shop: Path, command: str) -> None:
    """A thousand of them ended in a traceback."""
    (widget_shop / "overlays/dev" / "/".join("d" * 40)).mkdir(parents=True)
    said = refused_within(widget_shop, command)
    assert f"overlays/dev/{'d/' * 30}d:1:1: error SPC001: a folder deeper than 32; take out" in said


def test_too_many_files_are_refused(widget_shop: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the file that is one too many; a million equal ones cost git nothing."""
    monkeypatch.setattr(tree, "MOST_FILES", 50)
    for number in range(100):
        put(widget_shop, f"base/many/{number}.yaml", "a: b\n")
    answer = fairlead("validate", root=widget_shop)
    assert answer.code == 2
    assert "error SPC001: more than 50 files or 1024 MiB in all, up to this file" in answer.stderr


def test_too_much_in_all_is_refused(widget_shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file on its own would be fine."""
    monkeypatch.setattr(tree, "LARGEST_TREE", 3 * LARGE)
    for number in range(5):
        path = put(widget_shop, f"base/large/{number}.yaml", "")
        os.truncate(path, LARGE)
    with pytest.raises(InputError, match=r"base/large/\d.yaml:1:1: error SPC001: more than "):
        tree.read(widget_shop)
