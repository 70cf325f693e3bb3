"""A checkout with CRLF: every verb sees what git would store, and writes what lies there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.depot import ONE, Depot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RENDERED = ("base", "overlays")
SERVICE, RECORD = f"base/{ONE}/service.yaml", f"overlays/staging/{ONE}/kustomization.yaml"


def by_attribute(depot: Depot) -> None:
    """Let the repository say so."""
    depot.write(".gitattributes", "* text eol=crlf\n")
    depot.push("Line ends")


def by_setting(depot: Depot) -> None:
    """Let the user's git say so, as the installer on Windows asks for."""
    depot.git(depot.work, "config", "core.autocrlf", "true")


def check_out_again(depot: Depot) -> None:
    """Have git write every file anew."""
    depot.git(depot.work, "rm", "--quiet", "-r", "--cached", ".")
    depot.git(depot.work, "reset", "--quiet", "--hard")
    assert b"\r\n" in (depot.root / SERVICE).read_bytes()
    assert depot.git(depot.work, "status", "--porcelain") == ""


@pytest.fixture(params=[by_attribute, by_setting], ids=["gitattributes", "autocrlf"])
def windows(request: pytest.FixtureRequest, depot: Depot) -> Depot:
    """Return a checkout whose files have CRLF, and nothing else that differs from the commit."""
    say: Callable[[Depot], None] = request.param
    say(depot)
    check_out_again(depot)
    return depot


def files(depot: Depot) -> dict[str, bytes]:
    """Return every file of the checkout."""
    paths = (path for path in depot.root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(depot.root).as_posix(): path.read_bytes() for path in paths}


def test_nothing_is_drift(windows: Depot) -> None:
    """Nor is anything written, told or asked; a second run remembers the first."""
    before = files(windows)
    for command in (("generate", "--check"), ("generate",), ("generate", "--force"), ("validate",), ("validate",)):
        answer = windows(*command)
        assert answer.code == 0, answer.text
        assert "KUS004" not in answer.text
    assert files(windows) == before


def test_an_edited_page_renders_what_it_changes(windows: Depot) -> None:
    """Each file in the line ends that it has, so that git sees the lines that differ and no more."""
    page = windows.root / f"services/{ONE}.yaml"
    page.write_bytes(page.read_bytes() + b"podLabels: {tier: front}\r\n")
    answer = windows("generate")
    assert answer.code == 0, answer.text
    changed = windows.git(windows.work, "diff", "--numstat", "--", *RENDERED).split()
    assert changed == ["1", "0", f"base/{ONE}/deployment.yaml"]
    data = (windows.root / f"base/{ONE}/deployment.yaml").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert windows("validate").code == 0


def test_a_bump_is_one_line(windows: Depot) -> None:
    """Here, and pushed."""
    assert windows("bump", ONE, "--env", "staging", "--tag", "1.2.0").code == 0
    assert windows.git(windows.work, "diff", "--numstat").split() == ["1", "1", RECORD]
    data = (windows.root / RECORD).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert windows("generate", "--check").code == 0
    windows.git(windows.work, "checkout", "--quiet", "--", ".")
    assert windows("bump", ONE, "--env", "staging", "--tag", "1.2.0", "--push").code == 0
    assert windows.git(windows.bare, "diff", "--numstat", "main^", "main").split() == ["1", "1", RECORD]


def test_a_hand_edit_is_one_all_the_same(windows: Depot) -> None:
    """It is refused, and shown by the line that it is about."""
    path = windows.root / SERVICE
    path.write_bytes(path.read_bytes().replace(b"port: 80\r\n", b"port: 81\r\n"))
    page = windows.root / f"services/{ONE}.yaml"
    page.write_bytes(page.read_bytes() + b"podLabels: {tier: front}\r\n")
    answer = windows("generate")
    assert answer.code == 1
    edit = answer.text.partition("edited by hand")[2]
    assert [line for line in edit.splitlines() if line[:2] in {"- ", "+ "}] == ["-    port: 81", "+    port: 80"]


def test_publish_agrees(windows: Depot) -> None:
    """It finds nothing that is not as committed."""
    before = windows.refs()
    answer = windows("publish")
    assert (answer.code, windows.refs()) == (0, before), answer.text


@pytest.mark.parametrize("ends", [b"\r\n", b"mixed"])
def test_what_git_stores_with_crlf_is_told_once(depot: Depot, ends: bytes) -> None:
    """By `validate`, with the line for .gitattributes; it is the same text, so nothing is rendered over."""
    for path in depot.root.glob("base/*/*.yaml"):
        first, rest = path.read_bytes().split(b"\n", 1)
        path.write_bytes(first + b"\r\n" + (rest if ends == b"mixed" else rest.replace(b"\n", b"\r\n")))
    depot.push("Edited on Windows")
    before = files(depot)
    assert depot("generate", "--check").code == 0
    assert depot("generate").code == 0
    assert files(depot) == before
    answer = depot("validate")
    assert answer.code == 0
    (told,) = [line for line in answer.stdout.splitlines() if "KUS004" in line]
    assert "warning KUS004: the lines of it and of " in told
    assert ".gitattributes" in told


def test_an_editor_that_writes_crlf_is_told_too(depot: Depot) -> None:
    """Nothing keeps it from the next commit."""
    path = depot.root / SERVICE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    answer = depot("validate")
    assert (answer.code, f"{SERVICE}:1:1: warning KUS004: its lines end with CRLF" in answer.stdout) == (0, True)


def test_without_git_there_is_nobody_to_ask(tmp_path: Path, depot: Depot) -> None:
    """The files are the same text."""
    target = tmp_path / "copy"
    shutil.copytree(depot.root, target, ignore=shutil.ignore_patterns(".git"))
    for path in target.glob("*/**/*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert depot.fairlead("generate", "--check", root=target).code == 0
    assert "KUS004" not in depot.fairlead("validate", root=target).text
