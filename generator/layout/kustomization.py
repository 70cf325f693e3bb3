"""Kustomization files, written the way `kustomize edit` writes them, so that its edits stay small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.paths import HEADER
from generator.yamlio import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

API_VERSION = "kustomize.config.k8s.io/v1beta1"


def kustomization(
    resources: Sequence[str],
    patches: Sequence[str] = (),
    images: Sequence[dict[str, str]] = (),
    namespace: str = "",
) -> str:
    """Return the text of a kustomization.yaml; what is empty is left out."""
    value: dict[str, Any] = {"apiVersion": API_VERSION, "kind": "Kustomization"}
    if namespace:
        value["namespace"] = namespace
    if resources:
        value["resources"] = list(resources)
    if patches:
        value["patches"] = [{"path": path} for path in patches]
    if images:
        value["images"] = list(images)
    return rendered(value)


def rendered(value: Any) -> str:
    """Return the text of a rendered file."""
    return HEADER + dump(value)
