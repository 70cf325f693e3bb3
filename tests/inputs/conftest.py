"""A shop with a custom object of its own."""

from __future__ import annotations

from tests.offline import widget_shop

__all__ = ["widget_shop"]
