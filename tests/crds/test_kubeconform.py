"""Custom resources before the real kubeconform: strictly, with the right schema, and never passed over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.crds.files import files
from generator.findings.errors import ToolError
from generator.prove.kubernetes import Checked, Judge
from generator.tools.install import ensure
from generator.tools.kubeconform import Status, check
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION

from .widgets import crd, sound, widget

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {"name": "dev-web", "namespace": "argocd"},
    "spec": {
        "project": "shop",
        "source": {"repoURL": "https://git.example.com/shop.git", "path": "overlays/dev/web", "targetRevision": "main"},
        "destination": {"name": "shop-dev", "namespace": "shop"},
        "syncPolicy": {"automated": {"prune": True}, "syncOptions": ["PruneLast=true"], "retry": {"limit": 5}},
    },
}
APPLICATION_SET = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "ApplicationSet",
    "metadata": {"name": "dev-shop", "namespace": "argocd"},
    "spec": {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [
            {
                "git": {
                    "repoURL": "https://git.example.com/shop.git",
                    "revision": "main",
                    "directories": [{"path": "overlays/dev/web"}],
                }
            }
        ],
        "template": {"metadata": {"name": "dev-{{ .path.basename }}"}, "spec": APPLICATION["spec"]},
    },
}
EXTERNAL_SECRET = {
    "apiVersion": "external-secrets.io/v1",
    "kind": "ExternalSecret",
    "metadata": {"name": "db", "namespace": "shop"},
    "spec": {
        "refreshInterval": "1h0m0s",
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": "aws"},
        "target": {"creationPolicy": "Owner"},
        "data": [{"secretKey": "DB_URL", "remoteRef": {"key": "orders/database-url"}}],
    },
}
SECRET_PROVIDER_CLASS = {
    "apiVersion": "secrets-store.csi.x-k8s.io/v1",
    "kind": "SecretProviderClass",
    "metadata": {"name": "db", "namespace": "shop"},
    "spec": {"provider": "aws", "secretObjects": [{"secretName": "db", "type": "Opaque", "data": [{"key": "a"}]}]},
}
TARGET_GROUP_BINDING = {
    "apiVersion": "elbv2.k8s.aws/v1beta1",
    "kind": "TargetGroupBinding",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"serviceRef": {"name": "web", "port": "http"}, "targetGroupName": "web", "targetType": "ip"},
}
HTTP_ROUTE = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "HTTPRoute",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "parentRefs": [{"name": "public", "namespace": "edge", "sectionName": "https"}],
        "hostnames": ["www.shop.example.com"],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [{"name": "web", "port": 80, "weight": 1}],
            }
        ],
    },
}
GATEWAY = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "Gateway",
    "metadata": {"name": "public", "namespace": "shop"},
    "spec": {
        "gatewayClassName": "envoy",
        "listeners": [
            {
                "name": "https",
                "port": 443,
                "protocol": "HTTPS",
                "tls": {"mode": "Terminate", "certificateRefs": [{"name": "web-tls"}]},
            }
        ],
    },
}
SERVICE_MONITOR = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "ServiceMonitor",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "endpoints": [{"port": "metrics", "interval": "30s", "path": "/metrics"}],
    },
}
POD_MONITOR = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "PodMonitor",
    "metadata": {"name": "worker", "namespace": "shop"},
    "spec": {
        "selector": {"matchLabels": {"app": "worker"}},
        "podMetricsEndpoints": [{"port": "metrics", "interval": "30s"}],
    },
}
PROMETHEUS_RULE = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "PrometheusRule",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "groups": [
            {"name": "web", "rules": [{"alert": "WebDown", "expr": "up == 0", "for": "5m", "labels": {"to": "shop"}}]}
        ]
    },
}
CERTIFICATE = {
    "apiVersion": "cert-manager.io/v1",
    "kind": "Certificate",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "secretName": "web-tls",
        "dnsNames": ["www.shop.example.com"],
        "issuerRef": {"kind": "ClusterIssuer", "name": "letsencrypt"},
    },
}
ROLLOUT = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Rollout",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "replicas": 4,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {"duration": "10m"}}]}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": "registry.example.com/web:1.4.2"}]},
        },
    },
}
PACKED = [
    APPLICATION,
    APPLICATION_SET,
    CERTIFICATE,
    EXTERNAL_SECRET,
    GATEWAY,
    HTTP_ROUTE,
    POD_MONITOR,
    PROMETHEUS_RULE,
    ROLLOUT,
    SECRET_PROVIDER_CLASS,
    SERVICE_MONITOR,
    TARGET_GROUP_BINDING,
]


@pytest.fixture(scope="session")
def kubeconform() -> Path:
    """Return the real kubeconform."""
    return ensure(KUBECONFORM, KUBECONFORM_VERSION)


@pytest.fixture
def judge(kubeconform: Path) -> Judge:
    """Return the judge of a repository that has no schemas of its own yet."""
    return Judge(kubeconform, {})


def put(judge: Judge, manifest: dict[str, Any]) -> None:
    """Add a definition to the judge's repository."""
    put_files(judge, files(sound(manifest)))


