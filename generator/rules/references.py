"""References between services: the hosts in environment values, and whether somebody provides them.

Only what is plainly a Service is taken: the host of a URL with a network scheme, or a whole
`name.namespace.svc` host. `host:port` alone is not: `redis:7` is an image too. Values may hold passwords,
so only hosts are ever shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.findings.verdict import Needed
from generator.kubernetes.objects import kind, namespace, title
from generator.kubernetes.pods import containers, pod, variables
from generator.kubernetes.values import items, mapping
from generator.rules.examples import SERVICE, deployment, together
from generator.rules.rule import Rule
from generator.rules.spelling import LABEL
from generator.rules.unprovided import unprovided

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest

# Schemes whose host is a name that a pod resolves. `s3://bucket`, `oci://image`, `mongodb+srv://` name other
# things.
_SCHEMES = frozenset(
    [
        "amqp",
        "amqps",
        "clickhouse",
        "dns",
        "ftp",
        "grpc",
        "grpcs",
        "h2c",
        "http",
        "https",
        "imap",
        "kafka",
        "ldap",
        "ldaps",
        "mariadb",
        "memcached",
        "mongodb",
        "mqtt",
        "mqtts",
        "mssql",
        "mysql",
        "nats",
        "postgres",
        "postgresql",
        "redis",
        "rediss",
        "sftp",
        "smtp",
        "smtps",
        "sqlserver",
        "ssl",
        "tcp",
        "tls",
        "udp",
        "ws",
        "wss",
    ]
)
_URL = re.compile(r"(?:jdbc:)?([a-z][a-z0-9]*)(\+srv)?(?:\+[a-z0-9]+)?://(?:[^@/?#\s]*@)?([^/?#;\s]+)", re.IGNORECASE)
_WHOLE_HOST = re.compile(r"([a-z0-9.-]+\.svc(?:\.cluster\.local)?)\.?(?::[0-9]+)?(?:/\S*)?", re.IGNORECASE)


def references(objects: Sequence[Manifest]) -> tuple[Needed, ...]:
    """Return every reference to a Service in environment values and ConfigMaps, in order."""
    return tuple(
        Needed(title(manifest), path, at, name, certain=sure)
        for manifest in objects
        for path, value in _values(manifest)
        if "://" in value or ".svc" in value  # few do
        for name, at, sure in _services(value, namespace(manifest), _own_hosts(manifest))
    )


def _values(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    if kind(manifest) == "ConfigMap":
        for key, value in mapping(manifest.get("data")).items():
            if isinstance(value, str) and "\n" not in value:
                yield ("data", key), value
    for container in containers(manifest):
        for path, _, value in variables(container):
            if isinstance(value, str):
                yield (*path, "value"), value


def _own_hosts(manifest: Manifest) -> frozenset[str]:
    """Return the names that a pod resolves by itself (`hostAliases`)."""
    aliases = items(pod(manifest)[1].get("hostAliases"))
    return frozenset(str(name) for alias in aliases for name in items(mapping(alias).get("hostnames")))


def _services(value: str, here: str, own: frozenset[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield name, namespace and certainty of each Service that a value names, each once."""
    found = dict.fromkeys(_service(host, here) for host in _hosts(value) if host not in own)
    yield from (service for service in found if service is not None)


def _hosts(value: str) -> list[str]:
    """Return the hosts of a value that is a URL or a list of them, in lower case and without ports."""
    whole = _WHOLE_HOST.fullmatch(value) if ".svc" in value else None
    if whole:
        return [whole[1].lower()]
    if "://" not in value:
        return []
    urls = [_URL.match(part.strip()) for part in re.split(r",(?=\s*[a-z0-9+]+://)", value)]
    places = [url[3] for url in urls if url and url[1].lower() in _SCHEMES and not url[2]]
    return [re.sub(r":[0-9]*$", "", host).lower().removesuffix(".") for place in places for host in place.split(",")]


def _service(host: str, here: str) -> tuple[str, str, bool] | None:
    """Return the Service that a host names, None for a public or numeric host and for the pod itself."""
    parts = host.removesuffix(".cluster.local").split(".")
    if any(LABEL.fault(part) for part in parts) or parts[-1].isdecimal() or host == "localhost":
        return None
    if len(parts) > 2 and parts[-1] == "svc":  # noqa: PLR2004  # name.namespace.svc, maybe with a pod before it
        return parts[-3], parts[-2], True
    if len(parts) > 2 or host.endswith(".cluster.local"):  # noqa: PLR2004
        return None
    return (parts[0], here, True) if len(parts) == 1 else (parts[0], parts[1], False)


_CALL = "image: web:1.4.2\nenv:\n- {name: USERS_URL, value: %s}\n"


def _example(url: Any) -> str:
    return together(deployment(_CALL % url), SERVICE.replace("name: web,", "name: users-service,"))


WRK023 = Rule(
    id="WRK023",
    title="Reference to a Service that no page provides",
    why="""A URL in an environment variable names a Service by its host: `http://users-service`,
`grpc://users.shop`, `postgres://db.shop.svc.cluster.local:5432/x`. If no page of the environment provides
that Service, the name does not resolve and every call fails, often only when the first request comes.
Public hosts, IP addresses, `localhost` and names under `external:` are left alone; so is `host:port`
without a scheme. Of the value only the host is shown.""",
    remedy="correct the name, or list it under `external:`",
    severity=Severity.ERROR,
    stage="repository",
    across=unprovided,
    bad=_example("http://users-servise"),
    good=_example("http://users-service"),
)
