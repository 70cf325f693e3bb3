"""A small client of an API server: JSON over HTTPS with one kept connection a thread.

It knows paths and bodies, not kinds; what an answer means is for the caller to say. An answer that is no JSON (a
health check) becomes a Status with its text as message.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import msgspec

from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from generator.apiserver.kubeconfig import Kubeconfig

# Far above the slowest honest answer (a CRD of 1 MB: 0.3 s).
_SECONDS = 30.0
# Whose fields an apply owns; `force` takes over fields of others instead of refusing, `Strict` refuses unknown fields.
_APPLY = {"fieldManager": "fairlead", "force": "true", "fieldValidation": "Strict"}
# Its largest answer is the OpenAPI document of a server with many CRDs (5 MB); the whole of one is there by then.
_LARGEST = 64 * 1024 * 1024
_WHOLE_SECONDS = 120.0
_PART = 1024 * 1024
_BROKEN = (http.client.HTTPException, OSError)


class Response(msgspec.Struct, frozen=True):
    """What the server said: the HTTP status, and the object or a `metav1.Status`."""

    status: int
    body: dict[str, Any]


class Client:
    """Asks one server. May be used by several threads at once, each over a connection of its own.

    Every method raises ToolError when the server cannot be reached or does not answer in time; a refusal is an answer.
    Paths start with `/api/...` or `/apis/...` and are sent as they are.
    """

    def __init__(self, access: Kubeconfig) -> None:
        self.base = access.base
        self._address = urlsplit(access.base).netloc
        self._token = access.token
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.load_verify_locations(access.certificate)
        self._mine = threading.local()
        self._opened: list[http.client.HTTPSConnection] = []

    def close(self) -> None:
        """Close the connections of all threads; none of them may be asking any more."""
        for connection in self._opened:
            connection.close()

    def get(self, path: str) -> Response:
        """Read an object or a list."""
        return self._ask("GET", path)

    def apply(self, path: str, manifest: Any, *, dry_run: bool) -> Response:
        """Apply an object on the server's side under its own path (`.../namespaces/NAMESPACE/deployments/NAME`)."""
        query = urlencode(_APPLY | ({"dryRun": "All"} if dry_run else {}))
        return self._ask("PATCH", f"{path}?{query}", manifest, "application/apply-patch+yaml")

    def create(self, path: str, manifest: Any) -> Response:
        """Create an object under the path of its list (`.../namespaces/NAMESPACE/deployments`)."""
        return self._ask("POST", path, manifest, "application/json")

    def delete(self, path: str) -> Response:
        """Delete an object."""
        return self._ask("DELETE", path)

    def _ask(self, method: str, path: str, manifest: Any = None, content_type: str = "") -> Response:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if content_type:
            headers["Content-Type"] = content_type
        body = None if manifest is None else msgspec.json.encode(manifest)
        try:
            return self._asked_again(method, path, body, headers)
        except _BROKEN as error:
            raise ToolError(f"API server at {self.base}: {method} {path}: {error or type(error).__name__}") from error

    def _asked_again(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Response:
        """Ask over this thread's connection; over a new one if the server had closed that in the meantime."""
        kept: http.client.HTTPSConnection | None = getattr(self._mine, "connection", None)
        if kept is not None:
            try:
                return _exchange(kept, method, path, body, headers)
            except (http.client.RemoteDisconnected, ConnectionError):
                kept.close()
        fresh = http.client.HTTPSConnection(self._address, timeout=_SECONDS, context=self._context)
        self._opened.append(fresh)
        self._mine.connection = fresh
        return _exchange(fresh, method, path, body, headers)


def _exchange(
    connection: http.client.HTTPSConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> Response:
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Response(response.status, _object(read_content(response)))
    except BaseException:
        connection.close()  # half an exchange must not be taken for the answer to the next question
        raise


def read_content(response: http.client.HTTPResponse) -> bytes:
    """Read a body within its bounds; raises HTTPException beyond them."""
    until = time.monotonic() + _WHOLE_SECONDS
    found = bytearray()
    while part := response.read1(_PART):
        found += part
        if len(found) > _LARGEST or time.monotonic() > until:
            raise http.client.HTTPException("an answer without an end")
    response.close()  # read1() leaves it open at its end, and an open one keeps its connection from the next question
    return bytes(found)


def _object(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.DecodeError:
        return {"kind": "Status", "message": content.decode(errors="replace").strip()}
