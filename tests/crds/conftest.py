"""A shop with a custom object of its own, and a server that counts who asks it."""

from __future__ import annotations

from tests.offline import counter, widget_shop

__all__ = ["counter", "widget_shop"]
