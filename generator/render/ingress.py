"""The Ingresses: hosts and paths, to the page's Service unless a path says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.network import IngressPath
from generator.render import alb, nlb
from generator.render.common import (
    AFTER_WORKLOAD,
    SYNC_WAVE,
    drop_empty,
    external_dns_annotation,
    first_port,
    hostname,
    hostnames,
    in_aws,
    ingress_class,
    metadata,
    service_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.model.base import Manifest, Raw
    from generator.model.network import Ingress, IngressBackend
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Return the Ingress, None for a page without one."""
    entry = service.page.ingress
    return None if entry is None else _manifest(service, ("ingress",), entry, entry.name or service.workload)


def further(service: Service) -> list[Manifest]:
    """Return the other Ingresses of the page."""
    return [
        _manifest(service, ("ingresses", key), entry, entry.name or f"{service.workload}-{key}")
        for key, entry in service.page.ingresses.items()
    ]


def _manifest(service: Service, path: tuple[str, ...], entry: Ingress, name: str) -> Manifest:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(service, name, entry, annotations=_annotations(service, entry)),
        "spec": drop_empty(
            {
                "ingressClassName": ingress_class(service, path, entry),
                "defaultBackend": _backend(service, entry.defaultBackend) if entry.defaultBackend else None,
                "tls": _tls(service, entry),
                "rules": list(_rules(service, entry)),
            }
        ),
    }


def _annotations(service: Service, entry: Ingress) -> dict[str, str]:
    # After the workload: traffic comes when there are pods to take it.
    return {
        SYNC_WAVE: AFTER_WORKLOAD,
        **(alb.render(service, entry) if entry.className == "alb" and in_aws(service) else {}),
        **external_dns_annotation(service, entry),
    }


def _tls(service: Service, entry: Ingress) -> list[Raw]:
    secrets = dict(entry.tls)
    if entry.tlsSecret is not None:
        secrets = {entry.tlsSecret: hostnames(service, entry), **secrets}
    return [drop_empty({"hosts": hosts, "secretName": secret or None}) for secret, hosts in secrets.items()]


def _rules(service: Service, entry: Ingress) -> Iterator[Raw]:
    """Yield a rule for each host; without any host there is one for all."""
    host = hostname(service, entry)
    if host is not None or (entry.paths and not entry.hosts):
        yield _rule(service, entry, host, entry.paths)
    for other, paths in entry.hosts.items():
        yield _rule(service, entry, other, paths or entry.paths)


def _rule(service: Service, entry: Ingress, host: str | None, paths: Sequence[str | IngressPath]) -> Raw:
    found = [_path(service, path, entry.pathType) for path in paths]
    return drop_empty({"host": host, "http": {"paths": found} if found else None})


def _path(service: Service, path: str | IngressPath, kind: str) -> Raw:
    wish = IngressPath(path=path) if isinstance(path, str) else path
    return {"path": wish.path, "pathType": wish.pathType or kind, "backend": _backend(service, wish)}


def _backend(service: Service, wish: IngressBackend) -> Raw:
    port = wish.port or (80 if wish.service else _port(service))
    number = {"name": port} if isinstance(port, str) else {"number": port}
    return {"service": {"name": wish.service or service_name(service), "port": number}}


def _port(service: Service) -> int:
    """Return the number of the Service's first port."""
    entry = service.page.service
    if entry is None:
        return 80
    if nlb.only_secure(service, entry):
        return nlb.HTTPS_PORT
    return first_port(entry) or next(port.port for port in entry.ports.values())
