"""What objects bring into their namespace under a name: themselves, or the Secret that a controller makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.kubernetes.manifest import Path, at
from generator.kubernetes.objects import group, kind, name, namespace
from generator.kubernetes.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest

# (kind, namespace, name) of a ConfigMap, Secret, ServiceAccount or PersistentVolumeClaim.
Supply = tuple[str, str, str]

KINDS = frozenset({"ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim"})

# Where custom resources name the Secret that their controller makes: External Secrets, cert-manager, Vault and others.
_NAMED: tuple[Path, ...] = (
    ("spec", "target", "name"),
    ("spec", "secretName"),
    ("spec", "secretTemplate", "metadata", "name"),
    ("spec", "template", "metadata", "name"),
    ("spec", "destination", "name"),
    ("spec", "writeConnectionSecretToRef", "name"),
)


def supplies(manifest: Manifest) -> Iterator[Supply]:
    """Yield what others may take of an object by name; of custom resources all Secrets that they may stand for."""
    what = kind(manifest)
    if what in KINDS:
        yield what, namespace(manifest), name(manifest)
    elif not what and "." in group(manifest):
        yield from (("Secret", namespace(manifest), each) for each in _secrets(manifest))


def _secrets(manifest: Manifest) -> Iterator[str]:
    """Yield the Secrets that a custom resource names as its own; if it names none, its own name."""
    listed = [mapping(entry).get("secretName") for entry in items(at(manifest, ("spec", "secretObjects")))]
    named = [text(each) for each in (*(at(manifest, path) for path in _NAMED), *listed) if text(each)]
    yield from named or [name(manifest)]


def may_make(manifest: Manifest, wanted: str) -> bool:
    """Return whether an operator may make an object of its resource's name with more behind it: `orders-db-app`."""
    own = name(manifest)
    return "." in group(manifest) and not kind(manifest) and bool(own) and wanted.startswith(f"{own}-")
