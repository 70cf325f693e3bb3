from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from generator.render import configmap

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """A ConfigMap holds the page's data and goes before the workload."""
    assert configmap.render(base("configMap: {data: {B: two, A: one}}")) == yaml.safe_load("""
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
    assert configmap.render(base("image: orders")) is None


def test_checksum_ignores_order(base: Callable[[str], Service]) -> None:
    """The same data in another order has the same checksum, so pods are not replaced for it."""
    first = configmap.checksum(base("configMap: {data: {A: one, B: two}}"))

    assert configmap.checksum(base("configMap: {data: {B: two, A: one}}")) == first


def test_checksum_is_of_canonical_json(base: Callable[[str], Service]) -> None:
    """The checksum is the SHA-256 of the data as canonical JSON, so that it never changes by itself."""
    expected = "21f76dfbfe6dfe21f762080ef484112cf2952974cef30741fd1931e1c6d92112"

    assert configmap.checksum(base("configMap: {data: {b: '2', a: '1'}}")) == {"checksum/config": expected}


def test_no_checksum_without_data(base: Callable[[str], Service]) -> None:
    """An empty ConfigMap leaves the pods without an annotation."""
    assert configmap.checksum(base("configMap: {name: settings}")) == {}
