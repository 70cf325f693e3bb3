"""What pages pass through to Kubernetes: a field of a pod or of a container has a word, or stands below one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.inputs.kubernetes import REFUSED, definitions, with_kubernetes
from generator.inputs.owned import CONTAINER, DEPLOYMENT_POD, JOB_POD, SERVICE, SIDE_CONTAINER
from generator.inputs.passed import fits, passes
from generator.inputs.schema import schema_of
from generator.inputs.schema_errors import _Validator
from generator.inputs.shapes import FILES
from generator.kubernetes.manifest import at, pod_template_path
from generator.kubernetes.manifest import containers as rendered_containers
from generator.kubernetes.packs import supported_kubernetes_versions
from generator.model import container as words
from generator.model.container import Container, SideContainer
from generator.model.network import KubernetesService
from generator.model.page import Job, Page
from generator.model.scaling import TopologySpread
from generator.model.service import Service
from generator.render import render
from tests.inputs.test_load import refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.inputs.owned import RefusedField

# Parts of containers and pods that have words -> the model of these, and what else the page says of each.
WITHIN: dict[str, tuple[type, set[str]]] = {
    "ConfigMapEnvSource": (words.NamedReference, set()),
    "ConfigMapKeySelector": (words.KeySelector, set()),
    "ContainerPort": (words.ContainerPort, {"name", "containerPort"}),  # the key, and `port`
    "EnvFromSource": (words.EnvFrom, set()),
    "EnvVarSource": (words.EnvSource, set()),
    "ExecAction": (words.Exec, set()),
    "FileKeySelector": (words.FileKeyRef, set()),
    "GRPCAction": (words.GRPC, set()),
    "HTTPGetAction": (words.HTTPGet, set()),
    "Lifecycle": (words.Lifecycle, set()),
    "LifecycleHandler": (words.Handler, {"tcpSocket"}),  # refused by every API server, kept in the type
    "ObjectFieldSelector": (words.FieldRef, set()),
    "Probe": (words.Probe, set()),
    "ResourceClaim": (words.ClaimReference, set()),
    "ResourceFieldSelector": (words.ResourceFieldRef, set()),
    "ResourceRequirements": (words.Resources, set()),
    "SecretEnvSource": (words.NamedReference, set()),
    "SecretKeySelector": (words.KeySelector, set()),
    "TCPSocketAction": (words.TCPSocket, set()),
    "TopologySpreadConstraint": (TopologySpread, set()),
    "VolumeMount": (words.VolumeMount, {"mountPath"}),  # the key
}
VERSIONS = supported_kubernetes_versions()
CORE = "io.k8s.api.core.v1."
TABLES = {
    "PodSpec": (DEPLOYMENT_POD, "PodSpec", Page),
    "JobPodSpec": (JOB_POD, "PodSpec", Job),
    "ContainerFields": (CONTAINER, "Container", Job),
    "SideContainerFields": (SIDE_CONTAINER, "Container", SideContainer),
    "ServiceFields": (SERVICE, "ServiceSpec", KubernetesService),
}
# A field that a new version brings stops here: it gets a word, or it joins these.
PASSED = {
    "PodSpec": (
        "dnsConfig dnsPolicy hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride os "
        "readinessGates resourceClaims resources runtimeClassName schedulerName schedulingGates schedulingGroup "
        "setHostnameAsFQDN shareProcessNamespace subdomain workloadRef"
    ),
    "JobPodSpec": (
        "activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks "
        "hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride imagePullSecrets nodeSelector os "
        "priorityClassName readinessGates resourceClaims resources runtimeClassName schedulerName schedulingGates "
        "schedulingGroup securityContext setHostnameAsFQDN shareProcessNamespace subdomain "
        "terminationGracePeriodSeconds tolerations topologySpreadConstraints workloadRef"
    ),
    "ContainerFields": (
        "resizePolicy restartPolicy restartPolicyRules stdin stdinOnce terminationMessagePath terminationMessagePolicy "
        "tty volumeDevices"
    ),
    "SideContainerFields": (
        "resizePolicy restartPolicyRules stdin stdinOnce terminationMessagePath terminationMessagePolicy tty "
        "volumeDevices"
    ),
    "ServiceFields": (
        "allocateLoadBalancerNodePorts externalIPs healthCheckNodePort loadBalancerIP trafficDistribution"
    ),
}


def fields(name: str, version: str | None) -> set[str]:
    """The fields of a type."""
    return set(definitions(version)[name]["properties"])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", TABLES)
def test_each_field_of_kubernetes_is_owned_or_passed(name: str, version: str) -> None:
    """None is lost between the two, in any version on board."""
    table, kind, _ = TABLES[name]
    assert fields(CORE + kind, version) - set(table) == fields(name, version)


@pytest.mark.parametrize("name", WITHIN)
def test_each_field_within_has_a_word(name: str) -> None:
    """No part of a container that has words of its own is narrower than Kubernetes has it."""
    model, otherwise = WITHIN[name]
    assert fields(CORE + name, None) - otherwise - set(model.__struct_fields__) == set()  # type: ignore[attr-defined]  # structs have them


@pytest.mark.parametrize("name", TABLES)
def test_what_is_passed_is_decided(name: str) -> None:
    """A version of Kubernetes with a new field asks whether a word is for it."""
    assert sorted(fields(name, None)) == PASSED[name].split()


@pytest.mark.parametrize("name", TABLES)
def test_what_is_owned_is_a_field_of_kubernetes(name: str) -> None:
    """A field that is gone from all versions is gone from the table."""
    table, kind, _ = TABLES[name]
    assert set(table) - fields(CORE + kind, None) == set()


@pytest.mark.parametrize("name", TABLES)
def test_the_word_to_use_is_a_word(name: str) -> None:
    """What the message says to write, the model has, or a field beside it is passed."""
    table, _, model = TABLES[name]
    named = {found[1] for refusal in table.values() if (found := re.match(r"write `(\w+)", refusal.remedy))}
    assert named - {*model.__struct_fields__, *fields(name, None), *DEPLOYMENT_POD} == set()


def full(folder: Path) -> list[dict[str, Any]]:
    """The objects of the page that uses every word, without what it passes through."""
    page = yaml.safe_load((folder.parent / "render" / "full.yaml").read_text(encoding="utf-8"))
    page = msgspec.convert({**page, "podSpec": {}, "container": {}}, Page)
    return list(render(Service(name="full", system="shop", namespace="shop", page=page, placement=None)))


def pods(objects: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    """The pods of the objects of a kind."""
    for manifest in objects:
        if manifest["kind"] == kind:
            yield at(manifest, (*(pod_template_path(manifest) or ()), "spec"))


def test_what_the_renderer_writes_is_owned(request: pytest.FixtureRequest) -> None:
    """Of a Deployment's pods: a field that a word renders could not be passed beside it."""
    (pod,) = pods(full(request.path.parent), "Deployment")
    assert set(pod) - set(DEPLOYMENT_POD) == set()


