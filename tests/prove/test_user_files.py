"""A person's own patches and resources: kept, checked like everything else, and every field they change reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.yamlio import dump
from tests.crds.widgets import crd
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

PAGE = FILES["services/cart.yaml"] + (
    "extraResources: [other-namespace.yaml, role.yaml, widget.yaml]\npatches: [more.yaml]\n"
)
OTHER_NAMESPACE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shared, namespace: elsewhere}
data: {a: "1"}
"""
CLUSTER_SCOPED = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get]}
"""
CUSTOM = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: cart, namespace: shop}
spec:
  size: 3
"""
WIDGET_SCHEMA = """\
{"type": "object", "required": ["apiVersion", "kind", "metadata", "spec"], "additionalProperties": false,
 "properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"},
 "spec": {"type": "object", "additionalProperties": false, "properties": {"size": {"type": "integer"}}}}}
"""
SIZED = {"type": "object", "properties": {"size": {"type": "integer"}}}
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 3
"""
OWN = {
    "resources/other-namespace.yaml": OTHER_NAMESPACE,
    "resources/role.yaml": CLUSTER_SCOPED,
    "resources/widget.yaml": CUSTOM,
    "patches/more.yaml": PATCH,
}


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop whose cart has own files in two namespaces, one cluster-scoped and one custom."""
    root = make_shop(tmp_path)
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    (root / "services/cart.yaml").write_text(PAGE, encoding="utf-8")
    for name, text in OWN.items():
        path = root / "overlays/dev/cart" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "schemas/crds/example.com").mkdir(parents=True)
    (root / "schemas/crds/example.com/widget_v1.json").write_text(WIDGET_SCHEMA, encoding="utf-8")
    answer = fairlead("generate", root=root)
    assert answer.code == 0, answer.text
    return root


def test_own_files_are_reported_at_their_lines_and_block_nothing(shop: Path, fairlead: Fairlead) -> None:
    """What own files add or change is information, each with its own file and line."""
    answer = fairlead("validate", "--own", root=shop)

    assert answer.code == 0, answer.text
    own = [line.partition(": info OWN001: ") for line in answer.stdout.splitlines() if " OWN001: " in line]
    assert [(place, text) for place, _, text in own] == [
        ("overlays/dev/cart/patches/more.yaml:5:13", "changes spec.replicas from 2 to 3 [dev Deployment/shop/cart]"),
        ("overlays/dev/cart/resources/other-namespace.yaml:1:1", "adds this object [dev ConfigMap/elsewhere/shared]"),
        ("overlays/dev/cart/resources/role.yaml:1:1", "adds this object [dev ClusterRole/reader]"),
        ("overlays/dev/cart/resources/widget.yaml:1:1", "adds this object [dev Widget/shop/cart]"),
    ]


def test_objects_without_own_files_are_held_against_the_model(shop: Path, fairlead: Fairlead) -> None:
    """The build without own files is compared (2 of cart, 1 namespace); the whole build is checked by kubeconform."""
    answer = fairlead("validate", "--format", "json", root=shop)

    assert '"objectsCompared": 3' in answer.stdout
    assert '"objectsChecked": 6' in answer.stdout


def test_own_resources_keep_the_namespace_they_state(shop: Path, kustomize: Path) -> None:
    """Nothing moves or stamps objects that a person wrote."""
    from generator.tools.kustomize import build
    from generator.yamlio import built

    objects = built(build(kustomize, shop / "overlays/dev/cart").decode())
    assert {(one["kind"], one["metadata"].get("namespace")) for one in objects} == {
        ("ClusterRole", None),
        ("ConfigMap", "elsewhere"),
        ("Deployment", "shop"),
        ("Service", "shop"),
        ("Widget", "shop"),
    }


