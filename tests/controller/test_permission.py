"""What a project permits: every answer in these tables was given by Argo CD 3.5.7 itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.controller.permission import (
    ApplicationDestination,
    is_destination_permitted,
    is_kind_permitted,
    is_source_permitted,
)

HERE = "https://git.example.com/a/b.git"
SOURCES = [
    ([HERE], True),
    (["https://git.example.com/A/b"], True),
    ([], False),
    (["*"], True),
    (["https://git.example.com/*"], False),
    (["https://git.example.com/*/*"], True),
    (["https://git.example.com/**"], True),
    (["*", "!https://git.example.com/a/b"], False),
    (["!https://git.example.com/a/c"], True),
    (["!*"], True),
    (["https://git.example.com/{a,x}/b"], False),
]
DESTINATIONS = [
    ([{"name": "dev", "namespace": "shop"}], True),
    ([{"server": "https://a", "namespace": "shop"}], True),
    ([{"name": "dev", "namespace": "other"}], False),
    ([{"name": "*", "namespace": "sh*"}], True),
    ([{"server": "*", "namespace": "*"}, {"server": "https://a", "namespace": "!kube-*"}], True),
    ([{"server": "*", "namespace": "*"}, {"server": "https://a", "namespace": "!sh*"}], False),
    ([{"server": "*", "namespace": "*"}, {"server": "https://b", "namespace": "!sh*"}], True),
    ([{"name": "!dev", "namespace": "*"}, {"name": "*", "namespace": "*"}], False),
    ([{"name": "*", "namespace": "*"}, {"name": "!dev", "namespace": "other"}], False),
    ([{"server": "*", "namespace": "*"}, {"server": "!https://a", "namespace": "other"}], True),
    ([{"server": "*", "namespace": "*"}, {"server": "!https://a", "namespace": "shop"}], False),
]
KINDS = [
    ({}, "apps", "Deployment", True, True),
    ({}, "", "Namespace", False, False),
    ({"namespaceResourceWhitelist": []}, "apps", "Deployment", True, False),
    ({"namespaceResourceWhitelist": [{"group": "*", "kind": "Dep*"}]}, "apps", "Deployment", True, True),
    ({"namespaceResourceBlacklist": [{"group": "apps", "kind": "*"}]}, "apps", "Deployment", True, False),
    ({"clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}]}, "", "Namespace", False, True),
    ({"clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "x"}]}, "", "Namespace", False, True),
    ({"clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "y*"}]}, "", "Namespace", False, False),
]


@pytest.mark.parametrize(("patterns", "permitted"), SOURCES)
def test_sources(patterns: list[str], *, permitted: bool) -> None:
    """Addresses are compared without case and `.git`; a bare `*` crosses slashes, a denied one does not."""
    assert is_source_permitted({"spec": {"sourceRepos": patterns}}, HERE) is permitted


def test_a_source_by_ssh_in_either_form() -> None:
    """`git@host:path` is `ssh://git@host/path`."""
    granted = {"spec": {"sourceRepos": ["git@git.example.com:a/*"]}}
    assert is_source_permitted(granted, "ssh://git@git.example.com/a/b.git")


@pytest.mark.parametrize(("entries", "permitted"), DESTINATIONS)
def test_destinations(entries: list[dict[str, str]], *, permitted: bool) -> None:
    """By name or server and namespace; an entry with `!` that does not fit ends the search."""
    granted = {"spec": {"destinations": entries}}
    assert is_destination_permitted(granted, ApplicationDestination("dev", "https://a", "shop")) is permitted


def test_what_hangs_on_the_cluster_is_not_told() -> None:
    """An Application states the name, the project the server: only the cluster's registration knows both."""
    granted = {"spec": {"destinations": [{"server": "https://a", "namespace": "shop"}]}}
    assert is_destination_permitted(granted, ApplicationDestination("dev", None, "shop")) is None
    assert is_destination_permitted(granted, ApplicationDestination("dev", None, "other")) is False


def test_the_cluster_of_argo_cd_has_a_name_and_a_server() -> None:
    """Without being registered."""
    granted = {"spec": {"destinations": [{"name": "in-cluster", "namespace": "*"}]}}
    assert (
        is_destination_permitted(granted, ApplicationDestination(None, "https://kubernetes.default.svc", "argocd"))
        is True
    )


PATTERNS = st.sampled_from(
    ["", "*", "dev", "!dev", "d*", "!d*", "https://a", "!https://a", "https://*", "shop", "!shop"]
)
ENTRIES = st.lists(st.fixed_dictionaries({"name": PATTERNS, "server": PATTERNS, "namespace": PATTERNS}), max_size=4)


@given(ENTRIES, st.sampled_from(["dev", "prod"]), st.sampled_from(["https://a", "https://b"]))
def test_half_of_the_truth_never_says_the_contrary(entries: list[Any], name: str, server: str) -> None:
    """Whatever is told from a name or a server alone is what both together say."""
    granted = {"spec": {"destinations": entries}}
    whole = is_destination_permitted(granted, ApplicationDestination(name, server, "shop"))
    assert whole is not None
    assert is_destination_permitted(granted, ApplicationDestination(name, None, "shop")) in {whole, None}
    assert is_destination_permitted(granted, ApplicationDestination(None, server, "shop")) in {whole, None}


@pytest.mark.parametrize(("spec", "group", "kind", "namespaced", "permitted"), KINDS)
def test_kinds(spec: dict[str, Any], group: str, kind: str, *, namespaced: bool, permitted: bool) -> None:
    """Without a whitelist all kinds in namespaces and no cluster-wide ones."""
    assert is_kind_permitted({"spec": spec}, group, kind, "x", namespaced=namespaced) is permitted
