"""One service from folders to objects, with the fallback from the short to the whole OpenAPI document."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build.printed import read_printed
from generator.build.wrapper import Wrapper
from generator.kubernetes.packs import openapi_document, openapi_left_out
from generator.tools.kustomize import BuildError
from tests.preview.hub import config_map, overlay, write

VERSION = "5.8.1"
LEASE = "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: a}\n"


@pytest.fixture
def wrapper(kustomize: Path) -> Wrapper:
    """Return the wrapper that proofs use."""
    return Wrapper(kustomize, openapi_document(VERSION), openapi_left_out(VERSION))


def built_in(folder: Path) -> list[str]:
    """Return the folders in which wrappers were laid."""
    return sorted(path.name for path in folder.iterdir())


def test_several_folders_are_built_in_one_process(wrapper: Wrapper, tmp_path: Path) -> None:
    """Text and value of each object, with the short document alone."""
    write(tmp_path, overlay("a", config_map("a")) | overlay("b", config_map("b")))
    targets = [tmp_path / "overlays/dev/a", tmp_path / "overlays/dev/b"]
    printed = wrapper.build_objects(tmp_path / "build", targets)
    assert [each.manifest["metadata"]["name"] for each in printed] == ["a", "b"]
    assert all(each.text.startswith("apiVersion: v1\n") for each in printed)
    assert built_in(tmp_path / "build") == [".short"]


def test_a_kind_that_the_short_document_lacks_is_built_with_the_whole_one(wrapper: Wrapper, tmp_path: Path) -> None:
    """Kustomize knows how to merge it, which the short document does not say."""
    write(tmp_path, overlay("a", LEASE))
    (printed,) = wrapper.build_objects(tmp_path / "build", [tmp_path / "overlays/dev/a"])
    assert printed.manifest["kind"] == "Lease"
    assert built_in(tmp_path / "build") == [".short", ".whole"]


def test_without_a_short_document_there_is_nothing_to_fall_back_from(kustomize: Path, tmp_path: Path) -> None:
    """A version of kustomize that we have no short document for."""
    write(tmp_path, overlay("a", LEASE))
    Wrapper(kustomize, None).build_objects(tmp_path / "build", [tmp_path / "overlays/dev/a"])
    assert built_in(tmp_path / "build") == [".short"]


def test_output_that_is_no_yaml_is_a_build_that_failed() -> None:
    """Callers have one error to think of, and people read why."""
    with pytest.raises(BuildError) as caught:
        read_printed(["a: [\n"], Path("overlays/dev/a"))
    assert caught.value.reason.startswith("unreadable output: while parsing a flow")
