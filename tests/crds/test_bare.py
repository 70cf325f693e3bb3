"""What of a definition reaches an API server."""

from __future__ import annotations

from typing import Any

from generator.crds.bare import bare

from .widgets import crd, sound


def spec_of(manifest: dict[str, Any]) -> Any:
    """Return the bare schema of `spec`."""
    version = bare(sound(manifest))["spec"]["versions"][0]
    return version["schema"]["openAPIV3Schema"]["properties"]["spec"]


def test_what_an_api_server_decides_by_is_kept() -> None:
    """CEL rules with their messages, defaults, kinds of lists."""
    spec = {
        "type": "object",
        "x-kubernetes-validations": [{"rule": "self.a != self.b", "message": "a and b differ"}],
        "properties": {
            "a": {"type": "string", "default": "x"},
            "b": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        },
    }
    assert spec_of(crd(spec)) == spec


def test_prose_is_left_out_at_every_depth() -> None:
    """Names of fields are no prose, even where they sound like it."""
    inner = {"type": "object", "description": "prose", "properties": {"description": {"type": "string"}}}
    spec = {
        "type": "object",
        "title": "prose",
        "properties": {
            "list": {"type": "array", "items": inner},
            "map": {"type": "object", "additionalProperties": inner},
        },
        "anyOf": [{"description": "prose", "required": ["list"]}],
    }
    plain = {"type": "object", "properties": {"description": {"type": "string"}}}
    assert spec_of(crd(spec)) == {
        "type": "object",
        "properties": {
            "list": {"type": "array", "items": plain},
            "map": {"type": "object", "additionalProperties": plain},
        },
        "anyOf": [{"required": ["list"]}],
    }


def test_versions_that_are_not_served_are_left_out_and_one_is_stored() -> None:
    """An API server wants exactly one stored version."""
    manifest = crd(None, {"name": "v1beta1", "served": False, "storage": True, "schema": {}})
    manifest["spec"]["versions"][0]["storage"] = False
    versions = bare(sound(manifest))["spec"]["versions"]
    assert [(version["name"], version["storage"]) for version in versions] == [("v1", True)]


def test_only_the_name_and_an_approval_are_left_of_the_metadata() -> None:
    """Without that annotation an API server refuses a group of Kubernetes' own."""
    manifest = crd()
    approved = {"api-approved.kubernetes.io": "https://example.com/approved"}
    manifest["metadata"] |= {"labels": {"a": "b"}, "annotations": {**approved, "helm.sh/resource-policy": "keep"}}
    assert bare(sound(manifest))["metadata"] == {"name": "widgets.example.com", "annotations": approved}


def test_nobody_is_asked_to_convert() -> None:
    """A throw-away server has no webhooks; the status belongs to the server that had it."""
    manifest = crd()
    manifest["spec"]["conversion"] = {"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"]}}
    manifest["status"] = {"storedVersions": ["v1"]}
    assert bare(sound(manifest)).keys() == {"apiVersion", "kind", "metadata", "spec"}
    assert "conversion" not in bare(sound(manifest))["spec"]
