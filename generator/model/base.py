"""What every model type has in common, and the word `Manifest`."""

from __future__ import annotations

from typing import Any, dataclass_transform

import msgspec

# A Kubernetes object as plain values, keys in the order in which they are written.
Manifest = dict[str, Any]

# The largest number of most whole fields of Kubernetes: they have 32 bits.
INT32 = 2**31 - 1

# A raw piece of a Kubernetes object that a page passes through as it is; kubeconform judges it.
Raw = dict[str, Any]


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of the page model: immutable, no unknown keys."""


class Labelled(Model):
    """Base of what a page says of one of its objects: labels and annotations that this object alone has.

    They are added to those of all objects of the page, and win over them.
    """

    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
