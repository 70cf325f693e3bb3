"""What objects take from their own namespace by name: ConfigMaps, Secrets, ServiceAccounts and claims.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.kubernetes.manifest import Path, at
from generator.kubernetes.objects import kind, namespace
from generator.kubernetes.pods import containers, pod
from generator.kubernetes.values import items, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest

# In every namespace without anybody's doing.
_GIVEN = frozenset({("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")})
_ISSUERS = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer")


class Need(NamedTuple):
    """A name that an object takes: where it stands, of which kind it is, and in which namespace it must be."""

    path: Path
    kind: str
    namespace: str
    name: str


def needs(manifest: Manifest) -> Iterator[Need]:
    """Return each name that an object cannot do without; what is `optional` it can."""
    return (need for need, is_optional in _names(manifest) if not is_optional)


def uses(manifest: Manifest) -> Iterator[Need]:
    """Return each name that an object takes, what is `optional` too."""
    return (need for need, _ in _names(manifest))


def _names(manifest: Manifest) -> Iterator[tuple[Need, bool]]:
    for path, what, name, is_optional in (*_pod(manifest), *_account(manifest), *_ingress(manifest)):
        if isinstance(name, str) and name and (what, name) not in _GIVEN:
            yield Need(path, what, namespace(manifest), name), is_optional


_Found = tuple[Path, str, Any, bool]


def _pod(manifest: Manifest) -> Iterator[_Found]:
    path, spec = pod(manifest)
    for container in containers(manifest) if spec else ():
        yield from _environment(container.spec, container.path)
    for number, volume in enumerate(items(spec.get("volumes"))):
        yield from _volume(mapping(volume), (*path, "volumes", number))
    yield from _pull_secrets(spec, path)
    if spec.get("serviceAccountName"):
        yield (*path, "serviceAccountName"), "ServiceAccount", spec["serviceAccountName"], False


def _environment(container: dict[Any, Any], path: Path) -> Iterator[_Found]:
    for number, variable in enumerate(items(container.get("env"))):
        source = mapping(mapping(variable).get("valueFrom"))
        here = (*path, "env", number, "valueFrom")
        yield from _reference(source, here, "secretKeyRef", "Secret")
        yield from _reference(source, here, "configMapKeyRef", "ConfigMap")
    for number, source in enumerate(items(container.get("envFrom"))):
        yield from _reference(mapping(source), (*path, "envFrom", number), "secretRef", "Secret")
        yield from _reference(mapping(source), (*path, "envFrom", number), "configMapRef", "ConfigMap")


def _volume(volume: dict[Any, Any], path: Path) -> Iterator[_Found]:
    yield from _reference(volume, path, "secret", "Secret", "secretName")
    yield from _reference(volume, path, "configMap", "ConfigMap")
    yield from _reference(volume, path, "persistentVolumeClaim", "PersistentVolumeClaim", "claimName")
    yield from _reference(mapping(volume.get("csi")), (*path, "csi"), "nodePublishSecretRef", "Secret")
    for number, source in enumerate(items(at(volume, ("projected", "sources")))):
        here = (*path, "projected", "sources", number)
        yield from _reference(mapping(source), here, "secret", "Secret")
        yield from _reference(mapping(source), here, "configMap", "ConfigMap")


def _reference(holder: dict[Any, Any], path: Path, field: str, what: str, key: str = "name") -> Iterator[_Found]:
    source = mapping(holder.get(field))
    yield (*path, field, key), what, source.get(key), source.get("optional") is True


def _pull_secrets(holder: dict[Any, Any], path: Path) -> Iterator[_Found]:
    for number, entry in enumerate(items(holder.get("imagePullSecrets"))):
        yield (*path, "imagePullSecrets", number, "name"), "Secret", mapping(entry).get("name"), False


def _account(manifest: Manifest) -> Iterator[_Found]:
    if kind(manifest) == "ServiceAccount":
        yield from _pull_secrets(manifest, ())


def _ingress(manifest: Manifest) -> Iterator[_Found]:
    """Yield the certificates of an Ingress; cert-manager makes those of one that names an issuer."""
    annotations = mapping(mapping(manifest.get("metadata")).get("annotations"))
    if kind(manifest) != "Ingress" or any(issuer in annotations for issuer in _ISSUERS):
        return
    for number, entry in enumerate(items(at(manifest, ("spec", "tls")))):
        yield ("spec", "tls", number, "secretName"), "Secret", mapping(entry).get("secretName"), False
