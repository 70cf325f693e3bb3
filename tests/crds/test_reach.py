"""A schema of the repository's own may refer to its own parts, and to nothing else: kubeconform follows the rest."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.crds.reference import foreign_references
from tests.rlimits import refused_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Fairlead

WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: one, namespace: example}\nspec: {size: 1}\n"
SCHEMA = "schemas/crds/example.com/widget_v1.json"


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Serve schemas on this machine and return what was asked for; the first entry is the server's address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"type": "object"}')

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        paths = [f"http://127.0.0.1:{server.server_port}"]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield paths
        server.shutdown()


def widget(root: Path, schema: object) -> None:
    """Give the frontend of dev a resource of a kind whose schema is the repository's own."""
    page = root / "services/frontend.yaml"
    text = page.read_text(encoding="utf-8").replace(
        "environments:\n", "environments:\n  dev: {extraResources: [w.yaml]}\n"
    )
    page.write_text(text, encoding="utf-8")
    for path, data in {"overlays/dev/frontend/resources/w.yaml": WIDGET, SCHEMA: json.dumps(schema, indent=1)}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(data, encoding="utf-8")


def widget_schema(root: Path, schema: object) -> None:
    """Give the kind another schema."""
    (root / SCHEMA).write_text(json.dumps(schema, indent=1), encoding="utf-8")


def attacks(address: str, secret: Path) -> dict[str, dict[str, Any]]:
    """Return schemas that make kubeconform's library load something."""
    inner = {"type": "object", "properties": {"spec": {"$ref": f"{address}/x"}}}
    return {
        "http": {"$ref": f"{address}/x"},
        "in a property": inner,
        "in a list": {"allOf": [{"type": "object"}, {"$ref": f"{address}/x"}]},
        "in definitions": {"$ref": "#/definitions/a", "definitions": {"a": {"$ref": f"{address}/x"}}},
        "a file": {"$ref": secret.as_uri()},
        "a path": {"$ref": "../../../../gitops.yaml"},
        "a neighbour": {"$ref": "other.json"},
        "a meta-schema": {"$schema": f"{address}/meta", "type": "object"},
        "a base": {"$id": f"{address}/", "$ref": "#/definitions/a", "definitions": {"a": {"type": "object"}}},
        "an old base": {"id": f"{address}/", "properties": {"spec": {"$ref": "#/x"}}},
        "dynamic": {"$schema": "https://json-schema.org/draft/2020-12/schema", "$dynamicRef": f"{address}/x#y"},
        "recursive": {"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveRef": f"{address}/x"},
    }


@pytest.mark.parametrize("name", attacks("", Path("/secret")))
def test_nothing_is_fetched_for_a_schema(
    repository: Path, fairlead: Fairlead, asked: list[str], tmp_path: Path, name: str
) -> None:
    """It is refused at its line, and the server that it names hears nothing."""
    secret = tmp_path / "secret.json"
    secret.write_text('{"type": "object"}', encoding="utf-8")
    widget(repository, {})
    assert fairlead("generate", root=repository).code == 0
    widget_schema(repository, attacks(asked[0], secret)[name])
    answer = fairlead("validate", root=repository)
    assert answer.code == 2, answer.text
    assert f"{SCHEMA}:" in answer.stderr
    assert "leads out of the file" in answer.stderr
    assert asked[1:] == []


def test_references_into_the_same_file_are_fine(repository: Path, fairlead: Fairlead) -> None:
    """They are how a schema says a thing once; a property may have the name of a keyword."""
    size = {"type": "object", "properties": {"size": {"type": "integer"}, "$ref": {"type": "string"}, "id": {}}}
    schema = {"type": "object", "properties": {"spec": {"$ref": "#/definitions/s"}}, "definitions": {"s": size}}
    assert foreign_references(json.dumps(schema).encode(), SCHEMA) == []
    widget(repository, schema)
    assert fairlead("generate", root=repository).code == 0
    answer = fairlead("validate", root=repository)
    assert "SCH" not in answer.text, answer.text


@pytest.mark.parametrize(
    "text", ["{", "\0", '{"a": ' * 100_000, "[]" * 3, ""], ids=["cut", "nul", "deep", "two", "empty"]
)
def test_what_is_no_json_is_no_schema(repository: Path, fairlead: Fairlead, text: str) -> None:
    """The object is not checked by it, and that is told."""
    widget(repository, {})
    (repository / SCHEMA).write_text(text, encoding="utf-8")
    assert fairlead("generate", root=repository).code == 0
    answer = fairlead("validate", root=repository)
    assert answer.code == 1
    assert f"error SCH002: {SCHEMA} is no JSON Schema that kubeconform can use: it was not checked" in answer.stdout


def test_a_schema_of_a_gigabyte_is_not_read(repository: Path) -> None:
    """Its size is asked first."""
    widget(repository, {})
    with (repository / SCHEMA).open("wb") as stream:
        stream.truncate(1_500_000_000)
    answer = refused_within(repository, "validate")
    assert f"{SCHEMA}:1:1: error SPC001: 1500000000 bytes; the limit is 16777216 (16 MiB)" in answer
