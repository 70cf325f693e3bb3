from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.render import service

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """The Service is labelled with its own name and selects the workload."""
    page = "{name: frontend, port: 8000, service: {name: frontend-service, type: NodePort, portName: frontend}}"
    assert service.render(base(page)) == yaml.safe_load("""
        apiVersion: v1
        kind: Service
        metadata:
          name: frontend-service
          namespace: shop
          labels:
            app: frontend-service
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
        spec:
          type: NodePort
          selector: {app: frontend}
          ports: [{name: frontend, port: 80, targetPort: 8000, protocol: TCP}]
    """)


def test_none(base: Callable[[str], Service]) -> None:
    """Without the word there is no Service."""
    assert service.render(base("port: 8000")) is None


UNDECLARED = [
    ("{}", "{name: http, port: 80, targetPort: 80, protocol: TCP}"),
    ("{port: 5432}", "{name: http, port: 5432, targetPort: 5432, protocol: TCP}"),
    ("{targetPort: 8080}", "{name: http, port: 80, targetPort: 8080, protocol: TCP}"),
    ("{targetPort: admin}", "{name: http, port: 80, targetPort: admin, protocol: TCP}"),
]


@pytest.mark.parametrize("image", ["image: o, ", ""])
@pytest.mark.parametrize(("words", "port"), UNDECLARED)
def test_a_container_need_not_declare_its_port(
    base: Callable[[str], Service], image: str, words: str, port: str
) -> None:
    """A Service is rendered without a port of the page's own container, which a sidecar or an own file may have."""
    rendered = service.render(base(f"{{{image}service: {words}}}"))
    assert rendered is not None
    assert rendered["spec"]["ports"] == [yaml.safe_load(port)]


HTTP = "{name: http, port: 80, targetPort: 8000, protocol: TCP}"
SPECS = [
    ("plain", "{}", f"""
        type: ClusterIP
        selector: {{app: orders}}
        ports: [{HTTP}]
     """),
    ("headless", "{headless: true}", f"""
        type: ClusterIP
        clusterIP: None
        selector: {{app: orders}}
        ports: [{HTTP}]
     """),
    ("target by name", "{targetPort: http}", """
        type: ClusterIP
        selector: {app: orders}
        ports: [{name: http, port: 80, targetPort: http, protocol: TCP}]
     """),
    ("node port", "{type: NodePort, nodePort: 30080}", """
        type: NodePort
        selector: {app: orders}
        ports: [{name: http, port: 80, targetPort: 8000, nodePort: 30080, protocol: TCP}]
     """),
    ("more ports", """
        port: 80
        ports:
          grpc: {port: 9000, appProtocol: kubernetes.io/h2c}
          dns: {port: 53, targetPort: 5353, protocol: UDP}
     """, f"""
        type: ClusterIP
        selector: {{app: orders}}
        ports:
        - {HTTP}
        - {{name: grpc, port: 9000, targetPort: 9000, protocol: TCP, appProtocol: kubernetes.io/h2c}}
        - {{name: dns, port: 53, targetPort: 5353, protocol: UDP}}
     """),
    ("load balancer", """
        type: LoadBalancer
        loadBalancerClass: example.com/lb
        loadBalancerSourceRanges: [10.0.0.0/8]
        externalTrafficPolicy: Local
        sessionAffinity: ClientIP
     """, f"""
        type: LoadBalancer
        loadBalancerClass: example.com/lb
        loadBalancerSourceRanges: [10.0.0.0/8]
        externalTrafficPolicy: Local
        sessionAffinity: ClientIP
        selector: {{app: orders}}
        ports: [{HTTP}]
     """),
    ("a name for something outside", "{type: ExternalName, externalName: db.example.com}", """
        type: ExternalName
        externalName: db.example.com
     """),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), [c[1:] for c in SPECS], ids=[c[0] for c in SPECS])
def test_spec(base: Callable[[str], Service], words: str, expected: str) -> None:
    """Each type says what Kubernetes wants of it and no more."""
    manifest = service.render(base(json.dumps({"port": 8000, "service": yaml.safe_load(words)})))

    assert manifest is not None
    assert manifest["spec"] == yaml.safe_load(expected)


