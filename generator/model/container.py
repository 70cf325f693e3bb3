"""A container as a page describes it: the service's own, those beside it, and those of its jobs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from generator.model.base import INT32, Model, Raw
from generator.model.host import Address, ImageName, ProbedHost

PortNumber = Annotated[int, Meta(ge=1, le=65535)]
# Some of Kubernetes' seconds have 64 bits; more than 68 years nobody means.
Seconds = Annotated[int, Meta(ge=0, le=INT32)]
PositiveSeconds = Annotated[int, Meta(ge=1, le=INT32)]
Text = str
PullPolicy = Literal["Always", "IfNotPresent", "Never"]


class HTTPGet(Model):
    """An HTTP probe; `port` is the service's own unless given."""

    path: str = "/"
    port: PortNumber | str | None = None
    scheme: Literal["HTTP", "HTTPS"] | None = None
    host: ProbedHost | None = None
    httpHeaders: dict[str, str] = {}


class Exec(Model):
    """A command run inside the container, never by a shell."""

    command: list[str]


class TCPSocket(Model):
    """A TCP probe; `port` is the service's own unless given."""

    port: PortNumber | str | None = None
    host: ProbedHost | None = None


class GRPC(Model):
    """A gRPC health probe; `port` is the service's own unless given."""

    port: PortNumber | None = None
    service: str | None = None


class Probe(Model):
    """One probe: exactly one of exec, httpGet, tcpSocket, grpc, and its timings in seconds."""

    exec: Exec | list[str] | None = None
    httpGet: HTTPGet | str | None = None
    tcpSocket: TCPSocket | PortNumber | str | None = None
    grpc: GRPC | PortNumber | None = None
    initialDelaySeconds: Seconds | None = None
    periodSeconds: PositiveSeconds | None = None
    timeoutSeconds: PositiveSeconds | None = None
    successThreshold: Annotated[int, Meta(ge=1, le=INT32)] | None = None
    failureThreshold: Annotated[int, Meta(ge=1, le=INT32)] | None = None
    terminationGracePeriodSeconds: PositiveSeconds | None = None


class ClaimReference(Model):
    """One of the pod's `resourceClaims`; `request` narrows it to a part."""

    name: str
    request: str | None = None


class Resources(Model):
    """Kubernetes quantities by resource name (`cpu`, `memory`, `ephemeral-storage`)."""

    requests: dict[str, str | int | float] = {}
    limits: dict[str, str | int | float] = {}
    claims: list[ClaimReference] = []


class KeySelector(Model):
    """One key of a ConfigMap or Secret."""

    name: str
    key: str
    optional: bool | None = None


class FieldRef(Model):
    """A field of the pod itself, e.g. `metadata.name`."""

    fieldPath: str
    apiVersion: str | None = None


class FileKeyRef(Model):
    """A variable in a file that an init container wrote to a volume."""

    volumeName: str
    path: str
    key: str
    optional: bool | None = None


class ResourceFieldRef(Model):
    """A resource of a container, e.g. `limits.memory`."""

    resource: str
    containerName: str | None = None
    divisor: str | None = None


class EnvSource(Model):
    """Where an environment variable comes from when it is not a plain value: exactly one of these."""

    secretKeyRef: KeySelector | None = None
    configMapKeyRef: KeySelector | None = None
    fieldRef: FieldRef | None = None
    resourceFieldRef: ResourceFieldRef | None = None
    fileKeyRef: FileKeyRef | None = None


class NamedReference(Model):
    """A ConfigMap or Secret by name."""

    name: str
    optional: bool | None = None


class EnvFrom(Model):
    """All keys of a ConfigMap or Secret as environment variables: exactly one of the two."""

    secretRef: NamedReference | None = None
    configMapRef: NamedReference | None = None
    prefix: str | None = None


class Handler(Model):
    """What a lifecycle hook does: exactly one of these; `sleep` in seconds."""

    exec: Exec | list[str] | None = None
    httpGet: HTTPGet | str | None = None
    sleep: Seconds | None = None


class Lifecycle(Model):
    """Hooks around a container's life."""

    preStop: Handler | None = None
    postStart: Handler | None = None
    stopSignal: str | None = None


class VolumeMount(Model):
    """Where a volume of the page appears in the container."""

    name: str
    subPath: str | None = None
    subPathExpr: str | None = None
    readOnly: bool | None = None
    recursiveReadOnly: Literal["Disabled", "Enabled", "IfPossible"] | None = None
    mountPropagation: Literal["Bidirectional", "HostToContainer", "None"] | None = None


def mount_name(mount: VolumeMount | str) -> str:
    """Return the name of the volume that a mount shows."""
    return mount if isinstance(mount, str) else mount.name


class ContainerPort(Model):
    """A port that the container listens on; `hostPort` takes that port of the node too."""

    port: PortNumber
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    hostPort: PortNumber | None = None
    hostIP: Address | None = None


class Container(Model):
    """What any container has. `port` is short for `ports: {http: N}`; volume mounts are keyed by mount path.

    An `image` without a registry host is ours: the environment's registry and the release record complete it. One with
    a host is pinned here, tag or digest included. `container` holds fields of Kubernetes that no other word is for.
    """

    image: ImageName | None = None
    imagePullPolicy: PullPolicy | None = None
    command: list[str] = []
    args: list[str] = []
    workingDir: str | None = None
    port: PortNumber | None = None
    ports: dict[str, ContainerPort | PortNumber] = {}
    env: dict[str, str | EnvSource] = {}
    envFrom: list[EnvFrom] = []
    livenessProbe: Probe | None = None
    readinessProbe: Probe | None = None
    startupProbe: Probe | None = None
    resources: Resources | None = None
    lifecycle: Lifecycle | None = None
    securityContext: Raw = {}
    volumeMounts: dict[str, VolumeMount | str] = {}
    container: Raw = {}


class SideContainer(Container):
    """A container beside the service's own, or one that runs before it.

    `restartPolicy: Always` on an init container makes it a native sidecar. `releasedTogether` says that its image moves
    with the service's when a release is bumped.
    """

    restartPolicy: Literal["Always"] | None = None
    releasedTogether: bool = False
