"""Strategies for valid pages: any mix of what a service page may say, and layers of it for environments."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Page = dict[str, Any]

NAMES = st.sampled_from(["web", "api", "worker-1", "db", "cache"])
KEYS = st.sampled_from(["A", "LOG_LEVEL", "y", "ON", "PORT_1"])
# Text that YAML readers like to take for something else, and text that has to be quoted or folded.
TEXTS = st.one_of(
    st.sampled_from(
        ["on", "1.10", "1e3", "0o14", "~", "", " a ", "a: b", "#x", "12:30:45", "2024-01-01", "null", "=", "*"]
    ),
    st.sampled_from(["line\nline\n", "no end\nof line", '{"json": [1]}', "x" * 100, "many words " * 12, "übergröße"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
)
LABELS = st.dictionaries(
    st.sampled_from(["team", "example.com/tier", "y"]), st.sampled_from(["a", "on", "1.10"]), max_size=2
)
QUANTITIES = st.fixed_dictionaries(
    {"cpu": st.sampled_from(["100m", "1", "0.5"]), "memory": st.sampled_from(["64Mi", "1Gi"])}
)
PROBES = st.one_of(
    st.builds(lambda path: {"httpGet": path}, st.sampled_from(["/", "/health"])),
    st.just({"tcpSocket": 8080}),
    st.just({"grpc": 9090}),
    st.builds(lambda words: {"exec": ["sh", "-c", *words]}, st.lists(TEXTS, max_size=2)),
).flatmap(lambda probe: st.builds(lambda seconds: {**probe, "periodSeconds": seconds}, st.integers(1, 60)))
CONTAINER: dict[str, st.SearchStrategy[Any]] = {
    "command": st.lists(TEXTS.filter(bool), min_size=1, max_size=2),
    "args": st.lists(TEXTS, min_size=1, max_size=2),
    "env": st.dictionaries(KEYS, TEXTS, min_size=1, max_size=4),
    # One number a name: two ports with one number are WRK017's business, and no patch can say them.
    "ports": st.fixed_dictionaries(
        {"grpc": st.integers(1000, 1999)},
        optional={"metrics": st.integers(2000, 2999), "admin": st.integers(3000, 3999)},
    ),
    "livenessProbe": PROBES,
    "readinessProbe": PROBES,
    "startupProbe": PROBES,
    "resources": st.fixed_dictionaries({}, optional={"requests": QUANTITIES, "limits": QUANTITIES}),
    "securityContext": st.fixed_dictionaries(
        {}, optional={"runAsUser": st.integers(1, 9999), "privileged": st.booleans()}
    ),
    "envFrom": st.lists(st.builds(lambda name: {"secretRef": {"name": name}}, NAMES), min_size=1, max_size=2),
}
SIDE = st.fixed_dictionaries({"image": st.sampled_from(["side", "docker.io/library/redis:7.2"])}, optional=CONTAINER)
JOB = st.fixed_dictionaries({"backoffLimit": st.integers(0, 5)}, optional={"command": CONTAINER["command"]})
SERVICES = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer"]), "port": st.integers(1, 999)},
        optional={
            "portName": NAMES,
            "annotations": LABELS,
            "ports": st.fixed_dictionaries(
                {},
                optional={
                    "metrics": st.builds(lambda port: {"port": port}, st.integers(2000, 2999)),
                    "admin": st.builds(lambda port: {"port": port, "targetPort": "http"}, st.integers(3000, 3999)),
                },
            ),
        },
    ),
)
INGRESSES = st.fixed_dictionaries(
    {"className": st.sampled_from(["alb", "nginx"])},
    optional={
        "subdomain": NAMES,
        "scheme": st.sampled_from(["internal", "internet-facing"]),
        "paths": st.lists(st.sampled_from(["/", "/a", "/b/c"]), min_size=1, max_size=3, unique=True),
        "annotations": LABELS,
    },
)
SECTIONS: dict[str, st.SearchStrategy[Any]] = {
    **CONTAINER,
    "replicas": st.integers(0, 9),
    "strategy": st.sampled_from([{"type": "Recreate"}, {"maxSurge": 1, "maxUnavailable": "25%"}]),
    "labels": LABELS,
    "podAnnotations": LABELS,
    "containers": st.dictionaries(st.sampled_from(["side-a", "side-b"]), SIDE, max_size=2),
    "initContainers": st.dictionaries(st.sampled_from(["first", "second"]), SIDE, max_size=2),
    "volumes": st.dictionaries(NAMES, st.just({"emptyDir": {}}), max_size=2),
    "nodeSelector": LABELS,
    "tolerations": st.lists(st.just({"key": "spot", "operator": "Exists"}), max_size=1),
    "podAntiAffinity": st.sampled_from(["preferred", "required"]),
    "colocateWith": st.lists(NAMES, min_size=1, max_size=2, unique=True),
    "topologySpreadConstraints": st.lists(
        st.builds(
            lambda key: {"topologyKey": key}, st.sampled_from(["topology.kubernetes.io/zone", "kubernetes.io/hostname"])
        ),
        max_size=2,
        unique_by=lambda constraint: constraint["topologyKey"],
    ),
    "service": SERVICES,
    "ingress": INGRESSES,
    "autoscaling": st.builds(
        lambda low, more, cpu: {"minReplicas": low, "maxReplicas": low + more, "cpu": cpu},
        st.integers(1, 5),
        st.integers(0, 5),
        st.integers(1, 100),
    ),
    "podDisruptionBudget": st.sampled_from([{"maxUnavailable": 1}, {"minAvailable": "50%"}]),
    "networkPolicy": st.fixed_dictionaries(
        {}, optional={"ingress": st.sampled_from([[], [{"from": [{"podSelector": {}}]}]]), "egress": st.just([{}])}
    ),
    "configMap": st.fixed_dictionaries(
        {"data": st.dictionaries(KEYS, TEXTS, min_size=1, max_size=3)}, optional={"mountPath": st.just("/etc/app")}
    ),
    "secrets": st.dictionaries(NAMES, st.just({"TOKEN": "app/token"}), max_size=2),
    "serviceAccount": st.fixed_dictionaries({}, optional={"role": NAMES, "annotations": LABELS}),
    "jobs": st.dictionaries(st.sampled_from(["once", "seed"]), JOB, max_size=1),
    "cronJobs": st.dictionaries(
        st.sampled_from(["nightly"]), JOB.map(lambda job: {**job, "schedule": "0 3 * * *"}), max_size=1
    ),
    "name": st.sampled_from(["renamed", "other"]),
    "namespace": st.sampled_from(["elsewhere"]),
}


def layers(removable: bool) -> st.SearchStrategy[Page]:  # noqa: FBT001  # two kinds of layer, no third
    """A layer with up to eight sections; those of environments may remove sections too."""
    sections = {name: st.one_of(st.none(), section) for name, section in SECTIONS.items()} if removable else SECTIONS
    names = st.lists(st.sampled_from(sorted(sections)), max_size=8, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: sections[name] for name in chosen}))


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """A service page with differences for some environments."""
    page = {"system": "shop", "image": "app", "port": 8080, **draw(layers(removable=False))}
    environments = draw(
        st.dictionaries(st.sampled_from(["dev", "staging", "prod"]), layers(removable=True), max_size=3)
    )
    return {**page, "environments": environments} if environments else page
