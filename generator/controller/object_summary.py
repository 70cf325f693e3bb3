"""What the plan needs to know of a built object, without the rest of it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import msgspec

from generator.kubernetes.manifest import ObjectId, at

if TYPE_CHECKING:
    from generator.model.base import Manifest

_DIGEST_SIZE = 16

# The pod template of a Job as kustomize prints it.
_TEMPLATE = re.compile(r"^  template:\n(?:    .*\n|\n)*", re.MULTILINE)

# The text of a top-level key: its line, and all lines that are indented or list items.
_SECTION = re.compile(r"^(?:apiVersion|kind|metadata):.*\n(?:[ \-].*\n|\n)*", re.MULTILINE)


class Trait(msgspec.Struct, frozen=True, kw_only=True):
    """An object's identity, its annotations, and a digest of all of it; of a Job one of its pod template, too.

    `defines` is what a CustomResourceDefinition adds (`group/Kind`), `namespaced` its scope.
    """

    group: str = ""
    version: str = ""
    kind: str
    namespace: str = ""
    name: str
    annotations: dict[str, str] = {}
    digest: str = ""
    template: str = ""
    defines: str = ""
    namespaced: bool = True

    @property
    def id(self) -> ObjectId:
        """Return the identity of the object."""
        return ObjectId(self.group, self.kind, self.namespace, self.name)

    def __str__(self) -> str:
        return str(self.id)


def trait_of(manifest: Manifest, text: str = "") -> Trait:
    """Return the trait of an object; `text` is what kustomize printed of it, by which it is told from other versions.

    Annotations that are no text make Kubernetes' libraries lose all of them, and so they are lost here.
    """
    group, _, version = str(manifest.get("apiVersion", "")).rpartition("/")
    metadata = manifest.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    is_definition = (group, manifest.get("kind")) == ("apiextensions.k8s.io", "CustomResourceDefinition")
    return Trait(
        group=group,
        version=version,
        kind=str(manifest.get("kind", "")),
        namespace=str(metadata.get("namespace") or ""),
        name=str(metadata.get("name") or metadata.get("generateName") or ""),
        annotations=_texts(metadata.get("annotations")),
        digest=_digest(text or _printed(manifest)),
        template=_template(manifest, text) if (group, manifest.get("kind")) == ("batch", "Job") else "",
        defines=_defined(manifest) if is_definition else "",
        namespaced=at(manifest, ("spec", "scope")) != "Cluster",
    )


def head_of(text: str) -> str:
    """Return the part of a printed object that says what it is: apiVersion, kind and metadata.

    Reading that alone takes a fifth of the time. A CustomResourceDefinition has to be read whole.
    """
    return "".join(match[0] for match in _SECTION.finditer(text))


def is_definition(text: str) -> bool:
    """Return whether a printed object is a CustomResourceDefinition."""
    return "\nkind: CustomResourceDefinition\n" in f"\n{text}"


def _defined(manifest: Manifest) -> str:
    group, kind = at(manifest, ("spec", "group")), at(manifest, ("spec", "names", "kind"))
    return f"{group}/{kind}" if isinstance(group, str) and isinstance(kind, str) else ""


def _template(manifest: Manifest, text: str) -> str:
    found = _TEMPLATE.search(text)
    return _digest(found[0] if found else _printed(at(manifest, ("spec", "template"))))


def _printed(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


def _texts(annotations: Any) -> dict[str, str]:
    if not isinstance(annotations, dict) or not all(isinstance(value, str) for value in annotations.values()):
        return {}
    return annotations


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_SIZE).hexdigest()
