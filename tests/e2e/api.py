"""A small client of the Kubernetes API: enough to read, apply and patch objects of any kind."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from tests.e2e.credentials import Credentials

Object = dict[str, Any]

_SECONDS = 30.0
_MANAGER = "e2e"
_APPLY = "application/apply-patch+yaml"
_MERGE = "application/merge-patch+json"
_OPERATIONS = "application/json-patch+json"
_JSON = "application/json"
_MISSING = 404


class RefusedError(Exception):
    """The API server says no; the text is its own."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Api:
    """One API server. `get` gives None for what is not there; all else raises RefusedError."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        self.url = url
        self._credentials = credentials
        self._resources: dict[tuple[str, str], Object] = {}

    def ready(self) -> bool:
        """Return whether the server answers, and says that it is ready."""
        try:
            self.call("GET", "/readyz")
        except (RefusedError, OSError):
            return False
        return True

    def serves(self, api_version: str, kind: str) -> bool:
        """Return whether objects of a kind can be asked for."""
        try:
            self.all(api_version, kind)
        except RefusedError:
            return False
        return True

    def documents(self, api_version: str) -> bool:
        """Return whether the server has published the schemas of a group and version."""
        return _root(api_version).lstrip("/") in self.call("GET", "/openapi/v3")["paths"]

    def version(self) -> str:
        """Return the server's version, as v1.35.4."""
        return str(self.call("GET", "/version")["gitVersion"])

    def get(self, api_version: str, kind: str, name: str, namespace: str = "") -> Object | None:
        """Return one object, None when there is none."""
        try:
            return self.call("GET", self.path(api_version, kind, name, namespace))
        except RefusedError as refusal:
            if refusal.code != _MISSING:
                raise
            return None

    def all(self, api_version: str, kind: str, namespace: str = "") -> list[Object]:
        """Return all objects of a kind, of all namespaces unless one is named."""
        items = self.call("GET", self.path(api_version, kind, "", namespace))["items"]
        return [{"apiVersion": api_version, "kind": kind, **item} for item in items]

    def apply(self, manifest: Object, *, dry: bool = False) -> Object:
        """Apply on the server's side, or have the server say what would become of it."""
        query = {"fieldManager": _MANAGER, "force": "true", "fieldValidation": "Strict", **_dry(dry=dry)}
        return self.call("PATCH", f"{self.path_of(manifest)}?{urlencode(query)}", manifest, _APPLY)

    def completed(self, manifest: Object) -> Object:
        """Return what the server would store if this object were made now: with all defaults. Nothing is made."""
        kept = {key: value for key, value in manifest["metadata"].items() if key != "name"}
        # Another name, so that it may be made: the object itself may be there already.
        fresh = {**manifest, "metadata": {**kept, "generateName": f"{manifest['metadata']['name']}-"}}
        namespace = kept.get("namespace", "")
        path = self.path(manifest["apiVersion"], manifest["kind"], "", namespace)
        return self.call("POST", f"{path}?{urlencode({'fieldValidation': 'Strict', **_dry(dry=True)})}", fresh)

    def merge(self, manifest: Object, patch: Object, subresource: str = "") -> Object:
        """Merge a patch into an object that is there."""
        return self.call("PATCH", f"{self.path_of(manifest)}{subresource}", patch, _MERGE)

    def patch(self, manifest: Object, operations: list[Object]) -> Object:
        """Change single fields of an object that is there, by JSON 6902."""
        return self.call("PATCH", self.path_of(manifest), operations, _OPERATIONS)

    def delete(self, manifest: Object) -> None:
        """Delete an object; what it owns goes with it, as `kubectl delete` does."""
        self.call("DELETE", self.path_of(manifest), {"propagationPolicy": "Background"})

    def live(self, manifest: Object) -> Object | None:
        """Return the object that the server has under a manifest's name."""
        metadata = manifest["metadata"]
        return self.get(manifest["apiVersion"], manifest["kind"], metadata["name"], metadata.get("namespace", ""))

    def path_of(self, manifest: Object) -> str:
        """Return the path of a manifest's object."""
        metadata = manifest["metadata"]
        return self.path(manifest["apiVersion"], manifest["kind"], metadata["name"], metadata.get("namespace", ""))

    def path(self, api_version: str, kind: str, name: str = "", namespace: str = "") -> str:
        """Return the path of an object, or of all of a kind where it has no name."""
        resource = self._resource(api_version, kind)
        inside = f"/namespaces/{namespace}" if resource["namespaced"] and namespace else ""
        return f"{_root(api_version)}{inside}/{resource['name']}{f'/{quote(name)}' if name else ''}"

    def call(self, method: str, path: str, body: Object | list[Object] | None = None, content: str = _JSON) -> Object:
        """Send a request and give the answer; raises RefusedError, or OSError when there is no answer."""
        request = urllib.request.Request(  # noqa: S310 - the address is our own server's
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self._credentials.token}", "Content-Type": content},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS, context=self._credentials.trust) as answer:  # noqa: S310
                return _decoded(answer.read())
        except urllib.error.HTTPError as error:
            raise RefusedError(error.code, str(_decoded(error.read()).get("message", error))) from error

    def _resource(self, api_version: str, kind: str) -> Object:
        if (api_version, kind) not in self._resources:
            for resource in self.call("GET", _root(api_version))["resources"]:
                if "/" not in resource["name"]:
                    self._resources[api_version, resource["kind"]] = resource
        try:
            return self._resources[api_version, kind]
        except KeyError:
            raise RefusedError(_MISSING, f"no matches for kind {kind} in {api_version}") from None


def _root(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _dry(*, dry: bool) -> dict[str, str]:
    return {"dryRun": "All"} if dry else {}


def _decoded(answer: bytes) -> Object:
    try:
        decoded = json.loads(answer)
    except ValueError:
        return {"message": answer.decode(errors="replace")}  # /readyz says "ok"
    return decoded if isinstance(decoded, dict) else {"message": str(decoded)}
