"""What counts as equal between the model and a cluster, on objects small enough to read."""

from __future__ import annotations

from typing import Any

from tests.e2e.equality import changes, differences

Object = dict[str, Any]


def _service(**spec: Any) -> Object:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": spec}


MODEL = _service(selector={"app": "web"}, ports=[{"port": 80}])
COMPLETED = _service(selector={"app": "web"}, ports=[{"port": 80, "protocol": "TCP"}], clusterIP="10.0.0.1")


def test_what_the_server_adds_by_itself_is_equal() -> None:
    """Defaults come from the server's own answer, and each Service has an address of its own."""
    live = _service(selector={"app": "web"}, ports=[{"port": 80, "protocol": "TCP"}], clusterIP="10.0.0.2")

    assert differences(MODEL, COMPLETED, live) == []


def test_a_field_that_is_missing_in_the_cluster_is_told() -> None:
    """Everything that the model says has to be there."""
    live = _service(ports=[{"port": 80, "protocol": "TCP"}])

    assert differences(MODEL, COMPLETED, live) == ["Service web spec.selector.app: model 'web', cluster None"]


def test_a_field_that_only_the_cluster_has_is_told() -> None:
    """And nothing else has."""
    live = _service(selector={"app": "web", "old": "yes"}, ports=[{"port": 80, "protocol": "TCP"}])

    assert differences(MODEL, COMPLETED, live) == ["Service web spec.selector.old: model None, cluster 'yes'"]


def test_a_port_that_the_model_states_is_compared() -> None:
    """Clusters give node ports, but a page may ask for one."""
    wanted = _service(selector={"app": "web"}, ports=[{"port": 80, "nodePort": 30080}])
    live = _service(selector={"app": "web"}, ports=[{"port": 80, "nodePort": 30081}])

    assert differences(wanted, wanted, live) == ["Service web spec.ports.0.nodePort: model 30080, cluster 30081"]


def test_replicas_belong_to_the_autoscaler_where_the_model_has_none() -> None:
    """The server's default for a new Deployment is not what an autoscaler chose since."""
    model = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"paused": False}}
    completed = {**model, "spec": {"paused": False, "replicas": 1}}
    live = {**model, "spec": {"paused": False, "replicas": 5}}

    assert differences(model, completed, live) == []
    assert differences(completed, completed, live) == ["Deployment web spec.replicas: model 1, cluster 5"]


def test_bookkeeping_is_no_change() -> None:
    """Argo CD's and Kubernetes' own notes, the status and the resource version move all the time."""
    before = _service(type="ClusterIP")
    noted = {"resourceVersion": "7", "annotations": {"argocd.argoproj.io/tracking-id": "web:/Service:shop/web"}}
    after = {**before, "metadata": {**before["metadata"], **noted}, "status": {"loadBalancer": {}}}

    assert changes(before, after) == {}


def test_a_change_is_told_with_its_field() -> None:
    """By its path, with the old value and the new one."""
    assert changes(_service(type="ClusterIP"), _service(type="NodePort")) == {"spec.type": ("ClusterIP", "NodePort")}