def test_external_name_needs_no_port(base: Callable[[str], Service]) -> None:
    """A page may hold nothing but a name for something outside."""
    assert service.render(base("service: {type: ExternalName, externalName: db.example.com}")) is not None


def test_first_named_port_is_the_target(base: Callable[[str], Service]) -> None:
    """A container with named ports only is reached at its first."""
    manifest = service.render(base("{ports: {web: 8080, admin: 9090}, service: {}}"))

    assert manifest is not None
    assert manifest["spec"]["ports"] == [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}]


DNS = "external-dns.alpha.kubernetes.io/hostname"
HOSTS: list[tuple[str, dict[str, Any], str | None]] = [
    ("{host: www.example.com}", {}, "www.example.com"),
    ("{subdomain: api}", {}, "api.coffeemesh.com"),
    ("{subdomain: api}", {"domain": None}, None),
    ("{}", {}, None),
]


@pytest.mark.parametrize(("words", "change", "host"), HOSTS)
def test_hostname(placed: Callable[..., Service], words: str, change: dict[str, Any], host: str | None) -> None:
    """A host is announced to external-dns; a subdomain is one only where the environment has a domain."""
    manifest = service.render(placed(f"{{port: 8000, service: {words}}}", **change))

    assert manifest is not None
    assert manifest["metadata"].get("annotations") == ({DNS: host} if host else None)


def test_subdomain_in_the_base(base: Callable[[str], Service]) -> None:
    """The base has no domain, so a subdomain says nothing there."""
    manifest = service.render(base("{port: 8000, service: {subdomain: api}}"))

    assert manifest is not None
    assert "annotations" not in manifest["metadata"]


def test_page_labels_and_annotations_win(placed: Callable[[str], Service]) -> None:
    """What the page says of its Service beats what it says of all objects, and that what is rendered."""
    page = f"""
        port: 8000
        labels: {{tier: all, team: all}}
        annotations: {{note: all, {DNS}: all.example.com}}
        service: {{subdomain: api, labels: {{app: mine, tier: mine}}, annotations: {{note: mine}}}}
    """
    manifest = service.render(placed(page))

    assert manifest is not None
    assert manifest["metadata"] == yaml.safe_load(f"""
        name: orders
        namespace: shop
        labels:
          app: mine
          app.kubernetes.io/part-of: coffeemesh
          app.kubernetes.io/managed-by: fairlead
          tier: mine
          team: all
        annotations: {{{DNS}: all.example.com, note: mine}}
    """)


def test_a_port_without_a_name(base: Callable[[str], Service]) -> None:
    """The only one of a Service need not have one."""
    made: Any = service.render(base("{port: 8000, service: {portName: ''}}"))
    assert made["spec"]["ports"] == [{"port": 80, "targetPort": 8000, "protocol": "TCP"}]


def test_fields_without_a_word(placed: Callable[..., Service]) -> None:
    """They pass through; those of load balancers alone go where no load balancer is made."""
    page = (
        "service: {type: LoadBalancer, spec: {trafficDistribution: PreferClose, allocateLoadBalancerNodePorts: false}}"
    )
    aws: Any = service.render(placed(page))
    local: Any = service.render(placed(page, provider="none"))
    assert (aws["spec"]["trafficDistribution"], aws["spec"]["allocateLoadBalancerNodePorts"]) == ("PreferClose", False)
    assert local["spec"]["trafficDistribution"] == "PreferClose"
    assert "allocateLoadBalancerNodePorts" not in local["spec"]


def test_the_first_port_says_what_is_spoken(base: Callable[[str], Service]) -> None:
    """A Service of UDP alone, and one whose balancer should know the protocol."""
    made: Any = service.render(base("{port: 53, service: {port: 53, protocol: UDP, appProtocol: example.com/dns}}"))
    (first,) = made["spec"]["ports"]
    assert (first["protocol"], first["appProtocol"]) == ("UDP", "example.com/dns")
