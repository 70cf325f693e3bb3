"""What a message says to write is right: written there, the page is taken, and Kubernetes gets the number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import read
from generator.findings.errors import InputError
from generator.inputs.load import load
from generator.tools.kustomize import build
from generator.yamlio.scalar import whole_numbers
from tests.cases.case import rendered, repository

if TYPE_CHECKING:
    from pathlib import Path

_SAID = re.compile(r"(?P<file>[\w/.-]+):(?P<line>\d+):(?P<column>\d+): error (?P<rest>.*)")
_WRITTEN = re.compile(r"""write (?P<number>"[^"]*"|-?\d+)""")
_CONFLICT = re.compile(r"^<{7}.*\n((?:.*\n)*?)={7}\n((?:.*\n)*?)>{7}.*\n", re.MULTILINE)


def complaints(root: Path) -> list[str]:
    """Return the complaints about a repository."""
    try:
        load(read(root))
    except InputError as error:
        return [str(finding) for finding in error.complaints]
    return []


def follow(root: Path, said: str) -> None:
    """Write what a message says in place of the scalar that it points at."""
    found = _SAID.match(said)
    assert found is not None, said
    written = _WRITTEN.search(found["rest"])
    number = written["number"] if written else "9" * 18  # "at most 18 digits"
    path, at = root / found["file"], int(found["column"]) - 1
    lines = path.read_text(encoding="utf-8").split("\n")
    line = lines[int(found["line"]) - 1]
    rest = re.sub(r'^("[^"]*"|[^,}\]\s]+)', number, line[at:])
    lines[int(found["line"]) - 1] = line[:at] + rest
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("case", ["error-numbers-in-other-notations", "error-numbers-beyond-their-fields"])
def test_a_page_with_the_number_that_is_said_is_taken(case: str) -> None:
    """From the last complaint to the first, so that columns stay true."""
    with repository(case) as root:
        said = complaints(root)
        for each in reversed(said):
            follow(root, each)
        assert said
        assert complaints(root) == []


@pytest.mark.parametrize("case", ["error-merge-conflict", "error-merge-conflict-in-a-record"])
@pytest.mark.parametrize("kept", [0, 1], ids=["ours", "theirs"])
def test_a_page_without_the_markers_of_a_merge_is_taken(case: str, kept: int) -> None:
    """Whichever side is kept; an indented example of a conflict in a text is none."""
    with repository(case) as root:
        said = complaints(root)
        for path in (path for path in root.rglob("*.yaml") if path.name != "api.yaml"):
            text = path.read_text(encoding="utf-8")
            path.write_text(_CONFLICT.sub(lambda found: found[kept + 1], text), encoding="utf-8")
        assert complaints(root) == []
        assert all(" error SPC001: a merge conflict" in each for each in said)


def test_objects_that_get_a_name_are_built(kustomize: Path) -> None:
    """A Job, an object of a list, and a patch."""
    with repository("error-objects-without-a-name") as root:
        own = [*root.glob("overlays/dev/web/resources/*"), *root.glob("overlays/dev/web/patches/*")]
        for path in own:
            text = path.read_text(encoding="utf-8").replace("spec: {paused", "metadata: {}\nspec: {paused")
            for nameless in ("generateName: seed-", "generateName: two-", "labels: {app: web}"):
                text = text.replace(nameless, f"name: {path.stem}")
            path.write_text(text.replace("metadata: {}", "metadata: {name: web, namespace: shop}"), encoding="utf-8")
        assert complaints(root) == []
        rendered(root)
        built = build(kustomize, root / "overlays/dev/web").decode()
    assert built.count("kind: ConfigMap") == 3
    assert "paused: true" in built


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0755", [493, 755]),
        ("0o755", [493]),
        ("0x1f", [31]),
        ("0b11", [3]),
        ("08080", [8080]),
        ("1_000", [1000]),
        ("1e3", [1000]),
        ("-010", [-8, -10]),
        ("12:30", []),
        ("1.5", []),
        ("yes", []),
        ("2026-11-28", []),
    ],
)
def test_the_whole_numbers_that_a_scalar_may_mean(text: str, numbers: list[int]) -> None:
    """The octal one first."""
    assert whole_numbers(text) == numbers
