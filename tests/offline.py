"""A shop with a custom object of its own, a server that counts who asks it, and commands run where nobody answers."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Fairlead

WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: cart, namespace: shop}\nspec: {size: 3}\n"
SCHEMA = "schemas/crds/example.com/widget_v1.json"
OWN = "overlays/dev/cart/resources/own.yaml"


class Counter(msgspec.Struct):
    """A server on loopback: where it is, and which paths were asked for."""

    address: str
    asked: list[str]


@pytest.fixture
def counter() -> Iterator[Counter]:
    """Start a server that answers everything with an empty schema, and counts."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Counter(f"http://127.0.0.1:{server.server_address[1]}", asked)
        server.shutdown()


@pytest.fixture
def widget_shop(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop whose cart brings a Widget along; `widget_v1.json` is its schema."""
    root = make_shop(tmp_path / "shop")
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    (root / "services/cart.yaml").write_text(FILES["services/cart.yaml"] + "extraResources: [own.yaml]\n")
    put(root, OWN, WIDGET)
    put(root, SCHEMA, "{}")
    assert fairlead("generate", root=root).code == 0
    assert fairlead("validate", root=root).code == 0
    return root


def put(root: Path, path: str, text: str | bytes) -> Path:
    """Write a file below `root`."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file
