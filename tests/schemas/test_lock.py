"""The schema folders hold exactly what their lock files name, byte for byte."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from generator import packs

REPOSITORY = Path(packs.__file__).parents[1]


@pytest.mark.parametrize("name", ["kubernetes", "kustomize"])
def test_every_file_is_the_locked_one(name: str) -> None:
    """None edited, none missing, none added."""
    folder = REPOSITORY / "schemas" / name
    files = [path for path in folder.rglob("*.*") if path.is_file() and path.name != "lock.json"]
    sums = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert sums == json.loads((folder / "lock.json").read_text())["files"]


def test_the_schemas_are_those_that_the_wheel_gives() -> None:
    """`scripts/schemas-kubernetes` makes the same bytes again."""
    script = REPOSITORY / "scripts/schemas-kubernetes"
    completed = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (completed.returncode, completed.stderr) == (0, ""), completed.stdout
