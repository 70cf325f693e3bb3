from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.tools import pins

if TYPE_CHECKING:
    from generator.tools.pins import Tool


@pytest.mark.parametrize(
    ("argocd", "kustomize"),
    [
        ("3.3.0", "5.8.0"),
        ("3.3.1", "5.8.1"),
        ("3.3.14", "5.8.1"),
        ("3.4.7", "5.8.1"),
        ("v3.5.7", "5.8.1"),
        ("3.5", "5.8.1"),
        ("3.6.0", "5.8.3"),
        ("v3.6.1", "5.8.3"),
    ],
)
def test_argo_cd_decides_the_kustomize(argocd: str, kustomize: str) -> None:
    """We build with what Argo CD will build with."""
    assert pins.kustomize_version_for(argocd) == kustomize


@pytest.mark.parametrize("argocd", ["3.2.9", "3.7.0", "4.0.0", "2.14.1", "latest", "", "3.5.7-rc1"])
def test_an_unknown_argo_cd_names_the_known_ones(argocd: str) -> None:
    """Guessing could prove the wrong thing."""
    with pytest.raises(ToolError, match=r"known are 3\.3\.0 \(kustomize 5\.8\.0\), 3\.3\.1 to 3\.5\.x"):
        pins.kustomize_version_for(argocd)


@pytest.mark.parametrize("tool", [pins.KUSTOMIZE, pins.KUBECONFORM], ids=lambda tool: tool.name)
def test_every_pin_is_whole(tool: Tool) -> None:
    """A SHA-256 for each usual platform and a module sum for each version."""
    assert tool.releases.keys() == tool.sums.keys()
    for platforms in tool.releases.values():
        assert sorted(platforms) == ["darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64"]
        assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in platforms.values())
