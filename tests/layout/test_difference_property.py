"""For any two versions of an object, the real kustomize turns the one into the other with our patch."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.layout.difference import patch
from generator.layout.kustomization import kustomization
from generator.prove.compare import same
from generator.tools.install import ensure
from generator.tools.kustomize import build
from generator.tools.pins import KUSTOMIZE
from generator.yamlio import built, dump
from tests.examples import examples

WORDS = st.sampled_from(["a", "b", "c", "d", "e"])
VALUES = st.sampled_from(["1", "on", "1.10", "x y", "", "a\nb\n", "0x1F", "~", "12:30:45", "*"])


def keyed(key: str, keys: st.SearchStrategy[Any], rest: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """A list of mappings, each with its own value of `key`."""
    item = st.fixed_dictionaries({key: keys}, optional=rest)
    return st.lists(item, max_size=4, unique_by=lambda entry: entry[key])


PORT = st.sampled_from([80, 443, 8080, 9090])
PORTS = keyed("containerPort", PORT, {"name": WORDS}).map(lambda ports: [{**port, "protocol": "TCP"} for port in ports])
PROBE = st.one_of(
    st.fixed_dictionaries({"httpGet": st.fixed_dictionaries({"path": VALUES, "port": PORT}), "periodSeconds": PORT}),
    st.fixed_dictionaries({"exec": st.fixed_dictionaries({"command": st.lists(VALUES, min_size=1, max_size=3)})}),
)
CONTAINER = {
    "image": WORDS,
    "command": st.lists(VALUES, min_size=1, max_size=2),
    "env": keyed("name", WORDS, {"value": st.one_of(VALUES, WORDS)}).filter(bool),
    "ports": PORTS.filter(bool),
    "volumeMounts": keyed("mountPath", WORDS.map("/{}".format), {"name": WORDS}).filter(bool),
    "volumeDevices": keyed("devicePath", WORDS.map("/dev/{}".format), {"name": WORDS}).filter(bool),
    "livenessProbe": PROBE,
    "resources": st.fixed_dictionaries({"limits": st.dictionaries(WORDS, VALUES, min_size=1)}),
}
CONSTRAINT = st.fixed_dictionaries(
    {
        "topologyKey": WORDS,
        "maxSkew": PORT,
        "whenUnsatisfiable": st.sampled_from(["DoNotSchedule", "ScheduleAnyway"]),
    }
)
VOLUME: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({"emptyDir": {}}), st.fixed_dictionaries({"configMap": st.fixed_dictionaries({"name": WORDS})})
)
POD = st.fixed_dictionaries(
    {"containers": keyed("name", WORDS, CONTAINER).filter(bool)},
    optional={
        "initContainers": keyed("name", WORDS, CONTAINER).filter(bool),
        "volumes": st.dictionaries(WORDS, VOLUME, min_size=1, max_size=3).map(
            lambda volumes: [{"name": name, **volume} for name, volume in volumes.items()]
        ),
        "tolerations": st.lists(st.fixed_dictionaries({"key": WORDS, "value": VALUES}), min_size=1, max_size=3),
        "topologySpreadConstraints": st.lists(
            CONSTRAINT,
            min_size=1,
            max_size=3,
            unique_by=lambda one: (one["topologyKey"], one["whenUnsatisfiable"]),
        ),
        "nodeSelector": st.dictionaries(WORDS, VALUES, min_size=1),
        "imagePullSecrets": keyed("name", WORDS, {}).filter(bool),
        "hostAliases": keyed("ip", WORDS, {"hostnames": st.lists(WORDS, min_size=1, max_size=2)}).filter(bool),
    },
)
LABELS = st.dictionaries(st.sampled_from(["app", "a.b/c", "y"]), VALUES, min_size=1)
DEPLOYMENT = st.fixed_dictionaries(
    {"template": st.fixed_dictionaries({"metadata": st.fixed_dictionaries({"labels": LABELS}), "spec": POD})},
    optional={
        "replicas": PORT,
        "strategy": st.sampled_from(
            [
                {"type": "Recreate"},
                {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}},
            ]
        ),
    },
)
SERVICE = st.fixed_dictionaries(
    {"type": WORDS},
    optional={
        "ports": keyed("port", PORT, {"name": WORDS, "targetPort": st.one_of(PORT, WORDS)})
        .filter(bool)
        .map(lambda ports: [{**port, "protocol": "TCP"} for port in ports]),
        "selector": LABELS,
    },
)
RULE = st.fixed_dictionaries({"host": WORDS, "http": st.fixed_dictionaries({"paths": st.lists(LABELS, max_size=2)})})
OTHERS: dict[tuple[str, str], st.SearchStrategy[dict[str, Any]]] = {
    ("networking.k8s.io/v1", "Ingress"): st.fixed_dictionaries({"rules": st.lists(RULE, min_size=1, max_size=3)}),
    ("autoscaling/v2", "HorizontalPodAutoscaler"): st.fixed_dictionaries(
        {"metrics": st.lists(st.fixed_dictionaries({"type": WORDS, "resource": LABELS}), min_size=1, max_size=3)}
    ),
    ("networking.k8s.io/v1", "NetworkPolicy"): st.fixed_dictionaries(
        {"podSelector": st.just({}), "policyTypes": st.lists(WORDS, min_size=1, max_size=2)},
        optional={"ingress": st.lists(st.fixed_dictionaries({"ports": st.lists(LABELS, min_size=1)}), max_size=2)},
    ),
    ("external-secrets.io/v1", "ExternalSecret"): st.fixed_dictionaries(
        {"data": st.lists(st.fixed_dictionaries({"secretKey": WORDS}), min_size=1, max_size=3)}
    ),
    ("apps/v1", "Deployment"): DEPLOYMENT,
    ("v1", "Service"): SERVICE,
}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two versions of one object."""
    (version, kind), specs = draw(st.sampled_from(sorted(OTHERS.items(), key=lambda item: item[0])))
    return manifest(version, kind, draw(specs), draw(LABELS)), manifest(version, kind, draw(specs), draw(LABELS))


def manifest(version: str, kind: str, spec: dict[str, Any], annotations: dict[str, Any]) -> dict[str, Any]:
    """An object named `one` in namespace `space`."""
    metadata = {"name": "one", "namespace": "space", "annotations": annotations}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def kustomized(base: dict[str, Any], change: dict[str, Any] | None) -> dict[str, Any]:
    """What kustomize makes of `base` and a patch."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "object.yaml").write_text(dump(base))
        if change is not None:
            (root / "patch.yaml").write_text(dump(change))
        text = kustomization(["object.yaml"], ["patch.yaml"] if change is not None else [])
        (root / "kustomization.yaml").write_text(text)
        value: dict[str, Any] = built(build(ensure(KUSTOMIZE, "5.8.1"), root).decode())[0]
        return value


@settings(
    max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(pairs())
def test_the_patch_turns_the_base_into_what_is_wanted(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Base + patch == wanted, order of lists included."""
    base, wanted = pair
    plain = kustomized(wanted, None)
    assert same(plain, wanted), "kustomize changes the object by itself"
    assert same(kustomized(base, patch(base, wanted)), wanted)
