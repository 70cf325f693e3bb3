"""A build with the short OpenAPI document must give the bytes of a build with the one kustomize has built in.

Each folder of `openapi/` is a kustomization over `openapi/objects.yaml`, which has an object of every kind
in use.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from generator.kubernetes import packs
from generator.tools import pins
from generator.tools.install import ensure
from generator.tools.kustomize import build

VERSION = "5.8.1"
CASES = Path(__file__).parent / "openapi"
REPOSITORY = Path(packs.__file__).parents[2]
NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


@pytest.fixture(scope="session")
def kustomize() -> Path:
    """Return the real kustomize whose document was cut down."""
    return ensure(pins.KUSTOMIZE, VERSION)


def short_document() -> str:
    """Read the document under test."""
    path = packs.openapi_document(VERSION)
    assert path
    return path.read_text()


def case(name: str, folder: Path, document: str | None = None) -> Path:
    """Lay out one case in `folder`, with an OpenAPI document of its own or without."""
    shutil.copytree(CASES / name, folder)
    shutil.copy(CASES / "objects.yaml", folder)
    if document is not None:
        (folder / "openapi.json").write_text(document)
        with (folder / "kustomization.yaml").open("a") as kustomization:
            kustomization.write("openapi: {path: openapi.json}\n")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_both_documents_give_the_same_bytes(kustomize: Path, tmp_path: Path, name: str) -> None:
    """Merge keys, `$patch`, names, namespaces, labels, images and quoting of every kind in use."""
    plain = build(kustomize, case(name, tmp_path / "plain"))
    short = build(kustomize, case(name, tmp_path / "short", short_document()))
    assert short.decode() == plain.decode()


@pytest.mark.parametrize("name", ["merge-keys", "delete", "replace"])
def test_the_cases_need_a_document(kustomize: Path, tmp_path: Path, name: str) -> None:
    """With an empty document lists replace each other: the cases above would notice a missing merge key."""
    plain = build(kustomize, case(name, tmp_path / "plain"))
    empty = build(kustomize, case(name, tmp_path / "empty", '{"swagger":"2.0","definitions":{}}'))
    assert empty != plain


def test_a_wrapper_may_name_the_document(kustomize: Path, tmp_path: Path) -> None:
    """The proof builds overlays through a wrapper that names it: they themselves never do."""
    overlay = case("merge-keys", tmp_path / "overlay")
    wrapper = tmp_path / "wrapper"
    wrapper.mkdir()
    (wrapper / "openapi.json").write_text(short_document())
    (wrapper / "kustomization.yaml").write_text("resources: [../overlay]\nopenapi: {path: openapi.json}\n")
    assert build(kustomize, wrapper) == build(kustomize, overlay)


def test_every_kind_in_use_is_among_the_cases() -> None:
    """A kind added to schemas/kinds.txt needs an object here, and a patch for it."""
    lines = (REPOSITORY / "schemas/kinds.txt").read_text().splitlines()
    kinds = {tuple(line.split()) for line in lines if not line.startswith("#")}
    for file in (CASES / "objects.yaml", CASES / "merge-keys/patches.yaml"):
        objects = yaml.safe_load_all(file.read_text())
        assert {(each["apiVersion"], each["kind"]) for each in objects} == kinds


def test_no_case_uses_a_kind_that_was_left_out() -> None:
    """Such a kind is built with the document built in, so it proves nothing here."""
    files = [*CASES.glob("*.yaml"), *CASES.glob("*/*.yaml")]
    objects = [each for file in files for each in yaml.safe_load_all(file.read_text()) if "kind" in each]
    kinds = {(each["apiVersion"], each["kind"]) for each in objects}
    assert not kinds & packs.openapi_left_out(VERSION)
