"""docs/house.md tells how to add one of each; here somebody does, in a copy, and the tests of the place pass.

Each file in `recipes/` is one addition: what is put into which file, and the tests that are about it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .conftest import REPOSITORY, clean_environment, copy_repository
from .test_order import ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGE = (REPOSITORY / "docs" / "house.md").read_text(encoding="utf-8")
ROOMS = re.findall(r"^- `(\w+)`: .+\.$", PAGE, re.MULTILINE)
RECIPES: Mapping[str, Any] = {
    path.stem: yaml.safe_load(path.read_bytes()) for path in sorted((REPOSITORY / "tests/house/recipes").glob("*.yaml"))
}
# What is tried with every run of the suite; the others with FAIRLEAD_RECIPES=all, a minute more.
ALWAYS = ("command", "field", "rule")
TRIED = sorted(RECIPES) if os.environ.get("FAIRLEAD_RECIPES") == "all" else ALWAYS


def steps(title: str) -> str:
    """Return what docs/house.md says below a heading."""
    return PAGE.partition(f"\n### {title}\n")[2].partition("\n### ")[0].partition("\n## ")[0]


def test_every_room_has_its_sentence_in_the_order_of_imports() -> None:
    """The page and the test of the order cannot say different things."""
    assert ROOMS == ORDER


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_names_every_file_that_is_touched(name: str) -> None:
    """In the order of its steps; it ends with the one command."""
    said = steps(RECIPES[name]["recipe"])
    patterns = [re.sub(r"<[^>]+>", "*", path) for path in re.findall(r"`([\w.<>*/-]+/[\w.<>*/ -]+|README\.md)`", said)]

    below = [f"{pattern}*" for pattern in patterns if pattern.endswith("/")]
    touched = list(dict.fromkeys(edit["file"] for edit in RECIPES[name]["edits"]))
    unnamed = [path for path in touched if not any(fnmatch(path, pattern) for pattern in [*patterns, *below])]

    assert unnamed == []
    assert said.rstrip().endswith("`scripts/refresh`.")


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository to which one of each was added, and that was refreshed."""
    copy = copy_repository(tmp_path_factory.mktemp("house"))
    for name in TRIED:
        for edit in RECIPES[name]["edits"]:
            _apply(copy, edit)
    run = subprocess.run(
        [sys.executable, "scripts/refresh"],
        cwd=copy,
        env=_environment(copy),
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return copy


@pytest.mark.parametrize("name", TRIED)
def test_the_tests_of_the_place_pass_at_once(name: str, extended: Path) -> None:
    """Whoever follows the recipe is right the first time."""
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "0",
            "-q",
            "--no-cov",
            "-p",
            "no:cacheprovider",
            *RECIPES[name]["tests"],
        ],
        cwd=extended,
        env=_environment(extended),
        check=False,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout[-3000:]


def _apply(copy: Path, edit: dict[str, str]) -> None:
    path = copy / edit["file"]
    if "new" in edit:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(edit["new"], encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    assert text.count(edit["before"]) == 1, f"{edit['file']}: where is {edit['before']!r}?"
    path.write_text(text.replace(edit["before"], edit["add"] + edit["before"]), encoding="utf-8")


def _environment(copy: Path) -> dict[str, str]:
    return clean_environment(PYTHONPATH=str(copy))
