"""Many folders built in one process, and told apart again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.build.batch import BuildJob, BuiltFolder, FolderBuilder
from generator.build.wrapper import Wrapper
from generator.kubernetes.packs import openapi_document, openapi_left_out
from generator.tools.kustomize import build
from tests.conftest import CHECKOUT
from tests.preview.hub import config_map, overlay, write

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "5.8.1"


@pytest.fixture
def wrapper(kustomize: Path) -> Wrapper:
    """Return the kustomize that the plan uses."""
    return Wrapper(kustomize, openapi_document(VERSION), openapi_left_out(VERSION))


def made(wrapper: Wrapper, root: Path, *folders: str, group: str = "one") -> dict[str, BuiltFolder]:
    """Build folders in one group."""
    return FolderBuilder(wrapper, root).build([BuildJob(folder, group) for folder in folders])


def test_each_folder_gets_what_a_build_of_its_own_prints(wrapper: Wrapper, kustomize: Path) -> None:
    """Byte for byte, but for the order."""
    folders = [f"overlays/dev/{path.name}" for path in sorted((CHECKOUT / "overlays/dev").iterdir())]
    found = made(wrapper, CHECKOUT, *folders)
    for folder in folders:
        alone = build(kustomize, CHECKOUT / folder).decode().split("\n---\n")
        assert sorted(text.strip() for text in found[folder].texts) == sorted(text.strip() for text in alone)


def test_folders_that_hold_the_same_object(wrapper: Wrapper, tmp_path: Path) -> None:
    """One build would be refused, so each is built alone."""
    write(tmp_path, overlay("a", config_map("same")) | overlay("b", config_map("same"), config_map("more")))
    found = made(wrapper, tmp_path, "overlays/dev/a", "overlays/dev/b")
    assert [len(each.traits) for each in found.values()] == [1, 2]


def test_one_that_fails_leaves_the_others(wrapper: Wrapper, tmp_path: Path) -> None:
    """Its error is kustomize's."""
    write(tmp_path, overlay("a", config_map("a")) | overlay("b", "kind: x\n"))
    found = made(wrapper, tmp_path, "overlays/dev/a", "overlays/dev/b")
    assert found["overlays/dev/a"].traits[0].name == "a"
    assert "missing metadata.name" in found["overlays/dev/b"].error


def test_a_kind_that_the_short_document_lacks(wrapper: Wrapper, tmp_path: Path) -> None:
    """It is built with the whole one."""
    lease = "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: a}\n"
    assert ("coordination.k8s.io/v1", "Lease") in wrapper.left_out
    write(tmp_path, overlay("a", lease))
    assert made(wrapper, tmp_path, "overlays/dev/a", group="")["overlays/dev/a"].traits[0].kind == "Lease"
