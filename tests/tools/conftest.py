"""The real tools, installed when they are missing: no test is skipped for want of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.tools import pins
from generator.tools.install import ensure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def kustomize() -> Path:
    """Give a real kustomize of the version that Argo CD 3.5 bundles."""
    return ensure(pins.KUSTOMIZE, "5.8.1")


@pytest.fixture(scope="session")
def kubeconform() -> Path:
    """Give a real kubeconform."""
    return ensure(pins.KUBECONFORM, pins.KUBECONFORM_VERSION)
