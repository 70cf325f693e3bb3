from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.tools.controlplane import ETCD, ETCD_VERSION, KUBE_APISERVER, kubernetes, kubernetes_release

if TYPE_CHECKING:
    from generator.tools.pins import Tool


@pytest.mark.parametrize("tool", [ETCD, KUBE_APISERVER], ids=lambda tool: tool.name)
def test_every_pin_is_whole(tool: Tool) -> None:
    """A SHA-512 for each usual platform, a module sum and a recipe for each version.

    Intel Macs have none for 1.36: only one copy of the list gives it, so Go builds it there.
    """
    assert tool.releases.keys() == tool.archived.keys() == tool.sums.keys() == tool.recipes.keys()
    for version, platforms in tool.releases.items():
        assert {"darwin/arm64", "linux/amd64", "linux/arm64"} <= platforms.keys()
        assert all(len(bytes.fromhex(sha512)) == 64 for sha512 in platforms.values())
        assert tool.recipes[version].sum == tool.sums[version]
        assert tool.recipes[version].version == version


def test_the_archive_holds_the_minor_version_that_it_stands_in_for() -> None:
    """1.35.4 and 1.35.0 accept the same objects, 1.35 and 1.36 do not."""
    assert all(KUBE_APISERVER.fits(archived, version) for version, archived in KUBE_APISERVER.archived.items())


@pytest.mark.parametrize(
    ("minor", "release"), [("1.33", "1.33.13"), ("1.34", "1.34.4"), ("1.35", "1.35.4"), ("1.36", "1.36.3")]
)
def test_a_minor_version_has_one_release(minor: str, release: str) -> None:
    """The newest that is published as a Go module."""
    assert kubernetes_release(minor) == release


@pytest.mark.parametrize("minor", ["1.32", "1.99", "1", ""])
def test_an_unknown_kubernetes_names_the_known_ones(minor: str) -> None:
    """Another version would accept other objects."""
    with pytest.raises(ToolError, match=r"no API server of it is known; known are 1\.33, 1\.34, 1\.35, 1\.36$"):
        kubernetes_release(minor)


@pytest.mark.parametrize(("found", "fits"), [("3.4.23", False), ("3.5.21", True), ("3.6.4", True), ("", False)])
def test_an_etcd_of_ones_own_will_do(found: str, *, fits: bool) -> None:
    """From the one that the oldest Kubernetes here is made with."""
    assert ETCD.fits(found, ETCD_VERSION) is fits


def test_a_built_kubernetes_knows_its_version() -> None:
    """Else it would call itself v0.0.0-master, which no client can read."""
    recipe = kubernetes("1.35.4", "kubectl", "kube-scheduler")
    assert "-X k8s.io/component-base/version.gitVersion=v1.35.4" in recipe.ldflags
    assert recipe.published == {"k8s.io/": "v0.35.4"}
    assert recipe.packages == {
        "kubectl": "k8s.io/kubernetes/cmd/kubectl",
        "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    }
