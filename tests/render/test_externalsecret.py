from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.clock.timetable import as_go_writes, duration_of
from generator.model.project import SecretStore
from generator.render import externalsecret

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service

STORE = SecretStore(kind="ClusterSecretStore", name="aws-secrets-manager")
PAGE = "{name: orders-service, secrets: {db-credentials: {DB_URL: orders/database-url}}}"


def test_whole(placed: Callable[..., Service]) -> None:
    """Ready before the migrations, and nothing left out of `data` that the API server would add."""
    assert externalsecret.render(placed(PAGE, secret_store=STORE)) == [
        yaml.safe_load("""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata:
          name: db-credentials
          namespace: shop
          labels:
            app: orders-service
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            argocd.argoproj.io/sync-wave: "-2"
        spec:
          refreshInterval: 1h0m0s
          secretStoreRef: {kind: ClusterSecretStore, name: aws-secrets-manager}
          target: {name: db-credentials, creationPolicy: Owner, deletionPolicy: Retain}
          data:
          - secretKey: DB_URL
            remoteRef:
              key: orders/database-url
              conversionStrategy: Default
              decodingStrategy: None
              metadataPolicy: None
        """)
    ]


@pytest.mark.parametrize(
    "store",
    [None, SecretStore(kind="File", path="secrets.local.yaml"), SecretStore(kind="SecretProviderClass")],
    ids=["none", "a file", "another way"],
)
def test_none_without_such_a_store(placed: Callable[..., Service], store: SecretStore | None) -> None:
    """Then somebody else makes the Secret."""
    assert externalsecret.render(placed(PAGE, secret_store=store)) == []


def test_none_in_the_base(base: Callable[[str], Service]) -> None:
    """A store is an environment's."""
    assert externalsecret.render(base(PAGE)) == []


def test_a_secret_without_keys_is_made_elsewhere(placed: Callable[..., Service]) -> None:
    """The page only uses it."""
    assert externalsecret.render(placed("secrets: {legacy: {}}", secret_store=STORE)) == []


@pytest.mark.parametrize(
    ("text", "key", "property_"),
    [("a/b", "a/b", None), ("a/b#c", "a/b", "c"), ("a#b.c", "a", "b.c"), ("a#b#c", "a", "b#c")],
)
def test_one_property_of_an_entry(placed: Callable[..., Service], text: str, key: str, property_: str | None) -> None:
    """The first `#` parts the two."""
    (manifest,) = externalsecret.render(placed(f"secrets: {{db: {{KEY: '{text}'}}}}", secret_store=STORE))
    reference = manifest["spec"]["data"][0]["remoteRef"]

    assert (reference["key"], reference.get("property")) == (key, property_)


def test_the_interval_is_as_the_operator_writes_it(placed: Callable[..., Service]) -> None:
    """It reads the object into Go's type and writes it back; in other words Argo CD would see a change."""
    store = SecretStore(kind="SecretStore", name="shop", refreshInterval="90m")
    (manifest,) = externalsecret.render(placed(PAGE, secret_store=store))

    assert manifest["spec"]["refreshInterval"] == "1h30m0s"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1h", "1h0m0s"),
        ("1h0m0s", "1h0m0s"),
        ("60m", "1h0m0s"),
        ("90s", "1m30s"),
        ("30s", "30s"),
        ("1.5s", "1.5s"),
        ("0.25s", "250ms"),
        ("0s", "0s"),
        ("100h", "100h0m0s"),
    ],
)
def test_durations_as_go_writes_them(text: str, written: str) -> None:
    """`time.Duration.String()`."""
    assert as_go_writes(duration_of(text) or timedelta()) == written


@given(st.integers(min_value=1000, max_value=10**9).map(lambda number: timedelta(milliseconds=number)))
def test_a_duration_keeps_its_length(duration: timedelta) -> None:
    """To the millisecond, which is as fine as pages write it."""
    assert duration_of(as_go_writes(duration)) == duration
