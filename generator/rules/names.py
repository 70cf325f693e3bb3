"""Names that the API server refuses, sometimes only when the pod is created. Schemas pass them all.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.manifest import Path, at
from generator.kubernetes.objects import kind
from generator.kubernetes.pods import containers, pod, ports, template, variables
from generator.kubernetes.values import items, mapping
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation
from generator.rules.spelling import (
    CRON_JOB,
    ENVIRONMENT,
    JOB,
    KEY,
    LABEL,
    PATH_SEGMENT,
    PORT_NAME,
    SERVICE_NAME,
    STATEFUL_SET,
    SUBDOMAIN,
    fault_of_key,
    fault_of_value,
)
from generator.yamlio.scalar import taken_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.pods import PodContainer
    from generator.model.base import Manifest
    from generator.rules.spelling import Spelling
    from generator.rules.view import View

_OBJECT_NAMES = {
    "Service": SERVICE_NAME,
    "Namespace": LABEL,
    "Job": JOB,
    "StatefulSet": STATEFUL_SET,
    "CronJob": CRON_JOB,
    **dict.fromkeys(("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ClusterTrustBundle"), PATH_SEGMENT),
}
# Where a CronJob has the labels and annotations of its Jobs: with a wrong one none can be made.
_OF_JOBS: Path = ("spec", "jobTemplate")
_MOST_PORT = 65535
_PROTOCOLS = frozenset({"TCP", "UDP", "SCTP"})


def _names(manifest: Manifest, _view: View) -> Iterator[Violation]:
    yield from _metadata(manifest)
    yield from _labels(manifest, ())
    yield from _unbuildable(manifest)
    what = kind(manifest)
    if what == "Service":
        yield from _service(manifest)
    elif what in {"ConfigMap", "Secret"}:
        for field in ("data", "stringData", "binaryData"):
            for key in mapping(manifest.get(field)):
                yield from _spelled((field, key), "key", key, KEY)
    elif what == "CronJob":
        yield from _labels(mapping(at(manifest, _OF_JOBS)), _OF_JOBS)
    found = template(manifest)
    if found:
        yield from _pod(manifest, *found)


def _spelled(path: Path, what: str, name: Any, spelling: Spelling) -> Iterator[Violation]:
    """Yield what is wrong with a name; one that is left out or no text is the schema's to refuse."""
    fault = spelling.fault(name) if isinstance(name, str) else ""
    if fault:
        yield Violation(
            path=path,
            message=f"{what} `{name[:80]}` {fault}; {spelling.effect}",
            remedy=spelling.remedy(name),
        )


def _metadata(manifest: Manifest) -> Iterator[Violation]:
    metadata = mapping(manifest.get("metadata"))
    spelling = _OBJECT_NAMES.get(kind(manifest), SUBDOMAIN)
    yield from _spelled(("metadata", "name"), f"{manifest.get('kind')} name", metadata.get("name"), spelling)
    yield from _spelled(("metadata", "namespace"), "namespace", metadata.get("namespace"), LABEL)


def _labels(holder: Manifest, path: Path) -> Iterator[Violation]:
    for field in ("labels", "annotations"):
        yield from _entries(holder, ("metadata", field), path, field[:-1])


def _entries(holder: Manifest, inner: Path, path: Path, what: str) -> Iterator[Violation]:
    """Yield the labels below `inner`, or annotations, that have no such key or value."""
    for key, value in mapping(at(holder, inner)).items():
        fault = fault_of_key(key) or (fault_of_value(value) if what != "annotation" else "")
        if fault:
            yield Violation(
                path=(*path, *inner, key),
                message=f"{what} `{str(key)[:80]}`: {fault}; the API server refuses the object",
                remedy="shorten or respell it",
            )


