"""The gate: what a kustomization may say before kustomize is allowed to read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.disk.tree import Tree
from generator.prove.kustomization_gate import reach

HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def tree(text: str, **others: str) -> Tree:
    """Return a tree whose overlay dev/cart has this kustomization."""
    files = {"overlays/dev/cart/kustomization.yaml": HEAD + text, "base/cart/kustomization.yaml": HEAD, **others}
    return Tree(Path("/nowhere"), {path: content.encode() for path, content in files.items()})


def messages(text: str, **others: str) -> list[str]:
    """Return what the gate says about a kustomization."""
    return [str(finding) for finding in reach(tree(text, **others), "overlays/dev/cart").findings]


@pytest.mark.parametrize(
    "text",
    [
        "resources: [../../../base/cart]\n",
        "resources: [../../../base/cart, ./own.yaml]\npatches:\n- path: own.yaml\n  target: {kind: Deployment}\n",
        'images:\n- {name: cart, newTag: "1.0"}\nlabels:\n- pairs: {a: b}\n  includeSelectors: false\n',
    ],
)
def test_local_files_and_known_keys_pass(text: str) -> None:
    """What fairlead writes, and what a careful person adds, is let through."""
    assert messages(text, **{"overlays/dev/cart/own.yaml": "a: b\n"}) == []


def test_the_reach_names_every_file_of_the_build() -> None:
    """Base, resources and patches are followed."""
    own = {"overlays/dev/cart/own.yaml": "a: b\n", "overlays/dev/cart/unused.yaml": "a: b\n"}
    found = reach(tree("resources: [../../../base/cart, own.yaml]\n", **own), "overlays/dev/cart")
    assert found.files == (
        "base/cart/kustomization.yaml",
        "overlays/dev/cart/kustomization.yaml",
        "overlays/dev/cart/own.yaml",
    )


@pytest.mark.parametrize(
    "key",
    [
        "helmCharts",
        "helmGlobals",
        "helmChartInflationGenerator",
        "generators",
        "transformers",
        "validators",
        "openapi",
        "configMapGenerator",
        "secretGenerator",
        "crds",
        "vars",
        "replacements",
        "bases",
        "patchesStrategicMerge",
        "patchesJson6902",
        "configurations",
    ],
)
def test_keys_that_run_code_or_read_files_are_refused(key: str) -> None:
    """An allow-list: whatever is not known to be harmless is refused, at its line."""
    found = messages(f"{key}: []\n")
    assert len(found) == 1
    assert found[0].startswith(f"overlays/dev/cart/kustomization.yaml:3:1: error KUS001: '{key}' is not allowed")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://example.com/base", "looks like a remote address"),
        ("github.com/org/repo//base", "looks like a remote address"),
        ("github.com/org/repo", "looks like a remote host"),
        ("git@github.com:org/repo", "looks like a remote address"),
        ("ssh://git@host/repo", "looks like a remote address"),
        ("../base?ref=main", "looks like a remote address"),
        ("file:///etc", "looks like a remote address"),
        ("/etc/passwd", "not a relative path"),
        ("~/secrets.yaml", "not a relative path"),
        ("-x", "not a relative path"),
        ("../../../../outside", "leads outside the repository"),
        ("../../../base/missing", "does not exist"),
        ("a\\\\b", "looks like a remote address"),
    ],
)
@pytest.mark.parametrize("key", ["resources", "components"])
def test_paths_outside_the_repository_are_refused(key: str, target: str, reason: str) -> None:
    """Remote bases, absolute paths and escapes never reach kustomize."""
    found = messages(f'{key}: ["{target}"]\n')
    assert len(found) == 1
    assert found[0].startswith("overlays/dev/cart/kustomization.yaml:3:")
    assert reason in found[0]


def test_a_patch_from_outside_is_refused() -> None:
    """Patches are paths too."""
    assert "leads outside" in messages("patches:\n- path: ../../../../x.yaml\n")[0]


@pytest.mark.parametrize("text", ["commonLabels: {a: b}\n", "labels:\n- pairs: {a: b}\n  includeSelectors: true\n"])
def test_changed_selectors_are_refused(text: str) -> None:
    """KUS002: selectors of running Deployments are immutable."""
    assert ["KUS002" in message for message in messages(text)] == [True]


def test_the_base_is_read_too() -> None:
    """A base is as hostile as an overlay."""
    base = {"base/cart/kustomization.yaml": HEAD + "helmCharts: []\n"}
    assert messages("resources: [../../../base/cart]\n", **base)[0].startswith("base/cart/kustomization.yaml:3:1: ")


def test_a_folder_with_two_kustomizations_is_refused() -> None:
    """The gate and kustomize must not read different files."""
    other = {"base/cart/kustomization.yml": HEAD}
    assert "holds several kustomizations" in messages("resources: [../../../base/cart]\n", **other)[0]


def test_a_circle_ends() -> None:
    """A kustomization that reaches itself is followed once."""
    assert messages("resources: [../cart]\n") == []


def test_text_that_is_no_kustomization_is_refused() -> None:
    """A list, or broken YAML, is named with its line."""
    broken = Tree(Path("/nowhere"), {"overlays/dev/cart/kustomization.yaml": b"- a\n"})
    assert "not a mapping" in str(reach(broken, "overlays/dev/cart").findings[0])


@pytest.mark.parametrize(
    "text",
    [
        "labels:\n- pairs: {a: b}\n  includeselectors: true\n",
        "labels:\n- pairs: {a: b}\n  includeSelectors: false\n  IncludeSelectors: true\n",
        "labels:\n- pairs: {a: b}\n  INCLUDESELECTORS: true\n",
        "labels:\n- pairs: {a: b}\n  fields: [{path: spec/selector/matchLabels, create: true}]\n",
        "Labels:\n- pairs: {a: b}\n  includeSelectors: true\n",
        "CommonLabels: {a: b}\n",
        "patches:\n- Path: ../../../../etc/passwd\n",
        "patches:\n- path: own.yaml\n  target: {Kind: Deployment}\n",
        "images:\n- {name: cart, newname: evil.example.com/cart}\n",
        "replicas:\n- {name: cart, Count: 0}\n",
        "HelmCharts: []\n",
        "resourceS: [https://example.com/x]\n",
    ],
)
def test_keys_that_differ_in_case_are_refused(text: str) -> None:
    """Kustomize reads keys without regard to case; a second spelling must not slip past what is looked at."""
    found = messages(text, **{"overlays/dev/cart/own.yaml": "a: b\n"})
    assert found
    assert all(" error KUS001: " in message and "is not allowed" in message for message in found)


INLINE = "patches:\n- target: {kind: Deployment}\n  patch: |\n    "


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (INLINE + "metadata: {annotations: {config.kubernetes.io/local-config: a}}\n", "KUS001"),
        (INLINE + '[{"op": "add", "path": "/metadata/annotations/config.k8s.io~1id", "value": "a"}]\n', "KUS001"),
        (INLINE + "a: " + "[" * 20_000 + "\n", "SPC002"),
        (INLINE + "a: &a [" + "x, " * 300 + "x]\n    b: &b [" + "*a, " * 300 + "*a]\n    c: [*b, *b]\n", "SPC002"),
        ("commonAnnotations: {config.kubernetes.io/local-config: a}\n", "KUS001"),
    ],
)
def test_words_inside_of_a_kustomization_are_looked_at_too(text: str, rule: str) -> None:
    """A patch that stands in the kustomization itself, and annotations for every object."""
    found = messages(text)
    assert len(found) == 1
    assert found[0].startswith("overlays/dev/cart/kustomization.yaml:")
    assert f" error {rule}: " in found[0]
