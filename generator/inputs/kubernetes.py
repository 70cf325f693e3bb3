"""Kubernetes' own types of what a page passes through (`podSpec`, `container`), laid into the schema of a page.

They come from the schemas on board (`schemas/kubernetes/`), so that a field is checked at its line as the words of the
page are. Without a version a field may be of any version on board: editors and the base, which has no cluster, read it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from generator.inputs.owned import CONTAINER, DEPLOYMENT_POD, JOB_POD, SERVICE, SIDE_CONTAINER, RefusedField
from generator.kubernetes.packs import kubernetes_pack, supported_kubernetes_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


Schema = dict[str, Any]

# Keyword of an object of these schemas: why some fields are refused, by field. Validators and editors pass over it.
REFUSED = "x-refused"

_CORE = "io.k8s.api.core.v1."

# Name of a definition -> the type of Kubernetes that it is made of, and the fields that it does not take.
_PASSED: dict[str, tuple[str, dict[str, RefusedField]]] = {
    "PodSpec": ("PodSpec", DEPLOYMENT_POD),
    "JobPodSpec": ("PodSpec", JOB_POD),
    "ContainerFields": ("Container", CONTAINER),
    "SideContainerFields": ("Container", SIDE_CONTAINER),
    "ServiceFields": ("ServiceSpec", SERVICE),
}
_PAGE = {"podSpec": "PodSpec", "container": "ContainerFields"}
_JOB = {"podSpec": "JobPodSpec", "container": "ContainerFields"}

# Model -> its words that pass through -> the name of their definition.
WORDS: Mapping[str, Mapping[str, str]] = {
    "Page": _PAGE,
    "Service": _PAGE,
    "Migrations": _JOB,
    "Job": _JOB,
    "CronJob": _JOB,
    "SideContainer": {"container": "SideContainerFields"},
    "KubernetesService": {"spec": "ServiceFields"},
}

# Values of fields that the schemas call text, and that the API server takes no others for.
# https://github.com/kubernetes/kubernetes/blob/v1.36.0/staging/src/k8s.io/api/core/v1/types.go
_VALUES = {
    ("Container", "restartPolicy"): ["Always", "Never", "OnFailure"],
    ("Container", "terminationMessagePolicy"): ["FallbackToLogsOnError", "File"],
    ("ContainerResizePolicy", "restartPolicy"): ["NotRequired", "RestartContainer"],
    ("PodOS", "name"): ["linux", "windows"],
    ("PodSpec", "dnsPolicy"): ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
}
# Names of numbers' formats -> the first number that is too large.
BOUNDS = {"int32": 2**31, "int64": 2**63}


def with_kubernetes(schema: Schema, version: str | None = None) -> Schema:
    """Return the schema of a page with Kubernetes' types, of one version or of any, for what it passes through."""
    types = definitions(version)
    models = {name: _with_types(name, body) for name, body in schema["definitions"].items()}
    used = (made for name, body in models.items() for made in references(body) if made in _PASSED)
    return {**schema, "definitions": {**models, **_closure(used, types)}}


def _with_types(name: str, body: Schema) -> Schema:
    words = WORDS.get(name.removesuffix("Layer"), {})
    known = {word: made for word, made in words.items() if word in body.get("properties", {})}
    if not known:
        return body
    typed = {word: {"anyOf": [{"$ref": f"#/definitions/{made}"}, {"type": "null"}]} for word, made in known.items()}
    refused = {field: why for made in known.values() for field, why in _PASSED[made][1].items()}
    return {**body, "properties": {**body["properties"], **typed}, REFUSED: refused}


@cache
def definitions(version: str | None = None) -> Mapping[str, Schema]:
    """Return Kubernetes' types by name, and those of what a page passes through, in the dialect of our own schemas."""
    made = {name: _converted(body, complete=version is not None) for name, body in _types(version).items()}
    for (owner, field), values in _VALUES.items():
        if field in made[_CORE + owner]["properties"]:
            made[_CORE + owner]["properties"][field] = {"enum": [*values, None]}
    if version is not None:
        made = {name: {**body, REFUSED: _of_other_versions(name, body, version)} for name, body in made.items()}
    return {**made, **{name: _passed(made[_CORE + kind], refused) for name, (kind, refused) in _PASSED.items()}}


def _types(version: str | None) -> Mapping[str, Schema]:
    """Return the types behind a Deployment and a Service of one version; without a version, with the fields of all."""
    joined: dict[str, Schema] = {}
    for each in supported_kubernetes_versions() if version is None else (version,):
        for name, body in _of_pack(each).items():
            fields = {**joined.get(name, {}).get("properties", {}), **body.get("properties", {})}
            joined[name] = {**body, "properties": fields} if fields else body
    return joined


@cache
def _of_pack(version: str) -> Mapping[str, Schema]:
    files = [kubernetes_pack(version) / name for name in ("deployment-apps-v1.json", "service-v1.json")]
    return {
        name: body for file in files for name, body in msgspec.json.decode(file.read_bytes())["definitions"].items()
    }


def _of_other_versions(name: str, body: Schema, version: str) -> dict[str, RefusedField]:
    """Return the refusals of fields of a type that one version lacks and others have."""
    having: dict[str, list[str]] = {}
    for other in supported_kubernetes_versions():
        for field in _of_pack(other).get(name, {}).get("properties", {}):
            having.setdefault(field, []).append(other)
    lacking = {field: versions for field, versions in having.items() if field not in body.get("properties", {})}
    return {field: _not_in(version, versions) for field, versions in lacking.items()}


def _not_in(version: str, versions: list[str]) -> RefusedField:
    return RefusedField(f"is not in Kubernetes {version}", f"take it out there: it is in {', '.join(versions)}")


def _passed(body: Schema, refused: Mapping[str, RefusedField]) -> Schema:
    """Return a type without the fields that are refused."""
    kept = {field: inner for field, inner in body["properties"].items() if field not in refused}
    refusals = {**body.get(REFUSED, {}), **refused}
    return {"type": "object", "additionalProperties": False, "properties": kept, REFUSED: refusals}


def _converted(schema: Any, *, complete: bool) -> Any:
    """Return a schema as draft 7: numbers have bounds, and unless it is `complete` fields may be missing."""
    if not isinstance(schema, dict):
        return schema
    made = {word: schema[word] for word in ("$ref", "type", "required") if word in schema}
    if not complete:
        made.pop("required", None)
    for word in ("items", "additionalProperties"):
        if word in schema:
            made[word] = _converted(schema[word], complete=complete)
    if "properties" in schema:
        made["properties"] = {key: _converted(each, complete=complete) for key, each in schema["properties"].items()}
    if "oneOf" in schema:
        made["anyOf"] = [_converted(branch, complete=complete) for branch in schema["oneOf"]]
    if "integer" in schema.get("type", ()):
        bound = BOUNDS[schema.get("format", "int32")]
        made |= {"minimum": -bound, "maximum": bound - 1}
    return made


def _closure(names: Iterator[str], types: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the named types and all that they refer to."""
    found: dict[str, Schema] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = types[name]
            waiting += references(types[name])
    return found


def references(schema: Any) -> Iterator[str]:
    """Yield the names of the types that a schema refers to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        for inner in schema.values():
            yield from references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from references(inner)
