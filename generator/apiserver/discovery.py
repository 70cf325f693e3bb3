"""Where objects of a kind live on the server: asked of the server itself, once a run and API version."""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from generator.apiserver.retry import patiently
from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from generator.apiserver.client import Client


class Resource(msgspec.Struct, frozen=True):
    """The list of one kind: `folder` is `/apis/apps/v1`, `plural` is `deployments`."""

    folder: str
    plural: str
    namespaced: bool

    def path(self, namespace: str, name: str) -> str:
        """Return the path of one object; the namespace is left out where the kind has none."""
        return f"{self.list(namespace)}/{quote(name, safe='')}"

    def list(self, namespace: str) -> str:
        """Return the path under which objects are created."""
        inside = f"namespaces/{quote(namespace, safe='')}/" if self.namespaced else ""
        return f"{self.folder}/{inside}{self.plural}"


class Discovery:
    """Knows the kinds of one server; may be asked by several threads."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, Resource]] = {}

    def resource(self, api_version: str, kind: str) -> Resource | None:
        """Return where a kind lives, None when the server does not serve it."""
        with self._lock:
            if api_version not in self._known:
                self._known[api_version] = fetch_kinds(self._client, api_version)
            return self._known[api_version].get(kind)


def fetch_kinds(client: Client, api_version: str) -> dict[str, Resource]:
    """Ask for the kinds of an API version, nothing for one that there is not; raises ToolError on any other answer."""
    folder = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    answer = patiently(lambda: client.get(quote(folder)))
    if answer.status == HTTPStatus.NOT_FOUND:
        return {}
    if answer.status != HTTPStatus.OK:
        raise ToolError(f"the API server does not say what {api_version} is: {answer.body.get('message')}")
    resources = answer.body.get("resources") or ()
    return {
        entry["kind"]: Resource(folder, entry["name"], entry["namespaced"])
        for entry in resources
        if "/" not in entry["name"]  # deployments/scale is a part of a Deployment
    }
