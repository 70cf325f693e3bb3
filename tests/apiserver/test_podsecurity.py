"""What a namespace would not admit, read at the fields of the workload."""

from __future__ import annotations

from typing import Any

from generator.apiserver.podsecurity import pod_of, violations

DEPLOYMENT: dict[str, Any] = {
    "kind": "Deployment",
    "spec": {
        "template": {
            "spec": {
                "serviceAccountName": "web",
                "initContainers": [{"name": "wait"}],
                "containers": [{"name": "web"}, {"name": "log"}],
                "volumes": [{"name": "tmp"}, {"name": "node"}],
            }
        }
    },
}
SPEC = ("spec", "template", "spec")
FORBIDDEN = (
    'pods "pod" is forbidden: violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true), '
    'hostPath volumes (volume "node"), allowPrivilegeEscalation != false (containers "wait", "log" must set '
    'securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "web" must set '
    "securityContext.runAsNonRoot=true), procMount (something else)"
)


def test_every_violation_is_at_the_fields_that_it_names() -> None:
    """One for each container; what names nothing is at the pod's own spec."""
    context = "securityContext"
    assert [refusal.path for refusal in violations(FORBIDDEN, DEPLOYMENT)] == [
        (*SPEC, "hostNetwork"),
        (*SPEC, "volumes", 1),
        (*SPEC, "initContainers", 0, context, "allowPrivilegeEscalation"),
        (*SPEC, "containers", 1, context, "allowPrivilegeEscalation"),
        (*SPEC, "containers", 0, context, "runAsNonRoot"),
        SPEC,
    ]


def test_the_words_are_those_of_the_server() -> None:
    """With the level that is violated."""
    said = [refusal.message for refusal in violations(FORBIDDEN, DEPLOYMENT)]
    assert said[1] == 'violates PodSecurity "restricted:latest": hostPath volumes (volume "node")'


def test_other_reasons_are_no_violation() -> None:
    """They have been said of the workload itself."""
    assert list(violations('pods "pod" is forbidden: no quota', DEPLOYMENT)) == []


def test_the_pod_has_nothing_that_refers_to_the_cluster() -> None:
    """Its service account is not here."""
    pod = pod_of(DEPLOYMENT, "shop")
    assert pod is not None
    assert pod["metadata"] == {"name": "pod", "namespace": "shop"}
    assert sorted(pod["spec"]) == ["containers", "initContainers", "volumes"]


def test_a_config_map_has_no_pods() -> None:
    """So nothing is asked."""
    assert pod_of({"kind": "ConfigMap"}, "shop") is None
