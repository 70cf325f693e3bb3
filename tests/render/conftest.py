from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
import yaml

from generator.model.page import Page
from generator.model.service import Placement, Service

if TYPE_CHECKING:
    from collections.abc import Callable

PLACEMENT = Placement(
    environment="prod",
    production=True,
    cluster="coffeemesh",
    region="eu-west-1",
    account="111122223333",
    kubernetes_version="1.35",
    registry="111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    domain="coffeemesh.com",
    certificate="arn:aws:acm:eu-west-1:111122223333:certificate/abc",
)

# What the built-in defaults say of every pod; a page without them takes no fields away.
_DEFAULTS = {"enableServiceLinks": False, "automountServiceAccountToken": False}


def _service(page: str, placement: Placement | None) -> Service:
    return Service(
        name="orders",
        system="coffeemesh",
        namespace="shop",
        page=msgspec.convert({**_DEFAULTS, **(yaml.safe_load(page) or {})}, Page),
        placement=placement,
    )


@pytest.fixture
def base() -> Callable[[str], Service]:
    """Make the service `orders` from a page, without an environment."""
    return lambda page: _service(page, None)


@pytest.fixture
def placed() -> Callable[..., Service]:
    """Make the service `orders` from a page, in production; keywords change the placement."""
    return lambda page, **change: _service(page, msgspec.structs.replace(PLACEMENT, **change))


@pytest.fixture
def full() -> str:
    """Return the text of a page that uses every kind and nearly every word."""
    return (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")
