"""How a service is reached: Service, Ingress, NetworkPolicy, in the words of the page."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from generator.model.base import Labelled, Model, Raw
from generator.model.container import PortNumber
from generator.model.host import (
    BalancerClass,
    BalancerGroup,
    CertificateSecret,
    ExternalHost,
    GivenName,
    Host,
    Network,
    ObjectName,
    Subdomain,
)

NodePortNumber = Annotated[int, Meta(ge=30000, le=32767)]

# Classes of the AWS Load Balancer Controller, the second as EKS itself runs it.
AWS_CLASSES = frozenset({"service.k8s.aws/nlb", "eks.amazonaws.com/nlb"})


class ServicePort(Model):
    """One more port of a Service; `targetPort` is a number or a port name of the container, `port` unless given."""

    port: PortNumber
    targetPort: PortNumber | str | None = None
    nodePort: NodePortNumber | None = None
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    appProtocol: str | None = None


class KubernetesService(Labelled):
    """The Kubernetes Service of a page. `port`, `portName` and the like describe its first port, null leaves it out.

    An empty `portName` leaves that port without a name, as it may be where it is the only one. `selector` takes the
    place of the labels by which all else finds the page's pods. `spec` holds fields that no other word is for.

    `https: true` on a LoadBalancer adds port 443, ended at the load balancer with the environment's certificate; with
    `only` the first port is left out then, since such a balancer cannot redirect.
    `subdomain` is put before the environment's domain and announced to external-dns. `awsController: false` says that
    something else makes the balancer in AWS, so nothing is said to the AWS Load Balancer Controller.
    """

    name: GivenName | None = None
    type: Literal["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"] = "ClusterIP"
    selector: dict[str, str] = {}
    port: PortNumber | None = None
    portName: str = "http"
    targetPort: PortNumber | str | None = None
    nodePort: NodePortNumber | None = None
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    ports: dict[str, ServicePort] = {}
    externalName: ExternalHost | None = None
    headless: bool = False
    scheme: Literal["internal", "internet-facing"] | None = None
    https: bool | Literal["only"] = False
    host: Host | None = None
    subdomain: Subdomain | None = None
    appProtocol: str | None = None
    externalTrafficPolicy: Literal["Cluster", "Local"] | None = None
    internalTrafficPolicy: Literal["Cluster", "Local"] | None = None
    sessionAffinity: Literal["ClientIP", "None"] | None = None
    sessionAffinityConfig: Raw = {}
    publishNotReadyAddresses: bool | None = None
    ipFamilyPolicy: Literal["SingleStack", "PreferDualStack", "RequireDualStack"] | None = None
    ipFamilies: list[Literal["IPv4", "IPv6"]] = []
    loadBalancerClass: BalancerClass | None = None
    loadBalancerSourceRanges: list[Network] = []
    awsController: bool = True
    spec: Raw = {}


class IngressBackend(Model):
    """Where an Ingress sends requests: the page's Service and its first port unless given."""

    service: ObjectName | None = None
    port: PortNumber | str | None = None


class IngressPath(IngressBackend, kw_only=True):
    """A path that is matched in another way, or leads elsewhere."""

    path: str
    pathType: Literal["Prefix", "Exact", "ImplementationSpecific"] | None = None


class Ingress(Labelled):
    """An Ingress of a page: one host (or none), several paths, to the page's Service unless a path says otherwise.

    `hosts` are further ones, each with paths of its own; an empty list stands for those of `paths`. `host` is a whole
    name; `subdomain` is put before the environment's domain. `tls` has hosts by Secret, and under the empty key those
    whose certificate the controller has by itself. With class `alb` the annotations of the AWS Load Balancer Controller
    follow from these words, and with a certificate in the environment HTTPS and the redirect to it follow too, unless
    `https: false`.
    """

    name: GivenName | None = None
    className: ObjectName | None = None
    host: Host | None = None
    subdomain: Subdomain | None = None
    hosts: dict[Host, list[str | IngressPath]] = {}
    paths: list[str | IngressPath] = field(default_factory=lambda: ["/"])
    pathType: Literal["Prefix", "Exact", "ImplementationSpecific"] = "Prefix"
    scheme: Literal["internal", "internet-facing"] | None = None
    targetType: Literal["ip", "instance"] = "ip"
    https: bool | None = None
    tlsSecret: ObjectName | None = None
    tls: dict[CertificateSecret, list[Host]] = {}
    defaultBackend: IngressBackend | None = None
    healthcheckPath: str | None = None
    groupName: BalancerGroup | None = None
    groupOrder: Annotated[int, Meta(ge=-1000, le=1000)] | None = None


class NetworkPolicy(Labelled):
    """Who may talk to the service's pods and whom they may talk to: raw rules, as Kubernetes has them.

    An empty list allows nothing in that direction; leaving a direction out leaves it open.
    """

    name: GivenName | None = None
    ingress: list[Raw] | None = None
    egress: list[Raw] | None = None
