"""Annotations that kustomize cannot build are refused where they are written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.inputs.annotations import annotation_complaints
from generator.tools.kustomize import build
from generator.yamlio import dump, parse
from generator.yamlio.scalar import taken_for

if TYPE_CHECKING:
    from pathlib import Path

UNBUILDABLE = {
    "1": "a number",
    "1.5": "a number",
    "0x1F": "a number",
    "1e3": "a number",
    "1_000": "a number",
    "true": "a boolean",
    "False": "a boolean",
    "null": "null",
    "~": "null",
    "": "null",
    "2024-05-01": "a date",
}
BUILDABLE = ["yes", "on", "y", "12:30:45", "0o", "v1", "example.com/1", "1.2.3"]


def complaints(text: str) -> list[str]:
    """Return the complaints about a page."""
    document, problems = parse(text.encode(), "services/web.yaml")
    assert not problems
    assert document is not None
    return [str(found) for found in annotation_complaints(document)]


def built(kustomize: Path, folder: Path, key: str) -> bytes:
    """Build an object with an annotation of this key."""
    metadata = {"name": "web", "annotations": {key: "x"}}
    (folder / "object.yaml").write_text(dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}))
    (folder / "kustomization.yaml").write_text("resources: [object.yaml]\n")
    return build(kustomize, folder)


@pytest.mark.parametrize(("key", "taken"), UNBUILDABLE.items())
def test_kustomize_refuses_the_key(kustomize: Path, tmp_path: Path, key: str, taken: str) -> None:
    """What we say that it takes the key for, it takes it for: it cannot build the object."""
    assert taken_for(key) == taken
    with pytest.raises(ToolError):
        built(kustomize, tmp_path, key)


@pytest.mark.parametrize("key", BUILDABLE)
def test_kustomize_builds_the_key(kustomize: Path, tmp_path: Path, key: str) -> None:
    """Other keys pass, those that only YAML 1.1 takes for a boolean among them."""
    assert not taken_for(key)
    assert os.fsencode(key) in built(kustomize, tmp_path, key)


@pytest.mark.parametrize("around", ["", "service", "ingress", "serviceAccount"])
def test_the_key_is_pointed_at(around: str) -> None:
    """Wherever a page holds annotations of an object."""
    head, indent = (f"{around}:\n", "  ") if around else ("image: web\n", "")
    line = f"services/web.yaml:3:{len(indent) + 3}: error WRK015: "
    message = "kustomize cannot build an object whose annotation key reads as a number: `1`; rename it"
    assert complaints(f'{head}{indent}annotations:\n{indent}  "1": x\n') == [line + message]


@pytest.mark.parametrize(
    "page", ['podAnnotations: {"1": x}\n', 'labels: {"1": x}\n', 'secrets: {annotations: {"1": x}}\n']
)
def test_what_kustomize_can_build_passes(page: str) -> None:
    """It keeps the quotes of labels and of what is in a pod template."""
    assert complaints(page) == []
