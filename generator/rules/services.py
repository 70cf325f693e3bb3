"""Notification services of Argo CD: where their ConfigMap names a key of their Secret, and where it holds a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.kubernetes.objects import kind, name
from generator.rules.secrecy import promises_secret, stands_in
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest

_CONFIG, _SECRET = "argocd-notifications-cm", "argocd-notifications-secret"
_PREFIX = "service."

# A key of the Secret, whole or behind the scheme of a header. Argo CD fills it in wherever it stands in a text, but a
# password may hold a `$` of its own (notifications-engine v0.5.1, pkg/api/config.go: keyPattern).
_REFERENCE = re.compile(r"(?:[A-Za-z]+ )?\$[\w-]+", re.ASCII)
_HEADER = re.compile(r"(proxy-)?authorization|.*(api-?key|token|secret)", re.IGNORECASE)


def is_notification_service(manifest: Manifest, key: str) -> bool:
    """Return whether a key of an object is the configuration of a notification service."""
    return kind(manifest) == "ConfigMap" and name(manifest) == _CONFIG and key.startswith(_PREFIX)


def service_literal(value: str) -> str:
    """Return which word of a service has a literal value although it promises a secret, nothing if none has."""
    document, _ = parse(value.encode(), _CONFIG)
    for key, text in _entries(document.value if document else None):
        if not stands_in(text) and not _REFERENCE.fullmatch(text.strip()):
            return key
    return ""


def reference_remedy(key: str, word: str) -> str:
    """Return how the value of a service's `word` is written: `$slack-token`, a key of the Secret beside it."""
    service = key.removeprefix(_PREFIX).rpartition(".")[2]
    named = "-".join(part for part in (service, *re.findall(r"[a-z0-9]+", word.lower())) if part)
    return f"write `${named}` and put the value into the Secret {_SECRET}, a new one: git keeps this one"


def _entries(value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text whose name promises a secret, and those of headers that carry one, with its name."""
    if isinstance(value, list):
        for inner in value:
            yield from _entries(inner)
    elif isinstance(value, dict):
        header, text = value.get("name"), value.get("value")
        if isinstance(header, str) and isinstance(text, str) and _HEADER.fullmatch(header):
            yield header, text
        for key, inner in value.items():
            if isinstance(inner, str) and promises_secret(str(key)):
                yield str(key), inner
            yield from _entries(inner)
