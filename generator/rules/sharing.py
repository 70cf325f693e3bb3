"""Environments of one cluster that read one entry of a store, or take one IAM role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from generator.findings.finding import Severity
from generator.kubernetes.manifest import at
from generator.kubernetes.objects import group
from generator.kubernetes.values import items, mapping, text
from generator.model.derived import ROLE
from generator.rules.conditions import SOME
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

_ROLE: Path = ("metadata", "annotations", ROLE)
_OBJECTS: Path = ("spec", "parameters", "objects")


def _shared(manifest: Manifest, view: View) -> Iterator[Violation]:
    """Yield a violation for each thing that another environment of the cluster must not take too."""
    if not view.neighbours:
        return
    what = (group(manifest), text(manifest.get("kind")))
    if what == ("", "ServiceAccount") and (role := text(at(manifest, _ROLE))):
        yield _taken(_ROLE, f"IAM role `{role}`", _OWN_ROLE)
    elif what == ("external-secrets.io", "ExternalSecret"):
        yield from _entries(manifest)
    elif what == ("secrets-store.csi.x-k8s.io", "SecretProviderClass"):
        yield from _objects(manifest)


_OWN_ROLE = "`role: web-{env}` gives each environment a role of its own"
_OWN_ENTRY = '`secretStore: {prefix: "{env}/"}` in the environments of the system gives each entries of its own'


def _entries(manifest: Manifest) -> Iterator[Violation]:
    """Yield the entries that an ExternalSecret reads; a SecretStore is in one namespace, and so in one environment."""
    store = mapping(at(manifest, ("spec", "secretStoreRef")))
    if store.get("kind") != "ClusterSecretStore":
        return
    for number in range(len(items(at(manifest, ("spec", "data"))))):
        path = ("spec", "data", number, "remoteRef", "key")
        if key := text(at(manifest, path)):
            yield _taken(path, f"entry `{key}` of ClusterSecretStore `{text(store.get('name'))}`", _OWN_ENTRY)


def _objects(manifest: Manifest) -> Iterator[Violation]:
    try:
        listed = items(yaml.safe_load(text(at(manifest, _OBJECTS))))
    except yaml.YAMLError:
        return
    region = text(at(manifest, ("spec", "parameters", "region")))
    for key in dict.fromkeys(text(mapping(each).get("objectName")) for each in listed):
        if key:
            yield _taken(_OBJECTS, f"entry `{key}` of AWS in {region or 'its region'}", _OWN_ENTRY)


def _taken(path: Path, what: str, remedy: str) -> Violation:
    return Violation(path=path, message=f"{SOME} takes {what} too", remedy=remedy, shared=what)


_EXAMPLE = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db, namespace: shop-dev}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: aws}
  data: [{secretKey: URL, remoteRef: {key: %s}}]
"""

WRK028 = Rule(
    id="WRK028",
    title="Secret or role that two environments of one cluster share",
    why="""Environments on clusters of their own have secrets and roles of their own, because accounts and stores
differ. On one cluster the same words lead to the same entry of a `ClusterSecretStore` and to the same IAM role: dev
then holds the password of staging's database and may do what staging may.""",
    remedy=f"{_OWN_ENTRY}; {_OWN_ROLE}",
    severity=Severity.WARNING,
    stage="object",
    check=_shared,
    bad=f"# neighbours: staging\n{_EXAMPLE % 'database'}",
    good=f"# neighbours: staging\n{_EXAMPLE % 'dev/database'}".replace("ClusterSecretStore", "SecretStore"),
)
