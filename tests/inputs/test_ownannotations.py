"""A person's own files: words by which kustomize would drop or change objects without telling anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.inputs.ownannotations import kustomize_annotations
from tests.offline import OWN, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n  namespace: shop\n"
ANNOTATIONS = [
    "config.kubernetes.io/local-config",
    "config.kubernetes.io/index",
    "config.kubernetes.io/path",
    "config.kubernetes.io/origin",
    "config.k8s.io/id",
    "alpha.config.kubernetes.io/transformations",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/previousNames",
    "kustomize.config.k8s.io/behavior",
]


@pytest.mark.parametrize("name", ANNOTATIONS)
@pytest.mark.parametrize("command", ["generate", "validate"])
def test_an_annotation_of_kustomize_is_refused_at_its_line(
    widget_shop: Path, fairlead: Fairlead, name: str, command: str
) -> None:
    """With `local-config` the object vanished, exit 0; `previousNames` ended kustomize in a panic."""
    put(widget_shop, OWN, f'{CONFIG}  annotations:\n    {name}: "true"\n')
    answer = fairlead(command, root=widget_shop)
    assert answer.code == 2, answer.text
    assert f"{OWN}:7:5: error KUS001: '{name}' is kustomize's own annotation" in answer.stderr


LOCAL = "config.kubernetes.io/local-config"


@pytest.mark.parametrize(
    "text",
    [
        f"metadata: {{annotations: {{{LOCAL}: a}}}}\n",
        f'metadata: {{"annotations": {{"{LOCAL}": "false"}}}}\n',
        'metadata: {annotations: {"config\\x2ekubernetes\\x2eio\\x2flocal-config": a}}\n',
        f"kind: List\nitems:\n- metadata: {{annotations: {{{LOCAL}: a}}}}\n",
        f"a: b\n---\nmetadata: {{annotations: {{{LOCAL}: a}}}}\n",
        f"metadata: {{annotations: &a {{{LOCAL}: a}}}}\nspec: *a\n",
        "- {op: add, path: /metadata/annotations/config.kubernetes.io~1local-config, value: a}\n",
        f"- {{op: add, path: /metadata/annotations, value: {{{LOCAL}: a}}}}\n",
        f"- {{op: add, path: /metadata, value: {{annotations: {{{LOCAL}: a}}}}}}\n",
        "- {op: copy, from: /metadata/annotations/x, path: /metadata/annotations/config.k8s.io~1id}\n",
        f'{{"metadata": {{"annotations": {{"{LOCAL}": "a"}}}}}}\n',
    ],
)
def test_no_spelling_of_an_annotation_is_missed(text: str) -> None:
    """Lists, streams, aliases, escapes and both kinds of patches."""
    assert len(list(kustomize_annotations(text.encode(), "own.yaml"))) >= 1


@pytest.mark.parametrize(
    "name",
    [
        "config.kubernetes.io/depends-on",
        "example.com/local-config",
        "config.kubernetes.io/local-config-of-ours",
        "internal.example.com/index",
    ],
)
def test_annotations_that_kustomize_leaves_alone_are_fine(widget_shop: Path, fairlead: Fairlead, name: str) -> None:
    """They belong to others."""
    put(widget_shop, OWN, f'{CONFIG}  annotations:\n    {name}: "true"\n')
    assert fairlead("validate", root=widget_shop).code == 0


@pytest.mark.parametrize("text", ["# nothing yet\n", "---\n", ""])
def test_a_resource_that_is_not_built_is_told(widget_shop: Path, fairlead: Fairlead, text: str) -> None:
    """Whatever the reason: an empty file is listed, and nobody gets an object."""
    put(widget_shop, OWN, text)
    answer = fairlead("validate", root=widget_shop)
    assert answer.code == 1, answer.text
    assert f"{OWN}:" in answer.stdout
    assert "error PRF001: kustomize builds without anything of it, and says nothing" in answer.stdout


def test_a_patch_does_not_take_a_resource_away_in_silence(widget_shop: Path, fairlead: Fairlead) -> None:
    """Somebody lists the object, and somebody else deletes it."""
    put(widget_shop, OWN, CONFIG)
    page = widget_shop / "services/cart.yaml"
    page.write_text(page.read_text() + "patches: [less.yaml]\n")
    put(widget_shop, "overlays/dev/cart/patches/less.yaml", f"{CONFIG}$patch: delete\n")
    assert fairlead("generate", root=widget_shop).code == 0
    answer = fairlead("validate", root=widget_shop)
    assert answer.code == 1, answer.text
    assert f"{OWN}:1:1: error PRF001: kustomize builds without ConfigMap own, and says nothing" in answer.stdout
