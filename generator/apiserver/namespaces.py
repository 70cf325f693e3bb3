"""The namespaces that objects name: made before anything is asked, because even a dry run needs them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from generator.apiserver.refusal import refusals
from generator.apiserver.retry import patiently
from generator.disk.tree import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.apiserver.client import Client
    from generator.model.base import Manifest

_LIST = "/api/v1/namespaces"
# Labels of a Namespace that say which pods it takes.
POD_SECURITY = "pod-security.kubernetes.io/"


def ensure(client: Client, names: Iterable[str]) -> dict[str, str]:
    """Make namespaces that are not there; give why the server will not have one, for each that it refuses.

    They carry no labels: runs that share the server may mean different namespaces by one name.
    """
    return {name: words for name in sorted(set(names)) if (words := _made(client, name, {}))}


def strict_namespace(client: Client, labels: Mapping[str, str]) -> str | None:
    """Return a namespace that judges pods as one with these labels does; None where it would take any."""
    asked = {key: value for key, value in labels.items() if key.startswith(POD_SECURITY)}
    if asked.get(f"{POD_SECURITY}enforce", "privileged") == "privileged":
        return None
    name = f"pod-security-{digest(sorted((key, value.encode()) for key, value in asked.items()))[:12]}"
    return name if not _made(client, name, asked) else None


def _made(client: Client, name: str, labels: Mapping[str, str]) -> str:
    """Make a namespace; give the words of the server when it refuses, nothing when it is there."""
    manifest: Manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels)}}
    answer = patiently(lambda: client.create(_LIST, manifest))
    if answer.status < HTTPStatus.BAD_REQUEST or answer.body.get("reason") == "AlreadyExists":
        return ""
    return "; ".join(each.message for each in refusals(answer.body, manifest))
