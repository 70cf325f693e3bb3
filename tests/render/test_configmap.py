from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from generator.render import configmap

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """A ConfigMap holds the page's data and goes before the workload."""
    (manifest,) = configmap.render(base("configMap: {data: {B: two, A: one}}"))

    assert manifest == yaml.safe_load("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: orders
          namespace: shop
          labels:
            app: orders
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            argocd.argoproj.io/sync-wave: "-2"
        data: {B: two, A: one}
    """)


def test_none_without_the_word(base: Callable[[str], Service]) -> None:
    """A page without `configMap` has no ConfigMap."""
    assert configmap.render(base("image: orders")) == []


def test_checksum_ignores_order(base: Callable[[str], Service]) -> None:
    """The same data in another order has the same checksum, so pods are not replaced for it."""
    first = configmap.checksum(base("configMap: {data: {A: one, B: two}}"), {})

    assert configmap.checksum(base("configMap: {data: {B: two, A: one}}"), {}) == first


def test_checksum_is_of_canonical_json(base: Callable[[str], Service]) -> None:
    """The checksum is the SHA-256 of the data as canonical JSON, so that it never changes by itself."""
    expected = "21f76dfbfe6dfe21f762080ef484112cf2952974cef30741fd1931e1c6d92112"

    assert configmap.checksum(base("configMap: {data: {b: '2', a: '1'}}"), {}) == {"checksum/config": expected}


def test_no_checksum_without_data(base: Callable[[str], Service]) -> None:
    """An empty ConfigMap leaves the pods without an annotation."""
    assert configmap.checksum(base("configMap: {name: settings}"), {}) == {}


OPTIONS = "argocd.argoproj.io/sync-options"


@pytest.mark.parametrize(
    ("letter", "fits"),
    [("a", 239_000), ("<", 39_000), ("\u2028", 39_000), ("\n", 119_000), ("é", 119_000)],
    ids=["plain", "escaped by Go", "and of three bytes", "escaped by all", "of two bytes"],
)
def test_an_object_too_large_for_an_annotation_is_merged_by_the_server(
    base: Callable[[str], Service], letter: str, fits: int
) -> None:
    """What counts is its JSON as Go writes it: that is what a plain apply keeps in an annotation."""

    def annotations(number: int) -> dict[str, str]:
        (manifest,) = configmap.render(base(f'configMap: {{data: {{text: "{yaml_text(letter * number)}"}}}}'))
        found: dict[str, str] = manifest["metadata"]["annotations"]
        return found

    assert OPTIONS not in annotations(fits)
    assert annotations(fits * 27 // 26)[OPTIONS] == "ServerSideApply=true"


def yaml_text(text: str) -> str:
    """Write a text between double quotes."""
    return text.replace("\n", "\\n").replace("\u2028", "\\L")