def _unbuildable(manifest: Manifest) -> Iterator[Violation]:
    """Yield the annotations of an object whose keys kustomize takes for something other than text."""
    for key in mapping(mapping(manifest.get("metadata")).get("annotations")):
        taken = "" if fault_of_key(key) else taken_for(key)
        if taken:
            message = f"annotation `{key}` reads as {taken}; kustomize cannot build the object"
            yield Violation(path=("metadata", "annotations", key), message=message, remedy="rename it")


def _service(manifest: Manifest) -> Iterator[Violation]:
    yield from _entries(manifest, ("spec", "selector"), (), "selector")
    declared = [mapping(port) for port in items(at(manifest, ("spec", "ports")))]
    for number, port in enumerate(declared):
        path: Path = ("spec", "ports", number)
        yield from _spelled((*path, "name"), "Service port name", port.get("name"), LABEL)
        yield from _spelled((*path, "targetPort"), "targetPort", port.get("targetPort"), PORT_NAME)
        for field in ("port", "targetPort", "nodePort"):
            yield from _port_number((*path, field), field, port.get(field))
        yield from _protocol((*path, "protocol"), port.get("protocol"))
        if len(declared) > 1 and not port.get("name"):
            message = "a port without name beside others; the API server refuses the Service"
            yield Violation(path=path, message=message, remedy="`name: http`")


def _port_number(path: Path, field: str, number: Any) -> Iterator[Violation]:
    if isinstance(number, int) and not isinstance(number, bool) and not 1 <= number <= _MOST_PORT:
        message = f"{field} `{number}` is no port number (1 to {_MOST_PORT}); the API server refuses the object"
        yield Violation(path=path, message=message, remedy=f"`{field}: 8080`")


def _protocol(path: Path, protocol: Any) -> Iterator[Violation]:
    if isinstance(protocol, str) and protocol not in _PROTOCOLS:
        message = f"protocol `{protocol[:80]}` is none of TCP, UDP and SCTP; the API server refuses the object"
        remedy = "`protocol: TCP`; what travels inside it is `appProtocol`"
        yield Violation(path=path, message=message, remedy=remedy)


def _pod(manifest: Manifest, path: Path, inner: dict[Any, Any]) -> Iterator[Violation]:
    if path:
        yield from _labels(inner, path)
    where, spec = pod(manifest)
    for number, volume in enumerate(items(spec.get("volumes"))):
        yield from _spelled((*where, "volumes", number, "name"), "volume name", mapping(volume).get("name"), LABEL)
    for container in containers(manifest):
        yield from _container(container)


def _container(container: PodContainer) -> Iterator[Violation]:
    yield from _spelled((*container.path, "name"), "container name", container.spec.get("name"), LABEL)
    for port in ports(container):
        if port.name:
            yield from _spelled((*port.path, "name"), "port name", port.name, PORT_NAME)
        yield from _port_number((*port.path, "containerPort"), "containerPort", port.number)
        yield from _protocol((*port.path, "protocol"), port.protocol)
    for path, name, _ in variables(container):
        if name:
            yield from _spelled((*path, "name"), "environment variable", name, ENVIRONMENT)


WRK015 = Rule(
    id="WRK015",
    title="Name that the API refuses",
    why="""Names of objects (253 characters; 63 for Services, Namespaces and Jobs; 52 for StatefulSets and
CronJobs, whose pods and Jobs get a suffix), containers and volumes (63), ports (15, with a letter), label
keys and values (63), keys of ConfigMaps and environment variables each have their own spelling. Schemas do
not know it: the sync fails, or the pods of an accepted object are never made. And kustomize cannot build an
object with an annotation whose key reads as a number, a boolean or null (`"1"`).""",
    remedy="lower-case letters, digits and `-`, within the limit",
    severity=Severity.ERROR,
    stage="object",
    check=_names,
    bad=deployment("image: web:1.4.2\nports: [{name: http-administration, containerPort: 8000}]\n"),
    good=deployment("image: web:1.4.2\nports: [{name: http-admin, containerPort: 8000}]\n"),
)
