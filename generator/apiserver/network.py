"""What the server says of its own network, which is nobody's: no cluster has its ranges of addresses.

Such a word is no finding. It comes before the server looks at anything else of a Service, so it is asked again without
the addresses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.kubernetes.manifest import Path, at

if TYPE_CHECKING:
    from generator.apiserver.refusal import RefusalCause
    from generator.model.base import Manifest

# The fields that ask for an address of the server's ranges.
ADDRESSES: tuple[Path, ...] = (("spec", "clusterIP"), ("spec", "clusterIPs"))
HEADLESS = "None"

# https://github.com/kubernetes/kubernetes: pkg/registry/core/service, ipallocator and portallocator
_OWN = re.compile(
    r"failed to allocate (?:a |an )?(?:IP|nodePort|serviceIP)|is not in the valid range\b|is already allocated\b"
    r"|not configured on this cluster|cluster is not configured for dual-stack"
)


def is_of_network(refusal: RefusalCause) -> bool:
    """Return whether a refusal depends on the ranges and families of addresses that the server happens to have."""
    return (refusal.path or ())[:1] == ("spec",) and bool(_OWN.search(refusal.message))


def addresses(manifest: Manifest) -> list[Path]:
    """Return the fields of a Service that ask for addresses; that it is headless (`None`) is no address."""
    if manifest.get("kind") != "Service" or at(manifest, ADDRESSES[0]) == HEADLESS:
        return []
    return [path for path in ADDRESSES if at(manifest, path) is not None]
