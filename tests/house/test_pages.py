"""docs/pages.md: every example on it renders, builds and stands up to the rules; every field of a page is on it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.model.page import Page

from .conftest import REPOSITORY
from .markdown import blocks

if TYPE_CHECKING:
    from tests.conftest import Fairlead

PAGE = REPOSITORY / "docs" / "pages.md"
EXAMPLES = {block.path: block.content for block in blocks(PAGE)}
SERVICES = [Path(path).stem for path in EXAMPLES if path.startswith("services/") and path.count("/") == 1]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory, fairlead: Fairlead) -> Path:
    """A repository made of the examples, every service released to every environment."""
    root = tmp_path_factory.mktemp("examples")
    for path, text in EXAMPLES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    undigested = ("--override", "digest", "--reason", "there are no images behind the examples")
    for environment in ("dev", "prod", "local"):
        answer = fairlead("bump", *SERVICES, "--env", environment, "--tag", "1.0.0", *undigested, root=root)
        assert answer.code == 0, answer.text
    answer = fairlead("generate", root=root)
    assert answer.code == 0, answer.text
    return root


def test_the_examples_are_sound(examples: Path, fairlead: Fairlead) -> None:
    """Kustomize builds what they say, kubeconform takes it, and no rule objects."""
    answer = fairlead("validate", root=examples)

    assert (answer.code, " 0 findings" in answer.stdout) == (0, True), answer.text


@pytest.mark.parametrize("service", SERVICES)
def test_an_example_becomes_an_overlay_in_each_environment(service: str, examples: Path) -> None:
    """No example is silently left out."""
    places = ("dev", "prod", "local")
    overlays = [examples / "overlays" / environment / service / "kustomization.yaml" for environment in places]

    assert all(overlay.is_file() for overlay in overlays)


def test_every_field_of_a_page_is_mentioned() -> None:
    """A field that the reference does not name is one that only the schema knows."""
    words = set(re.findall(r"\w+", PAGE.read_text(encoding="utf-8")))

    assert [field for field in Page.__struct_fields__ if field not in words] == []
