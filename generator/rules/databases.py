"""A database beside an autoscaled service: every replica would bring its own copy of the data.

Evidence comes from ports and variables, not from image names, which anybody may choose. A container is
taken for a database when it listens on a port that IANA or its makers gave to a database, when it sets a
variable that only a database's first start reads, or when it names the database to create without saying
where that database is. Proxies and poolers are not databases: there, and only there, names of containers
and images count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.objects import name, near
from generator.kubernetes.pods import lasting, ports, variables
from generator.kubernetes.values import text
from generator.rules.examples import autoscaler, deployment, together
from generator.rules.rule import Rule, Violation
from generator.rules.scale import target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.pods import PodContainer
    from generator.model.base import Manifest
    from generator.rules.view import View

# https://www.iana.org/assignments/service-names-port-numbers, and the defaults of etcd, Neo4j, ClickHouse,
# Cassandra.
PORTS = {
    1433: "SQL Server",
    1521: "Oracle",
    2379: "etcd",
    3306: "MySQL",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    7687: "Neo4j",
    9042: "Cassandra",
    26257: "CockroachDB",
    27017: "MongoDB",
}
# Read by the server's first start alone: https://hub.docker.com/_/postgres, _/mysql, _/mariadb, _/mongo.
_FIRST_START = re.compile(
    r"PGDATA|POSTGRES_INITDB_\w+|POSTGRES_HOST_AUTH_METHOD|(MYSQL|MARIADB)_(ROOT_\w+|ALLOW_EMPTY\w*|RANDOM_ROOT\w*)"
    r"|MONGO_INITDB_\w+|MSSQL_SA_PASSWORD"
)
# Read by servers and often by clients too: counts only where nothing says where the database is.
_SHARED = frozenset({"POSTGRES_DB", "POSTGRES_PASSWORD", "MYSQL_DATABASE", "MARIADB_DATABASE"})
_ADDRESS = re.compile(r"HOST|ADDR|URL|URI|SERVER|ENDPOINT|DSN", re.IGNORECASE)
_FORWARDER = re.compile(r"proxy|bouncer|pgpool|envoy|tunnel|exporter|operator|client", re.IGNORECASE)


def evidence(container: PodContainer) -> str:
    """Return why a container looks like a database, nothing if it does not."""
    if _FORWARDER.search(f"{container.name} {text(container.spec.get('image'))}"):
        return ""
    declared = list(ports(container))
    for port in declared:
        if isinstance(port.number, int) and port.number in PORTS and port.protocol == "TCP":
            return f"port {port.number}, {PORTS[port.number]}"
    names = [variable for _, variable, _ in variables(container)]
    own = next((variable for variable in names if _FIRST_START.fullmatch(variable)), "")
    if own:
        return f"variable `{own}`"
    client = declared or "envFrom" in container.spec or any(_ADDRESS.search(variable) for variable in names)
    shared = next((variable for variable in names if variable in _SHARED), "")
    return f"variable `{shared}` without the address of a database" if shared and not client else ""


def _copies(manifest: Manifest, view: View) -> Iterator[Violation]:
    if target(manifest)[0] != "Deployment":
        return
    for workload in near(manifest, view.objects, "Deployment"):
        for container in lasting(workload) if name(workload) == target(manifest)[1] else ():
            found = evidence(container)
            if found:
                yield Violation(
                    path=("spec", "scaleTargetRef"),
                    message=f"HorizontalPodAutoscaler `{name(manifest)}` scales Deployment "
                    f"`{name(workload)}`, whose container `{container.name}` looks "
                    f"like a database "
                    f"({found}); every new pod starts with its own empty copy, and scaling down throws data "
                    f"away",
                    remedy="drop `autoscaling`, or move the database out of the pod: "
                    f"`environments: {{prod: {{containers: {{{container.name}: null}}}}}}`",
                )


_WEB = "image: web:1.4.2\nports: [{containerPort: 8000}]\n"
_DATABASE = '      - {name: db, image: "postgres:17.2", ports: [{containerPort: 5432}]}\n'

WRK024 = Rule(
    id="WRK024",
    title="Autoscaler over a database",
    why="""A database container beside the service holds its data in the pod. With two pods there are two
databases, and each request meets one of them by chance; scaling down throws one away. Fine for one pod in
a development environment. Only Deployments are looked at: a StatefulSet gives each pod its own identity
and volume, and means it. A container is taken for a database by the ports it declares (5432, 3306, 27017,
6379, ...), by variables that only a database's first start reads (`PGDATA`, `MYSQL_ROOT_PASSWORD`,
`MONGO_INITDB_...`), or by `POSTGRES_DB` and its like in a container without ports and without the address
of a database. Proxies and poolers are left out.""",
    remedy="no autoscaling there, or an external database",
    severity=Severity.ERROR,
    stage="object",
    check=_copies,
    kinds=frozenset({"HorizontalPodAutoscaler"}),
    bad=together(deployment(_WEB) + _DATABASE, autoscaler("maxReplicas: 8\n")),
    good=together(deployment(_WEB), autoscaler("maxReplicas: 8\n")),
)
