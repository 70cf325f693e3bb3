"""The schema folders hold exactly what their lock files name, byte for byte."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.kubernetes import packs
from tests.generated import REFRESH

REPOSITORY = Path(packs.__file__).parents[2]


@pytest.mark.parametrize("name", ["kubernetes", "kustomize", "crds"])
def test_every_file_is_the_locked_one(name: str) -> None:
    """None edited, none missing, none added."""
    folder = REPOSITORY / "schemas" / name
    files = [path for path in folder.rglob("*.*") if path.is_file() and path.name != "lock.json"]
    sums = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert sums == json.loads((folder / "lock.json").read_text())["files"]


def test_the_schemas_are_those_that_the_wheel_gives() -> None:
    """`scripts/schemas-kubernetes` makes the same bytes again."""
    completed = checked("schemas-kubernetes")
    assert (completed.returncode, completed.stderr) == (0, ""), f"{completed.stdout}{REFRESH}"


@pytest.mark.parametrize("script", ["schemas-crds", "schemas-kustomize"])
def test_the_schemas_are_those_that_the_go_modules_give(script: str) -> None:
    """The same of what comes from Go modules; it takes a minute where they have to be fetched first."""
    completed = checked(script)
    assert (completed.returncode, completed.stderr) == (0, ""), f"{completed.stdout}run scripts/refresh --packs"


def test_a_definition_written_by_hand_names_its_source() -> None:
    """Every file of the pack is from a version of a module, or of a project whose page is named."""
    sources = json.loads((REPOSITORY / "schemas/crds/lock.json").read_text())["source"]
    made = sorted(path for source in sources for path in source["makes"])
    assert made == sorted(json.loads((REPOSITORY / "schemas/crds/lock.json").read_text())["files"])
    assert all(re.fullmatch(r"\S+ v[0-9][0-9.]*", source["from"]) for source in sources)


def checked(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script that compares a folder with what it would make."""
    path = REPOSITORY / "scripts" / script
    return subprocess.run([sys.executable, str(path), "--check"], capture_output=True, text=True, check=False)
