"""What may not change in an object that runs: the base commit's is applied for real, and this one over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.crds.definition import definition
from generator.crds.files import FOLDER, files
from tests.apiserver.cases import SYSTEM, WIDGET
from tests.apiserver.conftest import KUBERNETES
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

PAGE = """\
system: shop
image: registry.example.com/shop/cart:1.0.0
port: 8080
"""
OWN = "system: shop\nextraResources: [own.yaml]\n"
OWN_FILE = "overlays/dev/cart/resources/own.yaml"
STATEFUL = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: db, image: "registry.example.com/shop/db:1.0.0"}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Gi}}
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: import
  namespace: shop
  annotations: {}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: import
        image: registry.example.com/shop/import:1.0.0
        args: [all]
"""
WIDGET_OBJECT = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: cart, namespace: shop}
spec: {min: 1, max: 2, colour: red}
"""
# What the definition of a Widget says of another colour.
KEPT = 'spec.colour: Invalid value: "blue": a widget keeps its colour: "red" -> "blue"'


class Shop:
    """A repository with one service, in git, that says what an API server finds in a change."""

    def __init__(self, root: Path, fairlead: Fairlead, git: Git) -> None:
        gitops = FILES["gitops.yaml"].replace("1.35", KUBERNETES)
        self.root = make_shop(root, gitops=gitops, systems__shop=SYSTEM, services__cart=PAGE)
        self._fairlead, self._git = fairlead, git
        for path, text in files(definition(WIDGET)).items():
            self.write(f"{FOLDER}/{path}", text)
        git(root, "init", "--quiet", "--initial-branch=main")

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """Render and commit everything."""
        assert self._fairlead("generate", root=self.root).code == 0
        self.commit_as_it_is()

    def commit_as_it_is(self) -> None:
        """Commit everything, rendered or not."""
        self._git(self.root, "add", ".")
        self._git(self.root, "commit", "--quiet", "--message=As it runs")

    def said(self, *options: str) -> list[str]:
        """Render what is there now, and give what DIF004 says of it, with the place before it."""
        assert self._fairlead("generate", root=self.root).code == 0
        answer = self._fairlead("validate", "--api-server", "--format", "json", *options, root=self.root)
        found = [each for each in msgspec.json.decode(answer.stdout)["findings"] if each["rule"] == "DIF004"]
        places = ((each["place"], each["message"]) for each in found)
        return [f"{place['file']}:{place['line']}:{place['column']} {message}" for place, message in places]


@pytest.fixture
def shop(judging: Path, tmp_path: Path, fairlead: Fairlead, git: Git) -> Shop:
    """Return a repository of one's own."""
    assert judging.is_dir()
    return Shop(tmp_path, fairlead, git)


def test_a_headless_service_cannot_be_made_of_another(shop: Shop) -> None:
    """The address that the Service has stays for as long as it lives."""
    shop.commit()
    shop.write("services/cart.yaml", f"{PAGE}service:\n  headless: true\n")
    assert shop.said() == ['services/cart.yaml:5:13 spec.clusterIP: may not change once set: (absent) -> "None"']


def test_what_may_change_is_no_finding(shop: Shop) -> None:
    """Replicas, images and labels of pods change all the time."""
    shop.commit()
    shop.write("services/cart.yaml", f"{PAGE.replace('1.0.0', '1.0.1')}replicas: 3\npodLabels: {{tier: front}}\n")
    assert shop.said() == []


def test_a_selector_is_for_ever(shop: Shop) -> None:
    """Here a patch changes it, with the labels that go with it."""
    shop.write("services/cart.yaml", f"{PAGE}patches: [selector.yaml]\n")
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\nspec:\n"
    patch += "  selector:\n    matchLabels: {app: %s}\n  template:\n    metadata: {labels: {app: %s}}\n"
    shop.write("overlays/dev/cart/patches/selector.yaml", patch % ("cart", "cart"))
    shop.commit()
    shop.write("overlays/dev/cart/patches/selector.yaml", patch % ("basket", "basket"))
    place = "overlays/dev/cart/patches/selector.yaml:6:24"
    assert shop.said() == [f'{place} spec.selector.matchLabels.app: field is immutable: "cart" -> "basket"']


def test_a_selector_of_the_page_is_for_ever(shop: Shop) -> None:
    """Told at its line: the Deployment would have to be deleted and made again."""
    shop.write("services/cart.yaml", f"{PAGE}selector: {{tier: front}}\n")
    shop.commit()
    shop.write("services/cart.yaml", f"{PAGE}selector: {{tier: back}}\n")
    said = 'spec.selector.matchLabels.tier: field is immutable: "front" -> "back"'
    assert shop.said() == [f"services/cart.yaml:4:18 {said}"]


def test_of_several_changes_the_impossible_ones_are_named(shop: Shop) -> None:
    """The server refuses the change to a StatefulSet as a whole; its image might have changed."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, STATEFUL)
    shop.commit()
    shop.write(
        OWN_FILE,
        STATEFUL.replace("1Gi", "2Gi").replace("db:1.0.0", "db:1.0.1").replace("serviceName: db", "serviceName: x"),
    )
    places = [line.partition(" Forbidden: updates to statefulset spec")[0] for line in shop.said()]
    assert places == [
        f"{OWN_FILE}:5:16 spec.serviceName:",
        f"{OWN_FILE}:15:39 spec.volumeClaimTemplates[0].spec.resources.requests.storage:",
    ]


def test_a_job_that_ran_stays_as_it_is(shop: Shop) -> None:
    """Its template is printed whole by the server, and that is left out."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, JOB)
    shop.commit()
    shop.write(OWN_FILE, JOB.replace("[all]", "[some]"))
    field = "spec.template.spec.containers[0].args[0]"
    assert shop.said() == [f'{OWN_FILE}:14:16 {field}: field is immutable: "all" -> "some"']