def put_files(judge: Judge, texts: dict[str, str]) -> None:
    """Add files to the judge's repository, by their paths below `schemas/crds`."""
    assert isinstance(judge.crds, dict)
    judge.crds.update({path: text.encode() for path, text in texts.items()})


def changed(manifest: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of an object with one field set."""
    copy: dict[str, Any] = json.loads(json.dumps(manifest))
    *steps, last = path.split(".")
    holder: Any = copy
    for step in steps:
        holder = holder[int(step) if isinstance(holder, list) else step]
    holder[last] = value
    return copy


def said(judge: Judge, *objects: dict[str, Any]) -> list[str]:
    """Return `rule message` of everything found; every object is looked at."""
    checked: Checked = judge.judge({"all": objects}, "1.35")["all"]
    assert (checked.checked, checked.skipped) == (len(objects), 0)
    return [f"{rule.id} {violation.message}" for rule, _, violation in checked.faults]


@pytest.mark.parametrize("manifest", PACKED, ids=lambda manifest: manifest["kind"])
def test_the_kinds_in_use_are_known(judge: Judge, manifest: dict[str, Any]) -> None:
    """Without a schema of one's own."""
    assert said(judge, manifest) == []


@pytest.mark.parametrize(
    ("manifest", "path", "value", "message"),
    [
        (APPLICATION, "spec.source.pathh", "x", "spec.source: additional properties 'pathh' not allowed"),
        (APPLICATION, "spec.syncPolicy.retry.limit", "5", "spec.syncPolicy.retry.limit: got string, want integer"),
        (APPLICATION, "spec.syncPolicy.automated", None, "spec.syncPolicy.automated: got null, want object"),
        (APPLICATION, "metadata.label", {}, "metadata: additional properties 'label' not allowed"),
        (APPLICATION_SET, "spec.generators.0.gitt", {}, "spec.generators.0: additional properties 'gitt' not allowed"),
        (
            APPLICATION_SET,
            "spec.template.spec.source.pathh",
            "x",
            "spec.template.spec.source: additional properties 'pathh' not allowed",
        ),
        (EXTERNAL_SECRET, "spec.data.0.remoteRef.keyy", "x", "spec.data.0.remoteRef: additional properties 'keyy'"),
        (EXTERNAL_SECRET, "spec.target.creationPolicy", "Own", "spec.target.creationPolicy: value must be one of"),
        (CERTIFICATE, "spec.dnsName", ["a"], "spec: additional properties 'dnsName' not allowed"),
        (GATEWAY, "spec.listeners.0.port", "443", "spec.listeners.0.port: got string, want integer"),
        (
            HTTP_ROUTE,
            "spec.rules.0.backendRef",
            [],
            "spec.rules.0: additional properties 'backendRef' not allowed",
        ),
        (
            POD_MONITOR,
            "spec.podMetricsEndpoints.0.intervall",
            "30s",
            "spec.podMetricsEndpoints.0: additional properties 'intervall' not allowed",
        ),
        (
            PROMETHEUS_RULE,
            "spec.groups.0.rules.0.alerts",
            "x",
            "spec.groups.0.rules.0: additional properties 'alerts' not allowed",
        ),
        (ROLLOUT, "spec.strategy.canary.step", [], "spec.strategy.canary: additional properties 'step' not allowed"),
        (SECRET_PROVIDER_CLASS, "spec.secretObject", [], "spec: additional properties 'secretObject' not allowed"),
        (SERVICE_MONITOR, "spec.endpoint", [], "spec: additional properties 'endpoint' not allowed"),
        (TARGET_GROUP_BINDING, "spec.targetType", "pod", "spec.targetType: value must be one of 'instance', 'ip'"),
    ],
)
def test_a_slip_is_found_at_its_field(
    judge: Judge, manifest: dict[str, Any], path: str, value: object, message: str
) -> None:
    """The place of a nested error is only in the text of kubeconform, which has no field for it."""
    (found,) = said(judge, changed(manifest, path, value))
    assert found.startswith(f"SCH001 {message}")


@pytest.mark.parametrize("version", ["v1beta1", "v2"])
def test_a_version_that_nothing_serves_names_the_one_that_is_served(judge: Judge, version: str) -> None:
    """It is an error, and nothing is skipped."""
    api_version = f"external-secrets.io/{version}"
    checked = judge.judge({"all": [{**EXTERNAL_SECRET, "apiVersion": api_version}]}, "1.35")["all"]
    ((rule, _, violation),) = checked.faults
    assert (rule.id, checked.skipped) == ("SCH002", 0)
    served = "`external-secrets.io/v1` is the version that is served"
    assert violation.message == f"no schema for {api_version} ExternalSecret: {served}; it was not checked"
    assert violation.remedy.startswith("write `apiVersion: external-secrets.io/v1`; ")


def test_a_group_that_nothing_serves_has_no_schema(judge: Judge) -> None:
    """An error that names the way out; nothing is skipped."""
    api_version = "external-secrets.example.com/v1"
    checked = judge.judge({"all": [{**EXTERNAL_SECRET, "apiVersion": api_version}]}, "1.35")["all"]
    ((rule, _, violation),) = checked.faults
    assert (rule.id, checked.skipped) == ("SCH002", 0)
    assert violation.message == f"no schema for {api_version} ExternalSecret: it was not checked"
    assert violation.remedy == "give the definition of the kind to `fairlead schemas add CRD.yaml`"


@pytest.mark.parametrize("api_version", ["../../etc/v1", "example.com/../v1", "example.com/", "/v1", "a/b/c", ""])
def test_an_odd_api_version_leads_nowhere(judge: Judge, api_version: str) -> None:
    """What becomes part of a path is looked at first."""
    checked = judge.judge({"all": [widget({}, apiVersion=api_version)]}, "1.35")["all"]
    assert [rule.id for rule, _, _ in checked.faults] == ["SCH001"]
    assert checked.checked == 0


def test_a_kind_of_ones_own_is_checked_by_its_definition(judge: Judge) -> None:
    """As `fairlead schemas add` lays it down."""
    put(judge, crd({"type": "object", "properties": {"size": {"type": "integer"}}}))
    assert said(judge, widget({"size": 3})) == []
    assert said(judge, widget({"sise": 3})) == ["SCH001 spec: additional properties 'sise' not allowed"]


def test_the_repositorys_own_schema_comes_before_ours(judge: Judge) -> None:
    """A team may run another version of an operator than the one that we know."""
    own = json.loads(json.dumps(crd({"type": "object", "properties": {"a": {"type": "integer"}}})))
    own["spec"]["group"], own["spec"]["names"]["kind"] = "external-secrets.io", "ExternalSecret"
    put(judge, own)
    assert said(judge, {**EXTERNAL_SECRET, "spec": {"a": 1}}) == []


@pytest.mark.parametrize("text", ["{", "null", '{"type": 5}'])
def test_a_damaged_schema_of_ones_own_hides_nothing(judge: Judge, text: str) -> None:
    """By itself kubeconform would take the next schema that there is, and say nothing."""
    put(judge, crd())
    put_files(judge, {"external-secrets.io/externalsecret_v1.json": text})
    (found,) = said(judge, EXTERNAL_SECRET)
    what = "is no JSON Schema that kubeconform can use: it was not checked"
    assert found == f"SCH002 schemas/crds/external-secrets.io/externalsecret_v1.json {what}"


def test_a_group_is_told_from_one_of_kubernetes_by_all_of_its_name(judge: Judge) -> None:
    """`ingress-networking-v1.json` is the Ingress of networking.k8s.io, and of no other group."""
    ingress = widget({"ours": 1}, apiVersion="networking.example.com/v1", kind="Ingress")
    assert said(judge, ingress) == ["SCH002 no schema for networking.example.com/v1 Ingress: it was not checked"]


def test_nobody_overrides_a_kind_of_kubernetes(judge: Judge) -> None:
    """A file in the repository cannot make a Deployment pass."""
    put_files(judge, {"apps/deployment_v1.json": "{}"})
    deployment = widget({"replica": 3}, apiVersion="apps/v1", kind="Deployment")
    assert "SCH001 spec: additional properties 'replica' not allowed" in said(judge, deployment)


def test_a_definition_beside_its_objects_is_enough(judge: Judge) -> None:
    """An overlay that brings an operator's definition along may use it, strictly."""
    definition = crd({"type": "object", "properties": {"size": {"type": "integer"}}})
    assert said(judge, definition, widget({"size": 3})) == []
    assert said(judge, definition, widget({"size": "x"})) == ["SCH001 spec.size: got string, want integer"]


def test_a_definition_holds_for_its_own_overlay_only(judge: Judge) -> None:
    """What one overlay says must not depend on which others are checked with it."""
    checked = judge.judge({"with": [crd(), widget({})], "without": [widget({})]}, "1.35")
    assert [[rule.id for rule, _, _ in checked[name].faults] for name in ("with", "without")] == [[], ["SCH002"]]


def test_a_definition_that_an_api_server_refuses_is_a_finding(judge: Judge) -> None:
    """A field without a type is refused by an API server, and fine to kubeconform."""
    definition = crd({"type": "object", "properties": {"size": {}}})
    assert said(judge, definition) == ["SCH001 a field without a type"]


def test_without_a_schema_location_nothing_is_asked(kubeconform: Path, tmp_path: Path) -> None:
    """The default of kubeconform is the network."""
    (tmp_path / "a.yaml").write_text("kind: Widget\n", encoding="utf-8")
    with pytest.raises(ToolError, match="no schema location given; it would ask the network"):
        check(kubeconform, [tmp_path / "a.yaml"], [], "1.35")


def test_a_duplicate_key_of_a_custom_resource_is_refused(kubeconform: Path, tmp_path: Path) -> None:
    """Only with `-strict`, and then as an error, not as an invalid object."""
    (tmp_path / "a.yaml").write_text("apiVersion: example.com/v1\nkind: Widget\nspec: {}\nspec: {}\n", encoding="utf-8")
    result = check(kubeconform, [tmp_path / "a.yaml"], [f"{tmp_path}/none.json"], "1.35")
    (problem,) = result.problems
    assert problem.status is Status.ERROR
    assert 'key "spec" already set in map' in problem.message
