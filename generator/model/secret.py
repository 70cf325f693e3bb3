"""Where a key of a Secret comes from, as pages spell it: `orders/database-url`, or a property `orders/database#url`."""

from __future__ import annotations

from typing import NamedTuple

from generator.model.placeholder import filled_in


class RemoteKey(NamedTuple):
    """An entry of a secret store, and the property of it that is meant where its value is a JSON object."""

    key: str
    property: str | None


def remote(text: str) -> RemoteKey:
    """Read what a page says; the first `#` parts key and property: no name in AWS has one (`A-Za-z0-9/_+=.@-`)."""
    key, mark, name = text.partition("#")
    return RemoteKey(key, name if mark else None)


def entry_of(text: str, prefix: str, environment: str) -> str:
    """Return an entry as the store of an environment has it: behind the store's prefix, unless it is a whole ARN."""
    return text if text.startswith("arn:") else filled_in(prefix, environment) + text
