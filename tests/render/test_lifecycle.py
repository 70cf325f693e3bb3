from __future__ import annotations

from typing import Any

import msgspec
import pytest

from generator.model.container import Lifecycle
from generator.render import probe

CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("sleep", {"preStop": {"sleep": 15}}, {"preStop": {"sleep": {"seconds": 15}}}),
    ("exec, short", {"preStop": {"exec": ["sync"]}}, {"preStop": {"exec": {"command": ["sync"]}}}),
    ("http, own port", {"preStop": {"httpGet": "/quit"}},
     {"preStop": {"httpGet": {"path": "/quit", "port": 8000}}}),
    ("both", {"preStop": {"sleep": 0}, "postStart": {"exec": ["warm"]}},
     {"postStart": {"exec": {"command": ["warm"]}}, "preStop": {"sleep": {"seconds": 0}}}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_lifecycle(page: dict[str, Any], expected: dict[str, Any]) -> None:
    """Hooks come out whole."""
    assert probe.render_lifecycle(msgspec.convert(page, Lifecycle), 8000) == expected


def test_none() -> None:
    """No hooks stay no hooks."""
    assert probe.render_lifecycle(None, 8000) is None
