from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.kubernetes.manifest import at, identity, pod_template_path
from generator.model.project import Namespace
from generator.model.service import SharedNamespaces
from generator.render import render, render_shared
from generator.tools.install import ensure
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION
from generator.yamlio import dump, dump_all

from .conftest import PLACEMENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service

SCHEMAS = Path(__file__).parents[2] / "schemas" / "kubernetes"


def test_kinds_come_in_sync_order(placed: Callable[[str], Service], full: str) -> None:
    """Objects come in the order in which Argo CD applies them."""
    assert [(m["kind"], m["metadata"]["name"]) for m in render(placed(full))] == [
        ("ServiceAccount", "orders-service"),
        ("ConfigMap", "orders-service"),
        ("ConfigMap", "orders-service-banner"),
        ("NetworkPolicy", "orders-service"),
        ("NetworkPolicy", "orders-service-jobs"),
        ("Job", "orders-service-migrations"),
        ("Deployment", "orders-service"),
        ("Service", "orders-api"),
        ("Service", "orders-service-peers"),
        ("HorizontalPodAutoscaler", "orders-service"),
        ("PodDisruptionBudget", "orders-service"),
        ("Job", "orders-service-seed"),
        ("CronJob", "orders-service-report"),
        ("Ingress", "orders-service"),
        ("Ingress", "orders-service-admin"),
    ]


def test_empty_page(base: Callable[[str], Service]) -> None:
    """A page that says nothing renders nothing."""
    assert render(base("{}")) == ()


def test_same_page_same_bytes(placed: Callable[[str], Service], full: str) -> None:
    """Two renderings of one page are the same to the byte, order of keys included."""
    assert dump_all(render(placed(full))) == dump_all(render(placed(full)))


def test_page_is_left_alone(placed: Callable[[str], Service], full: str) -> None:
    """Rendering changes nothing in the page that it reads."""
    service = placed(full)
    before = copy.deepcopy(service)

    render(service)

    assert service == before


def test_base_knows_no_environment(base: Callable[[str], Service], full: str) -> None:
    """Nothing that an environment gives is in the base: no account, region, domain or certificate."""
    text = dump_all(render(base(full)))

    given = (PLACEMENT.account, PLACEMENT.region, "coffeemesh.com", "certificate", "443", "prod")
    assert [word for word in given if word in text] == []


def test_no_environment_in_labels(placed: Callable[[str], Service], full: str) -> None:
    """Labels never name the environment or its cluster's region."""
    labels = json.dumps([manifest["metadata"]["labels"] for manifest in render(placed(full))])

    assert ("prod" in labels, "eu-west-1" in labels) == (False, False)


def test_metadata_reads_like_hand_written(placed: Callable[[str], Service], full: str) -> None:
    """Every object opens with apiVersion, kind and metadata, and metadata with name and namespace."""
    shapes = {(tuple(manifest)[:3], tuple(manifest["metadata"])[:3]) for manifest in render(placed(full))}

    assert shapes == {(("apiVersion", "kind", "metadata"), ("name", "namespace", "labels"))}


def test_objects_are_distinct(placed: Callable[[str], Service], full: str) -> None:
    """No two objects of a page are the same object to Kubernetes."""
    ids = [identity(manifest) for manifest in render(placed(full))]

    assert len(set(ids)) == len(ids)


def test_labels_and_annotations_of_the_page_reach_every_object(placed: Callable[[str], Service], full: str) -> None:
    """What the page says for all objects is on all objects."""
    metadata = [manifest["metadata"] for manifest in render(placed(full))]

    assert {m["labels"]["tier"] for m in metadata} == {"backend"}
    assert {m["annotations"]["example.com/owner"] for m in metadata} == {"orders-team"}


def test_labels_and_annotations_of_the_page_are_not_those_of_its_pods(
    placed: Callable[[str], Service], full: str
) -> None:
    """Pods have words of their own for both."""
    page = full.replace("labels: {tier: backend}", "labels: {area: shop}")
    metadata = [at(each, path)["metadata"] for each in render(placed(page)) if (path := pod_template_path(each))]

    assert metadata
    assert all("area" not in each["labels"] for each in metadata)
    assert all("example.com/owner" not in each.get("annotations", {}) for each in metadata)


def test_every_kind_is_written_and_read_back(placed: Callable[[str], Service], full: str) -> None:
    """Manifests hold plain JSON values only."""
    for manifest in render(placed(full)):
        assert json.loads(json.dumps(manifest)) == manifest


@pytest.mark.parametrize("version", sorted(folder.name for folder in SCHEMAS.glob("1.*")))
def test_kubernetes_accepts_every_kind(
    placed: Callable[[str], Service], full: str, version: str, tmp_path: Path
) -> None:
    """Kubeconform, strict and offline, finds nothing to say about a full page and its namespace."""
    kubeconform = ensure(KUBECONFORM, KUBECONFORM_VERSION)
    guarded = Namespace(podSecurity="restricted", defaultDeny=True, quota={"pods": 20}, limitRange=[LIMIT])
    shared = SharedNamespaces(system="coffeemesh", placement=PLACEMENT, namespaces={"shop": guarded})
    manifests = [*render_shared(shared), *render(placed(full))]
    for number, manifest in enumerate(manifests):
        (tmp_path / f"{number:02}.yaml").write_text(dump(manifest), encoding="utf-8")

    location = f"{SCHEMAS}/{version}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
    options = ["-strict", "-output", "json", "-summary", "-schema-location", location]
    judged = subprocess.run([kubeconform, *options, tmp_path], capture_output=True, check=False, timeout=60)

    answer = json.loads(judged.stdout)
    assert answer == {
        "resources": [],
        "summary": {"valid": len(manifests), "invalid": 0, "errors": 0, "skipped": 0},
    }


LIMIT = {"type": "Container", "default": {"memory": "128Mi"}, "defaultRequest": {"memory": "64Mi"}}


def test_shared_namespaces_in_order() -> None:
    """Each namespace comes with what guards it, one namespace after the other."""
    namespaces = {
        "shop": Namespace(defaultDeny=True, quota={"pods": 20}, limitRange=[LIMIT]),
        "open": Namespace(),
    }
    shared = SharedNamespaces(system="coffeemesh", placement=PLACEMENT, namespaces=namespaces)

    assert [(m["kind"], m["metadata"]["name"]) for m in render_shared(shared)] == [
        ("Namespace", "shop"),
        ("ResourceQuota", "shop-quota"),
        ("LimitRange", "shop-limits"),
        ("NetworkPolicy", "shop-default-deny"),
        ("Namespace", "open"),
    ]


def test_full_page_uses_every_word(base: Callable[[str], Service], full: str) -> None:
    """The full page stays full: a new word of the page is added to it, or here when it renders nothing."""
    page = base(full).page
    unused = {name for name in page.__struct_fields__ if getattr(page, name) in (None, {}, [], "", ())}

    assert unused == {"namespace", "deployment", "extraResources", "patches", "suppress", "external", "tagOrder"}
    assert msgspec.structs.asdict(page)["replicas"] == 4
