"""What it costs to know which pages depend on which: counted, never timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import Tree
from generator.inputs import dependencies
from generator.inputs.cache_keys import Shelf
from generator.inputs.dependencies import Dependencies
from tests.prove.shop import FILES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OWN = "system: shop\nimage: app\nconfigMap: {data: {A: b}, mountPath: /etc/app}\nvolumes: {v: {emptyDir: {}}}\n"
USING = "system: shop\nimage: app\nenvFrom:\n- configMapRef: {name: common}\n"
COMMON = "system: shop\nconfigMap: {data: {A: b}}\n"
SIZE = 60


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the pages that are read as YAML, in order."""
    found: list[str] = []
    read = dependencies.read_words

    def counted(data: bytes, path: str) -> dependencies.Words | None:
        found.append(path)
        return read(data, path)

    monkeypatch.setattr(dependencies, "read_words", counted)
    return found


def tree(root: Path, page: str, **more: str) -> Tree:
    """Return a repository of many services with this page, and some more."""
    pages = {f"s{number}": page for number in range(SIZE)} | more
    texts = FILES | {f"services/{name}.yaml": text for name, text in pages.items()}
    return Tree(root, {path: text.encode() for path, text in sorted(texts.items())}, memory=root)


def test_pages_that_use_only_their_own_are_not_read(tmp_path: Path, reads: list[str]) -> None:
    """One search through their text tells."""
    shelf = Shelf(tree(tmp_path, OWN.replace("volumes", "containers")))
    assert len({shelf.unit_key(unit) for unit in shelf.paths}) == len(shelf.paths)
    assert reads == []


def test_each_page_is_read_once(tmp_path: Path, reads: list[str]) -> None:
    """Whoever asks, and however many use one ConfigMap; the next run reads none."""
    repository = tree(tmp_path, USING, common=COMMON)
    found = Dependencies(repository)
    assert all(found.pages_of(f"s{number}") == ("common",) for number in range(SIZE))
    assert found.pages_of("common") == ()
    assert sorted(reads) == sorted({*reads})
    reads.clear()
    assert Dependencies(repository).pages_of("s1") == ("common",)
    assert reads == []


def test_a_page_that_all_use_is_digested_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files may have a megabyte."""
    asked: list[str] = []
    digest = Tree.digest

    def counted(tree: Tree, paths: Iterable[str]) -> str:
        asked.extend(kept := [*paths])
        return digest(tree, kept)

    monkeypatch.setattr(Tree, "digest", counted)
    shelf = Shelf(tree(tmp_path, USING, common=COMMON))
    for unit in shelf.paths:
        shelf.unit_key(unit)
    assert asked.count("services/common.yaml") == 2  # once for Argo CD, which is told of every page


def test_pages_that_mount_one_name_do_not_depend_on_each_other(tmp_path: Path) -> None:
    """Only on the page that renders it."""
    page = "system: shop\nimage: app\nvolumes: {ca: {configMap: {name: common}}}\n"
    found = Dependencies(tree(tmp_path, page, common=COMMON))
    assert {found.pages_of(f"s{number}") for number in range(SIZE)} == {("common",)}


def test_a_reference_of_all_services(tmp_path: Path) -> None:
    """Stands once, in the defaults of their system."""
    defaults = FILES["systems/shop.yaml"] + "defaults: {envFrom: [{configMapRef: {name: common}}]}\n"
    texts = {
        **tree(tmp_path, "system: shop\nimage: app\n", common=COMMON).files,
        "systems/shop.yaml": defaults.encode(),
    }
    assert Dependencies(Tree(tmp_path, texts, memory=tmp_path)).pages_of("s1") == ("common",)
