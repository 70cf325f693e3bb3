"""`fairlead schemas`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Say

NAMES = ["gitops", "system", "environment", "cluster", "service"]


def test_they_are_written_into_the_repository(say: Say, shop: Path) -> None:
    """One for each kind of page; a second run writes nothing."""
    assert say("schemas", "export").out == "".join(f"wrote {name}.schema.json\n" for name in NAMES)
    assert sorted(path.name for path in (shop / "schemas").iterdir()) == sorted(f"{name}.schema.json" for name in NAMES)
    assert say("schemas", "export").out == "nothing to do, 5 unchanged\n"


def test_a_changed_one_is_drift(say: Say, shop: Path) -> None:
    """Exit 1 and its name; nothing is written."""
    say("schemas", "export")
    path = shop / "schemas" / "cluster.schema.json"
    path.write_text("{}")
    said = say("schemas", "export", "--check")
    assert (said.code, said.out) == (
        1,
        "cluster.schema.json:1:1: not what the model says; run `fairlead schemas export`\n",
    )
    assert path.read_text() == "{}"


def test_into_another_folder(say: Say, tmp_path: Path) -> None:
    """Outside a repository too."""
    said = say("schemas", "export", "made", "--format", "json", where=tmp_path)
    assert json.loads(said.out) == {"written": [f"{name}.schema.json" for name in NAMES], "unchanged": 0}
    assert len(list((tmp_path / "made").iterdir())) == len(NAMES)


def test_a_folder_that_cannot_be_written_is_named(say: Say, tmp_path: Path) -> None:
    """Exit 3, no traceback."""
    (tmp_path / "file").touch()
    said = say("schemas", "export", str(tmp_path / "file" / "folder"))
    assert said.code == 3
    assert said.err == f"{tmp_path}/file/folder: Not a directory\n"
