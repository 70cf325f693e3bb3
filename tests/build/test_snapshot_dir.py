"""A folder that holds one snapshot after the other."""

from __future__ import annotations

from pathlib import Path

from generator.build.snapshot_dir import Scratch
from generator.disk.cache import PROVEN
from generator.disk.state import state_folder
from generator.disk.tree import Tree, read


def tree(**files: str) -> Tree:
    """Return a snapshot of pages that lies nowhere."""
    return Tree(Path("nowhere"), {f"services/{name}.yaml": text.encode() for name, text in files.items()})


def test_a_snapshot_lies_in_the_folder(tmp_path: Path) -> None:
    """As it would be read from there."""
    held = Scratch(tmp_path / "scratch", tmp_path).hold(tree(web="a", api="b"))
    assert held.root == tmp_path / "scratch" / "tree"
    assert held.files == read(held.root).files == tree(web="a", api="b").files


def test_the_next_one_takes_its_place(tmp_path: Path) -> None:
    """What it lacks goes, and what is the same is not written again."""
    scratch = Scratch(tmp_path / "scratch", tmp_path)
    scratch.hold(tree(web="a", api="b", old="c"))
    page = tmp_path / "scratch" / "tree" / "services" / "api.yaml"
    same = page.stat().st_ino
    page.chmod(0o400)
    held = scratch.hold(tree(web="A", api="b", new="d"))

    assert held.files == read(held.root).files
    assert page.stat().st_ino == same


def test_what_a_repository_remembers_of_proofs_is_taken_over(tmp_path: Path) -> None:
    """Its keys say what they are about, so nothing of it can be wrong here."""
    known = state_folder(tmp_path)
    known.mkdir(parents=True)
    (known / PROVEN).write_bytes(b"remembered")
    Scratch(tmp_path / "scratch", tmp_path)
    assert (tmp_path / "scratch" / "memory" / PROVEN).read_bytes() == b"remembered"


def test_without_a_memory_it_begins_empty(tmp_path: Path) -> None:
    """That costs time and nothing else."""
    Scratch(tmp_path / "scratch", tmp_path)
    assert list((tmp_path / "scratch" / "memory").iterdir()) == []
