from __future__ import annotations

from typing import Any

import msgspec
import pytest

from generator.model.container import Container
from generator.render import port

HTTP = {"name": "http", "containerPort": 8000, "protocol": "TCP"}

CASES: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
    ("none", {}, []),
    ("the short form is http", {"port": 8000}, [HTTP]),
    ("numbers and whole forms",
     {"port": 8000, "ports": {"dns": {"port": 53, "protocol": "UDP"}, "metrics": 9090}},
     [HTTP, {"name": "dns", "containerPort": 53, "protocol": "UDP"},
      {"name": "metrics", "containerPort": 9090, "protocol": "TCP"}]),
    ("a port called http replaces the short form", {"port": 8000, "ports": {"http": 80}},
     [{"name": "http", "containerPort": 80, "protocol": "TCP"}]),
    ("a port of the node", {"ports": {"metrics": {"port": 9090, "hostPort": 9091, "hostIP": "127.0.0.1"}}},
     [{"name": "metrics", "containerPort": 9090, "hostPort": 9091, "hostIP": "127.0.0.1", "protocol": "TCP"}]),
    ("ports without names",
     {"ports": {"80": 80, "53": {"port": 53, "protocol": "UDP"}}},
     [{"containerPort": 80, "protocol": "TCP"}, {"containerPort": 53, "protocol": "UDP"}]),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_ports(page: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    """Container ports are named unless their key is a number, and always say their protocol."""
    assert port.render(msgspec.convert(page, Container)) == expected


@pytest.mark.parametrize(
    ("page", "number"),
    [({}, None), ({"port": 8000, "ports": {"admin": 81}}, 8000), ({"ports": {"admin": 81, "b": 82}}, 81)],
)
def test_first(page: dict[str, Any], number: int | None) -> None:
    """The container's own port is the short form's, else the first named one."""
    assert port.first(msgspec.convert(page, Container)) == number
