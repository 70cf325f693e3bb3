"""What every object may say about itself, strictly: an API server knows it by heart, and no definition repeats it.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.crds.structural import Schema

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
# Tools that write Go structs as YAML leave `creationTimestamp: null` behind.
_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
_BY_NAME: Schema = {"type": ["object", "null"], "additionalProperties": _TEXT}


def _object(properties: dict[str, Any], **more: Any) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


OWNER_REFERENCE = _object(
    {
        "apiVersion": _TEXT,
        "blockOwnerDeletion": {"type": "boolean"},
        "controller": {"type": "boolean"},
        "kind": _TEXT,
        "name": _TEXT,
        "uid": _TEXT,
    },
    required=["apiVersion", "kind", "name", "uid"],
)
OBJECT_META = _object(
    {
        "annotations": _BY_NAME,
        "creationTimestamp": _TIME,
        "deletionGracePeriodSeconds": _NUMBER,
        "deletionTimestamp": _TIME,
        "finalizers": {"type": "array", "items": _TEXT},
        "generateName": _TEXT,
        "generation": _NUMBER,
        "labels": _BY_NAME,
        "managedFields": {"type": "array", "items": {"type": "object"}},
        "name": _TEXT,
        "namespace": _TEXT,
        "ownerReferences": {"type": "array", "items": OWNER_REFERENCE},
        "resourceVersion": _TEXT,
        "selfLink": _TEXT,
        "uid": _TEXT,
    }
)
