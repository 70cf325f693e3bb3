"""The Secrets themselves, as `kubectl apply` takes them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from generator.render.common import metadata
from generator.yamlio import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model.base import Manifest
    from generator.secrets.values import Values
    from generator.secrets.wanted import WantedSecret


def manifests(wanted: Sequence[WantedSecret], values: Mapping[str, Values]) -> list[Manifest]:
    """Return a Secret for each that is wanted, in the order of the pages; every entry must have a value."""
    found: dict[tuple[str, str], Manifest] = {}
    for each in wanted:
        secret = found.setdefault((each.service.namespace, each.secret), _empty(each))
        secret["data"][each.key] = base64.b64encode(values[each.path][each.entry].encode()).decode()
    return list(found.values())


def _empty(each: WantedSecret) -> Manifest:
    # `data`, not `stringData`: a key that leaves the latter stays in the Secret.
    meta = metadata(each.service, each.secret)
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "type": "Opaque", "data": {}}


def example(wanted: Sequence[WantedSecret], environment: str) -> str:
    """Return the file to fill in: each entry once, with the lines of the pages that want it."""
    users: dict[str, list[WantedSecret]] = {}
    for each in wanted:
        users.setdefault(each.entry, []).append(each)
    lines = [f"# Values for `fairlead secrets --env {environment}`. Keep this file out of git."]
    for entry, found in users.items():
        lines += [f"# {each.secret} {each.key} ({each.place})" for each in found]
        lines.append(dump({entry: None}).removesuffix(" null\n"))
    return "\n".join(lines) + "\n"
