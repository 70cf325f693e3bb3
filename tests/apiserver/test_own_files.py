"""Own files that came from another cluster: its addresses are no fault, its `uid` is one and hides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.apiserver.causes import hear
from generator.apiserver.client import Response
from generator.apiserver.refusal import RefusalCause
from tests.apiserver.cases import SYSTEM
from tests.apiserver.conftest import KUBERNETES
from tests.apiserver.test_immutable import Shop
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tests.conftest import Fairlead, Git

PAGE = "system: shop\nimage: registry.example.com/shop/cart:1.0.0\nport: 8080\nextraResources: [own.yaml]\n"
OWN = "overlays/dev/cart/resources/own.yaml"
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: old-cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{port: 80}]
"""
FOREIGN = {
    "address-of-eks": "  clusterIP: 172.20.40.40\n",
    "address-of-another-range": "  clusterIP: 10.100.7.7\n  clusterIPs: [10.100.7.7]\n",
    "address-that-the-server-has-itself": "  clusterIP: 10.96.0.1\n",
    "address-of-ipv6": "  clusterIP: fd12:8::15\n  ipFamilies: [IPv6]\n",
    "only-ipv6": "  ipFamilies: [IPv6]\n",
    "both-families": "  ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv6, IPv4]\n",
    "addresses-of-both": "  ipFamilyPolicy: RequireDualStack\n  clusterIPs: [172.20.9.9, fd12::9]\n",
    "port-of-nodes": "  type: NodePort\n  externalTrafficPolicy: Local\n  clusterIP: 172.20.9.9\n",
    "class-of-a-load-balancer": "  type: LoadBalancer\n  loadBalancerClass: service.k8s.aws/nlb\n",
}


def refused(fairlead: Fairlead, root: Path) -> list[str]:
    """Return what the server refuses, each with its place."""
    answer = fairlead("validate", "--api-server", "--format", "json", root=root)
    found = [each for each in msgspec.json.decode(answer.stdout)["findings"] if each["rule"] == "API001"]
    return [f"{each['place']['file']}:{each['place']['line']} {each['message']}" for each in found]


def make(root: Path, fairlead: Fairlead, own: dict[str, str]) -> Path:
    """Make a repository with a service for each own file, and render it."""
    pages = {f"services__{name}": PAGE.replace("cart", name) for name in own}
    gitops = FILES["gitops.yaml"].replace("1.35", KUBERNETES)
    make_shop(root, gitops=gitops, systems__shop=SYSTEM, **pages)
    (root / "services/cart.yaml").unlink()
    for name, text in own.items():
        path = root / OWN.replace("cart", name)
        path.parent.mkdir(parents=True)
        path.write_text(text)
    assert fairlead("generate", root=root).code == 0
    return root


def test_addresses_of_another_cluster_are_no_fault(judging: Path, tmp_path: Path, fairlead: Fairlead) -> None:
    """The throw-away server has ranges of its own, and says so of every one of these."""
    assert judging.is_dir()
    own = {name: SERVICE.replace("old-cart", name) + spec for name, spec in FOREIGN.items()}
    assert refused(fairlead, make(tmp_path, fairlead, own)) == []


def test_an_address_hides_nothing(judging: Path, tmp_path: Path, fairlead: Fairlead) -> None:
    """What is no address, or does not fit what is beside it, is told; so is what the server would look at later."""
    assert judging.is_dir()
    own = {
        "no-address": SERVICE + "  clusterIP: 300.1.1.1\n",
        "other-family": SERVICE + "  clusterIP: 172.20.1.4\n  ipFamilies: [IPv6]\n",
        "behind-it": SERVICE.replace("port: 80", "port: 80, name: Web") + "  clusterIP: 172.20.40.40\n",
    }
    found = refused(fairlead, make(tmp_path, fairlead, own))
    assert [line.partition(":")[0].split("/")[2] for line in found] == ["behind-it", "no-address", "other-family"]
    assert "a lowercase RFC 1123 label" in found[0]


def test_an_address_that_stays_is_no_change(judging: Path, tmp_path: Path, fairlead: Fairlead, git: Git) -> None:
    """The earlier Service cannot stand on this server with its own address; that another one is refused is told."""
    assert judging.is_dir()
    shop = Shop(tmp_path, fairlead, git)
    shop.write("services/cart.yaml", PAGE)
    shop.write(OWN, SERVICE + "  clusterIP: 172.20.40.40\n")
    shop.commit()
    shop.write(OWN, SERVICE.replace("port: 80", "port: 81") + "  clusterIP: 172.20.40.40\n")
    assert shop.said() == []
    shop.write(OWN, SERVICE + "  clusterIP: 172.20.40.41\n")
    (found,) = shop.said()
    assert found.startswith(f"{OWN}:7:14 spec.clusterIP: may not change once set")


@pytest.mark.parametrize(
    ("field", "value"),
    [("uid", "1d6a5f0e-0000-4c5b-9d54-5d7c1b7f2a10"), ("resourceVersion", "'4711'"), ("resourceVersion", "v4711")],
)
def test_a_leftover_of_a_cluster_hides_no_other_finding(
    judging: Path, tmp_path: Path, fairlead: Fairlead, field: str, value: str
) -> None:
    """The conflict (409) belongs to that object: told once, at its line, and the other object is judged as well."""
    assert judging.is_dir()
    own = SERVICE.replace("{name: old-cart,", f"{{name: old-cart, {field}: {value},")
    bad = SERVICE.replace("port: 80", "port: 80, name: Web")
    root = make(tmp_path, fairlead, {"left": own, "other": bad})
    answer = fairlead("validate", "--api-server", "--format", "json", root=root)
    assert answer.code == 1
    found = [each for each in msgspec.json.decode(answer.stdout)["findings"] if each["rule"] in {"WRK025", "API001"}]
    places = [(each["rule"], each["place"]["file"].split("/")[2], each["place"]["line"]) for each in found]
    assert places == [("WRK025", "left", 3), ("API001", "other", 6)]


def test_a_word_about_the_network_is_asked_past() -> None:
    """It comes before everything else that the server has against a Service."""
    manifest = {"kind": "Service", "spec": {"clusterIP": "172.20.1.1", "ports": [{"port": 0}]}}

    def ask(other: dict[str, Any]) -> Response:
        if "clusterIP" in other["spec"]:
            message = "failed to allocate IP 172.20.1.1: the provided IP (172.20.1.1) is not in the valid range"
            return Response(422, {"details": {"causes": [{"field": "spec.clusterIPs", "message": message}]}})
        return Response(422, {"details": {"causes": [{"field": "spec.ports[0].port", "message": "must be above 0"}]}})

    assert hear(manifest, ask) == (RefusalCause(("spec", "ports", 0, "port"), "must be above 0"),)