def test_what_has_a_word_is_written(request: pytest.FixtureRequest) -> None:
    """The other way round: a word in the table is one that the full page renders."""
    (pod,) = pods(full(request.path.parent), "Deployment")
    worded = {field for field, refusal in DEPLOYMENT_POD.items() if refusal.reason == "has a word of its own"}
    assert worded - set(pod) == {"serviceAccount"}  # the old name of serviceAccountName


def test_what_the_renderer_writes_of_a_container_is_owned(request: pytest.FixtureRequest) -> None:
    """And what has a word is written by it, in one container or another."""
    written = {key for each in full(request.path.parent) for _, one in rendered_containers(each) for key in one}
    assert written == set(SIDE_CONTAINER)


def test_a_job_may_replace_what_it_takes_over() -> None:
    """What its pods have from the page is no field that its own `podSpec` refuses."""
    page = "nodeSelector: {a: b}\njobs: {seed: {podSpec: {nodeSelector: {c: d}, securityContext: {}}}}"
    assert refused(web=f"system: shop\nimage: web\n{page}\n") == []


def test_every_container_of_a_page_is_looked_at() -> None:
    """Each that a page can have passes its own fields through."""
    page = msgspec.convert(yaml.safe_load(EVERYWHERE), Page)
    assert not passes(page, "1.35")
    for _, container in page.all_containers:
        assert isinstance(container, Container)
        assert container.container == {"tty": "on"}