@pytest.mark.parametrize(
    "annotations",
    [
        "{argocd.argoproj.io/hook: Sync}",
        "{argocd.argoproj.io/hook: Sync, argocd.argoproj.io/hook-delete-policy: BeforeHookCreation}",
        '{argocd.argoproj.io/sync-options: "Force=true,Replace=true"}',
    ],
)
def test_what_argo_cd_deletes_first_may_change(shop: Shop, annotations: str) -> None:
    """A hook is made anew at every sync, and with Force=true every object is."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, JOB.replace("{}", annotations))
    shop.commit()
    shop.write(OWN_FILE, JOB.replace("{}", annotations).replace("[all]", "[some]"))
    assert shop.said() == []


def test_rules_of_a_definition_look_at_the_old_value_too(shop: Shop) -> None:
    """CEL calls it oldSelf."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, WIDGET_OBJECT)
    shop.commit()
    shop.write(OWN_FILE, WIDGET_OBJECT.replace("red", "blue"))
    assert shop.said() == [f"{OWN_FILE}:4:32 {KEPT}"]


def test_a_cluster_wide_object_is_tried_under_another_name(shop: Shop) -> None:
    """There is no namespace to keep it apart."""
    storage = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\nprovisioner: %s.example.com\n"
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, storage % "ebs")
    shop.commit()
    shop.write(OWN_FILE, storage % "efs")
    (said,) = shop.said()
    assert said.startswith(f"{OWN_FILE}:4:14 provisioner: ")
    assert said.endswith('"ebs.example.com" -> "efs.example.com"')


def test_a_port_of_the_nodes_is_no_reason(shop: Shop) -> None:
    """The server gives each to one Service alone, and the earlier one has it already."""
    shop.write("services/cart.yaml", f"{PAGE}service: {{type: NodePort, nodePort: 30080}}\n")
    shop.commit()
    shop.write("services/cart.yaml", f"{PAGE}service: {{type: NodePort, nodePort: 30080, sessionAffinity: ClientIP}}\n")
    assert shop.said() == []


def test_an_object_that_the_server_refused_before_cannot_run(shop: Shop) -> None:
    """So whatever it becomes is new."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, JOB.replace("restartPolicy: Never", "restartPolicy: Always"))
    shop.commit()
    shop.write(OWN_FILE, JOB)
    assert shop.said() == []


def test_an_object_is_followed_to_another_page(shop: Shop) -> None:
    """What counts is who has the name in the cluster, not which page it comes from."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, WIDGET_OBJECT)
    shop.commit()
    (shop.root / OWN_FILE).unlink()
    shop.write("services/cart.yaml", PAGE)
    shop.write("services/basket.yaml", OWN)
    shop.write(OWN_FILE.replace("cart/", "basket/"), WIDGET_OBJECT.replace("red", "blue"))
    assert shop.said() == [f"overlays/dev/basket/resources/own.yaml:4:32 {KEPT}"]


def test_a_change_is_told_against_the_base_branch(shop: Shop, git: Git) -> None:
    """What a branch has committed is still a change against where it left."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, WIDGET_OBJECT)
    shop.commit()
    git(shop.root, "switch", "--quiet", "--create=branch")
    shop.write(OWN_FILE, WIDGET_OBJECT.replace("red", "blue"))
    shop.commit()
    assert shop.said() == []
    assert len(shop.said("--base", "main")) == 1


def test_a_new_name_makes_a_new_object(shop: Shop) -> None:
    """That is the way out that the remedy shows."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, JOB)
    shop.commit()
    shop.write(OWN_FILE, JOB.replace("[all]", "[some]").replace("  name: import\n  n", "  name: import-2\n  n"))
    assert shop.said() == []


def test_where_nobody_knows_what_ran_it_says_so(shop: Shop) -> None:
    """A base commit that does not build proves nothing."""
    shop.commit()
    kustomization = shop.root / "overlays/dev/cart/kustomization.yaml"
    rendered = kustomization.read_text(encoding="utf-8")
    shop.write("overlays/dev/cart/kustomization.yaml", rendered.replace("base/cart", "base/trolley"))
    shop.commit_as_it_is()
    kustomization.write_text(rendered, encoding="utf-8")
    reason = "the base commit's overlay does not build, so immutable fields were not compared"
    place = "overlays/dev/cart/kustomization.yaml:1:1"
    assert shop.said() == [f"{place} {reason}: '../../../base/trolley' does not exist"]


def test_where_kustomize_fails_it_says_so_too(shop: Shop) -> None:
    """In kustomize's own words, without the folder in which it was tried."""
    shop.write("services/cart.yaml", OWN)
    shop.write(OWN_FILE, "apiVersion: batch/v1\nmetadata: {name: own}\n")
    shop.commit()
    shop.write(OWN_FILE, JOB)
    (said,) = shop.said()
    assert "does not build" in said
    assert "/tmp" not in said  # noqa: S108  # no file is made
