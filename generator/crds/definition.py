"""A CustomResourceDefinition as a value, and every reason why a manifest is none that could be used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from generator.crds.pattern import pattern_fault
from generator.crds.structural import FORMS, INT_OR_STRING, PRESERVE, WORDS, nodes
from generator.model.base import Manifest
from generator.yamlio.document import Path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KIND, API_VERSION, OLD_API_VERSION = (
    "CustomResourceDefinition",
    "apiextensions.k8s.io/v1",
    "apiextensions.k8s.io/v1beta1",
)

# These become names of files: what an API server takes for them, and nothing else.
_GROUP = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_NAMES = {
    ("spec", "group"): re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+"),
    ("spec", "names", "plural"): re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
    ("spec", "names", "kind"): re.compile(r"[A-Za-z][-A-Za-z0-9]{0,62}"),
}
_VERSION = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_API_VERSION = re.compile(rf"({_GROUP}/)?{_VERSION.pattern}")
# A group and a version, each as long as a name may be.
_LONGEST = 253 + 1 + 63
_PUBLISHED = "take the definition that its project publishes for apiextensions.k8s.io/v1"


class DefinitionFault(msgspec.Struct, frozen=True):
    """Why a manifest is no definition to use: where in it, what is wrong, what to do."""

    path: Path
    message: str
    remedy: str


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A definition that passed `faults`: its names, the versions that it serves, and the whole manifest."""

    group: str
    kind: str
    plural: str
    versions: tuple[str, ...]
    manifest: Manifest

    def schema(self, version: str) -> dict[str, Any]:
        """Return the structural schema of a served version."""
        return next(schema_of(each) for each in served_versions(self.manifest) if each["name"] == version)


def definition(manifest: Manifest) -> Definition:
    """Take a manifest without faults for what it is."""
    spec = manifest["spec"]
    return Definition(
        group=spec["group"],
        kind=spec["names"]["kind"],
        plural=spec["names"]["plural"],
        versions=tuple(version["name"] for version in served_versions(manifest)),
        manifest=manifest,
    )


def is_definition(manifest: object) -> bool:
    """Return whether this claims to be a CustomResourceDefinition, of whatever version."""
    return isinstance(manifest, dict) and manifest.get("kind") == KIND


def names_a_kind(manifest: Mapping[str, Any]) -> bool:
    """Return whether `apiVersion` and `kind` have the form of names; kubeconform makes paths of any."""
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    if not isinstance(api_version, str) or len(api_version) > _LONGEST or not _API_VERSION.fullmatch(api_version):
        return False
    return bool(isinstance(kind, str) and _NAMES["spec", "names", "kind"].fullmatch(kind))


def read_manifest(data: bytes) -> Any:
    """Return the value of a JSON file that should hold a definition; None for one that is damaged."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return None


def served_versions(manifest: Manifest) -> list[dict[str, Any]]:
    """Return the versions of a definition that an API server answers for."""
    return [version for version in manifest["spec"]["versions"] if version.get("served") is True]


def schema_of(version: Mapping[str, Any]) -> Any:
    """Return what stands where the schema of a version belongs, None for nothing."""
    schema = version.get("schema")
    return schema.get("openAPIV3Schema") if isinstance(schema, dict) else None


def faults(manifest: Any) -> Iterator[DefinitionFault]:
    """Yield every reason why a manifest is no definition that could be used; the first group of reasons ends it."""
    for reasons in (_not_one, _unnamed, _unversioned, _unstructured):
        found = list(reasons(manifest))
        yield from found
        if found:
            return


def _not_one(manifest: Any) -> Iterator[DefinitionFault]:
    if not is_definition(manifest):
        kind = manifest.get("kind") if isinstance(manifest, dict) else None
        said = f"a {kind}" if isinstance(kind, str) else "something without a kind"
        yield DefinitionFault((), f"{said}, not a {KIND}", "give files that hold definitions alone")
    elif manifest.get("apiVersion") == OLD_API_VERSION:
        yield DefinitionFault(("apiVersion",), f"{OLD_API_VERSION} went away with Kubernetes 1.22", _PUBLISHED)
    elif manifest.get("apiVersion") != API_VERSION:
        yield DefinitionFault(("apiVersion",), f"{manifest.get('apiVersion')!r} is not {API_VERSION}", _PUBLISHED)


def _unnamed(manifest: Manifest) -> Iterator[DefinitionFault]:
    for path, form in _NAMES.items():
        name = at(manifest, path)
        if not isinstance(name, str) or not form.fullmatch(name):
            yield DefinitionFault(
                path, f"{'.'.join(map(str, path))} is {name!r}, which no API server takes", _PUBLISHED
            )


def _unversioned(manifest: Manifest) -> Iterator[DefinitionFault]:
    versions = at(manifest, ("spec", "versions"))
    if not isinstance(versions, list) or not all(isinstance(version, dict) for version in versions):
        yield DefinitionFault(("spec",), "spec.versions is not a list of versions", _PUBLISHED)
        return
    for number, version in enumerate(versions):
        path, name = ("spec", "versions", number), version.get("name")
        if not isinstance(name, str) or not _VERSION.fullmatch(name):
            yield DefinitionFault(path, f"a version is called {name!r}, which no API server takes", _PUBLISHED)
        elif version.get("served") is True and not isinstance(schema_of(version), dict):
            yield DefinitionFault(
                path, f"version {name} has no schema", "nothing could be checked against it; " + _PUBLISHED
            )
    if not any(version.get("served") is True for version in versions):
        yield DefinitionFault(("spec", "versions"), "no version is served", _PUBLISHED)


def _unstructured(manifest: Manifest) -> Iterator[DefinitionFault]:
    """Yield what keeps a schema from being structural: an API server refuses such a definition."""
    if at(manifest, ("spec", "preserveUnknownFields")) is True:
        yield DefinitionFault(
            ("spec", "preserveUnknownFields"), f"preserveUnknownFields: {API_VERSION} has only false", _PUBLISHED
        )
    for number, version in enumerate(manifest["spec"]["versions"]):
        if version.get("served") is True:
            for path, message in _misfits(schema_of(version)):
                yield DefinitionFault(
                    ("spec", "versions", number, "schema", "openAPIV3Schema", *path), message, _PUBLISHED
                )


def _misfits(schema: Any) -> Iterator[tuple[Path, str]]:
    for node in nodes(schema):
        if not isinstance(node.says, dict):
            yield node.path, "a schema is a mapping"
            continue
        for word, message in _misused(node.says):
            yield (*node.path, word), message
        typed = isinstance(node.says.get("type"), str)
        if not typed and not node.conditional and not {INT_OR_STRING, PRESERVE} & node.says.keys():
            yield node.path, "a field without a type"


def _misused(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the words of one schema that a structural one has not, or has with other values."""
    for word in sorted(schema.keys() - WORDS):
        yield word, f"`{word}` is no word of a structural schema"
    for word, form in FORMS.items():
        if not isinstance(schema.get(word, form()), form):
            yield word, f"`{word}` is {schema[word]!r}"
    pattern = schema.get("pattern", "")
    if isinstance(pattern, str) and (fault := pattern_fault(pattern)):
        yield "pattern", f"`pattern` is no regular expression: {fault}"
    required = schema.get("required")
    if isinstance(required, list) and not all(isinstance(name, str) for name in required):
        yield "required", "`required` lists names"


def at(value: Any, path: Path) -> Any:
    """Return what stands at a path of mappings, None for nothing."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
