from __future__ import annotations

from typing import Any

import msgspec
import pytest

from generator.model.container import Probe
from generator.render import probe

CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("http, short", {"httpGet": "/health"}, {"httpGet": {"path": "/health", "port": 8000}}),
    ("http, port by name", {"httpGet": {"port": "admin"}}, {"httpGet": {"path": "/", "port": "admin"}}),
    ("http, whole",
     {"httpGet": {"path": "/h", "port": 1, "scheme": "HTTPS", "host": "x", "httpHeaders": {"A": "b"}}},
     {"httpGet": {"path": "/h", "port": 1, "scheme": "HTTPS", "host": "x",
                  "httpHeaders": [{"name": "A", "value": "b"}]}}),
    ("exec, short", {"exec": ["curl", "x"]}, {"exec": {"command": ["curl", "x"]}}),
    ("exec, whole", {"exec": {"command": ["curl"]}}, {"exec": {"command": ["curl"]}}),
    ("tcp, number", {"tcpSocket": 9000}, {"tcpSocket": {"port": 9000}}),
    ("tcp, name", {"tcpSocket": "http"}, {"tcpSocket": {"port": "http"}}),
    ("tcp, own port", {"tcpSocket": {"host": "x"}}, {"tcpSocket": {"port": 8000, "host": "x"}}),
    ("grpc, number", {"grpc": 9000}, {"grpc": {"port": 9000}}),
    ("grpc, own port", {"grpc": {"service": "orders"}}, {"grpc": {"port": 8000, "service": "orders"}}),
    ("timings", {"grpc": 1, "initialDelaySeconds": 0, "periodSeconds": 30, "timeoutSeconds": 2,
                 "successThreshold": 1, "failureThreshold": 3, "terminationGracePeriodSeconds": 9},
     {"grpc": {"port": 1}, "initialDelaySeconds": 0, "periodSeconds": 30, "timeoutSeconds": 2,
      "successThreshold": 1, "failureThreshold": 3, "terminationGracePeriodSeconds": 9}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_probe(page: dict[str, Any], expected: dict[str, Any]) -> None:
    """Short forms become whole ones, and the container's own port is used where none is named."""
    assert probe.render_probe(msgspec.convert(page, Probe), 8000) == expected


def test_no_port_to_ask() -> None:
    """Without any port the field stays away, for Kubernetes to refuse; nothing is made up."""
    assert probe.render_probe(Probe(httpGet="/health"), None) == {"httpGet": {"path": "/health"}}


def test_none() -> None:
    """No probe stays no probe."""
    assert probe.render_probe(None, 8000) is None