EVERYWHERE = """
    image: web
    container: {tty: "on"}
    initContainers: {first: {image: web, container: {tty: "on"}}}
    containers: {beside: {image: web, container: {tty: "on"}}}
    migrations: {container: {tty: "on"}}
    jobs: {seed: {container: {tty: "on"}}}
    cronJobs: {sweep: {schedule: "@daily", container: {tty: "on"}}}
"""


def test_a_field_of_a_later_version_is_passed_where_the_cluster_has_it() -> None:
    """The project's clusters have 1.35."""
    assert refused(web="system: shop\nimage: web\npodSpec: {hostnameOverride: web}\n") == []


def test_a_field_of_another_version_is_refused_where_the_cluster_lacks_it() -> None:
    """A field came with 1.36, and the one that it replaced went."""
    page = "system: shop\nimage: web\npodSpec: {schedulingGroup: {podGroupName: a}}\n"
    (said,) = refused(web=page)
    assert said.startswith("services/web.yaml:3:11: error SPC008: 'podSpec.schedulingGroup' is not in Kubernetes 1.35")


def test_null_takes_a_field_away() -> None:
    """As everywhere on a page, and before anybody looks at its type."""
    page = "system: shop\nimage: web\npodSpec: {hostPID: true, os: {name: linux}}\n"
    there = "environments: {dev: {podSpec: {hostPID: null, os: null}}}\n"
    assert refused(web=page + there) == []


def test_layers_complete_each_other() -> None:
    """What is missing in one layer may come from another."""
    page = "system: shop\nimage: web\npodSpec: {dnsConfig: {options: []}}\n"
    there = "environments: {dev: {podSpec: {dnsConfig: {nameservers: [10.0.0.10]}, os: {name: linux}}}}\n"
    assert refused(web=page + there) == []


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "ip", "options", "value"]), inner)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("version", [None, "1.36"])
@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
def test_the_quick_answer_is_the_slow_one(name: str, version: str | None, data: st.DataObject) -> None:
    """What `fits` takes the validator takes, and what one refuses so does the other."""
    field = data.draw(st.sampled_from(sorted(fields(name, version))))
    value = {field: data.draw(VALUES)}
    types = definitions(version)
    whole = {"$ref": f"#/definitions/{name}", "definitions": dict(types)}
    assert fits(value, types[name], types) == _Validator(whole).is_valid(value)


@pytest.mark.parametrize("kind", ["service", "environment", "system"])
def test_an_editor_knows_the_fields(kind: str) -> None:
    """The schema of each page that has these words holds Kubernetes' types, and refers to nothing that it lacks."""
    schema = with_kubernetes(schema_of(FILES[kind]))
    assert "hostAliases" in schema["definitions"]["PodSpec"]["properties"]
    assert set(references(schema)) <= set(schema["definitions"])


def references(schema: Any) -> Iterator[str]:
    """The names that a schema refers to."""
    yield from re.findall(r'"\$ref":"#/definitions/([^"]+)"', msgspec.json.encode(schema, enc_hook=str).decode())


def test_a_refusal_says_why_and_what_to_do() -> None:
    """Whatever the field."""
    tables: list[dict[str, RefusedField]] = [each[REFUSED] for each in definitions("1.33").values() if REFUSED in each]
    assert all(refusal.reason and refusal.remedy for table in tables for refusal in table.values())