def test_what_the_project_refuses_is_told_at_its_line(shop: Path, fairlead: Fairlead) -> None:
    """A kind that no system may sync, one that this system does not list, and a namespace of somebody else."""
    gitops = FILES["gitops.yaml"].replace("3.5.7}", "3.5.7, instances: {hub: {}}}")
    (shop / "gitops.yaml").write_text(gitops, encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0

    answer = fairlead("validate", root=shop)

    told = [line for line in answer.stdout.splitlines() if " error ARG012: " in line]
    assert answer.code == 1
    assert [line.partition(": error ")[0] for line in told] == [
        "overlays/dev/cart/resources/other-namespace.yaml:3:37",
        "overlays/dev/cart/resources/role.yaml:2:7",
        "overlays/dev/cart/resources/widget.yaml:2:7",
    ]
    assert "; add `example.com/Widget` under `kinds:` of systems/shop.yaml [dev Widget/shop/cart]" in told[2]


def test_a_system_may_list_more_kinds_and_namespaces(shop: Path, fairlead: Fairlead) -> None:
    """Then its project has them too."""
    gitops = FILES["gitops.yaml"].replace("3.5.7}", "3.5.7, instances: {hub: {}}}")
    system = (
        FILES["systems/shop.yaml"].replace("{shop: {}}", "{shop: {}, elsewhere: {}}") + "kinds: [example.com/Widget]\n"
    )
    (shop / "gitops.yaml").write_text(gitops, encoding="utf-8")
    (shop / "systems/shop.yaml").write_text(system, encoding="utf-8")
    (shop / "services/cart.yaml").write_text(PAGE.replace("role.yaml, ", ""), encoding="utf-8")
    (shop / "overlays/dev/cart/resources/role.yaml").unlink()
    assert fairlead("generate", root=shop).code == 0

    answer = fairlead("validate", root=shop)

    assert answer.code == 0, answer.text
    assert "example.com" in (shop / "argocd/hub/projects/shop.yaml").read_text(encoding="utf-8")


def test_a_custom_resource_is_checked_strictly(shop: Path, fairlead: Fairlead) -> None:
    """An unknown field of a custom resource is found at its line in the person's file."""
    path = shop / "overlays/dev/cart/resources/widget.yaml"
    path.write_text(CUSTOM.replace("size: 3", "size: large"), encoding="utf-8")

    answer = fairlead("validate", root=shop)

    assert answer.code == 1
    assert "overlays/dev/cart/resources/widget.yaml:5:9: error SCH001: spec.size: " in answer.stdout


def test_a_custom_resource_without_a_schema_is_a_failure(shop: Path, fairlead: Fairlead) -> None:
    """Nothing passes unchecked."""
    (shop / "schemas/crds/example.com/widget_v1.json").unlink()

    answer = fairlead("validate", root=shop)

    assert answer.code == 1
    assert (
        "overlays/dev/cart/resources/widget.yaml:1:1: error SCH002: no schema for example.com/v1 Widget: "
        "it was not checked; give the definition of the kind to `fairlead schemas add CRD.yaml`"
    ) in answer.stdout


def test_a_changed_schema_makes_the_verdict_anew(shop: Path, fairlead: Fairlead) -> None:
    """What was proven against another schema is not proven."""
    assert fairlead("validate", root=shop).code == 0
    path = shop / "schemas/crds/example.com/widget_v1.json"
    path.write_text(WIDGET_SCHEMA.replace("integer", "string"), encoding="utf-8")

    answer = fairlead("validate", root=shop)

    assert answer.code == 1
    assert "overlays/dev/cart/resources/widget.yaml:5:9: error SCH001: spec.size: " in answer.stdout


def test_a_definition_among_own_resources_is_enough(shop: Path, fairlead: Fairlead) -> None:
    """An operator's definition beside its objects: no file under schemas/crds/ is needed."""
    (shop / "schemas/crds/example.com/widget_v1.json").unlink()
    (shop / "overlays/dev/cart/resources/crd.yaml").write_text(dump(crd(SIZED)), encoding="utf-8")
    page = shop / "services/cart.yaml"
    page.write_text(page.read_text().replace("widget.yaml]", "widget.yaml, crd.yaml]"), encoding="utf-8")
    fairlead("generate", root=shop)

    answer = fairlead("validate", root=shop)

    assert answer.code == 0, answer.text
    assert "0 skipped" in answer.stdout


def test_rules_look_at_own_objects_too(shop: Path, fairlead: Fairlead) -> None:
    """A patch that breaks a rule is found at the patch."""
    path = shop / "overlays/dev/cart/patches/more.yaml"
    container = "{name: cart, image: 'nginx:latest'}"
    path.write_text(PATCH + f"  template:\n    spec:\n      containers:\n      - {container}\n", encoding="utf-8")

    answer = fairlead("validate", root=shop)

    assert answer.code == 1
    assert "overlays/dev/cart/patches/more.yaml" in next(
        line for line in answer.stdout.splitlines() if "WRK001" in line
    )


def test_an_own_file_that_no_page_lists_is_a_finding(shop: Path, fairlead: Fairlead) -> None:
    """A file in the overlay that neither fairlead rendered nor a page lists is named."""
    (shop / "overlays/dev/cart/patches/forgotten.yaml").write_text(PATCH, encoding="utf-8")

    answer = fairlead("generate", "--check", root=shop)

    assert answer.code == 1
    assert "overlays/dev/cart/patches/forgotten.yaml:1:1: error KUS004" in answer.stdout


def test_a_listed_file_that_is_missing_is_refused(shop: Path, fairlead: Fairlead) -> None:
    """The line of the page and the missing file are both named, and nothing is written."""
    (shop / "overlays/dev/cart/patches/more.yaml").unlink()

    answer = fairlead("generate", "--check", root=shop)

    assert answer.code == 2
    assert answer.stderr.startswith(
        "services/cart.yaml:10:11: error SPC009: no file overlays/dev/cart/patches/more.yaml"
    )


# Kind in a version that is gone -> the version that is served, and what its objects need.
SERVED = {
    "external-secrets.io/v1beta1 ExternalSecret": (
        "external-secrets.io/v1",
        "{secretStoreRef: {kind: SecretStore, name: aws}, data: [{secretKey: a, remoteRef: {key: x}}]}",
    ),
    "gateway.networking.k8s.io/v1alpha2 HTTPRoute": (
        "gateway.networking.k8s.io/v1",
        "{parentRefs: [{name: public}], rules: [{backendRefs: [{name: cart, port: 80}]}]}",
    ),
    "cert-manager.io/v1alpha3 Certificate": (
        "cert-manager.io/v1",
        "{secretName: legacy, issuerRef: {name: ca}, dnsNames: [shop.example.com]}",
    ),
}


@pytest.mark.parametrize("gone", SERVED)
def test_a_version_that_is_no_longer_served_is_told_with_the_one_that_is(
    shop: Path, fairlead: Fairlead, gone: str
) -> None:
    """What the message says to write passes."""
    (old, kind), (served, spec) = gone.split(), SERVED[gone]
    path = shop / "overlays/dev/cart/resources/widget.yaml"
    text = f"apiVersion: {old}\nkind: {kind}\nmetadata: {{name: legacy, namespace: shop}}\nspec: {spec}\n"
    path.write_text(text, encoding="utf-8")
    answer = fairlead("validate", root=shop)
    assert answer.code == 1
    assert (
        f"overlays/dev/cart/resources/widget.yaml:1:1: error SCH002: no schema for {gone}: `{served}` is the version "
        f"that is served; it was not checked; write `apiVersion: {served}`; for an operator that still serves "
        f"{old.rpartition('/')[2]}, give the definition of the kind to `fairlead schemas add CRD.yaml`"
    ) in answer.stdout

    path.write_text(text.replace(old, served), encoding="utf-8")
    assert "SCH00" not in fairlead("validate", root=shop).stdout


@pytest.mark.parametrize(
    ("volumes", "said", "written"),
    [
        (
            'scripts: {configMap: {name: scripts, defaultMode: "0755"}}',
            "got string, want null or integer; write 493, which is 0755 in decimal",
            "scripts: {configMap: {name: scripts, defaultMode: 493}}",
        ),
        (
            'scripts: {projected: {defaultMode: "0o400", sources: [{configMap: {name: scripts}}]}}',
            "got string, want null or integer; write 256, which is 0o400 in decimal",
            "scripts: {projected: {defaultMode: 256, sources: [{configMap: {name: scripts}}]}}",
        ),
        (
            'scripts: {configMap: {name: scripts, defaultMode: "99999999999"}}',
            "it must be at most 2147483647, not 99999999999; write 2147483647 or less",
            "scripts: {configMap: {name: scripts, defaultMode: 420}}",
        ),
    ],
)
def test_text_where_kubernetes_wants_a_number_is_told_with_the_number(
    shop: Path, fairlead: Fairlead, volumes: str, said: str, written: str
) -> None:
    """Never with quotes; what the message says to write passes."""
    page = PAGE + "external: [configmap/scripts]\nvolumeMounts: {/scripts: scripts}\nvolumes:\n  "
    (shop / "services/cart.yaml").write_text(f"{page}{volumes}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert said in fairlead("validate", root=shop).stdout

    (shop / "services/cart.yaml").write_text(f"{page}{written}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert "SCH00" not in fairlead("validate", root=shop).stdout


def test_without_being_asked_for_they_are_a_number_in_the_last_line(shop: Path, fairlead: Fairlead) -> None:
    """What was meant is not repeated for ever; the line names the option that lists it, and JSON has it all."""
    answer = fairlead("validate", root=shop)

    assert "OWN001" not in answer.stdout
    assert ", 4 changes by own files (`fairlead validate --own` lists them), 0 allowed; " in answer.stdout
    data = json.loads(fairlead("validate", "--format", "json", root=shop).stdout)
    assert [finding["rule"] for finding in data["findings"]].count("OWN001") == 4
