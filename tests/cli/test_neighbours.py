"""Systems and environments that are neighbours on one cluster: names that cross, that move, and that are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .acme import PLATFORM, REGISTRY, built, commit, make_acme, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead, Git

_PODS = """\
port: 8080
readinessProbe: {httpGet: /ready}
livenessProbe: {tcpSocket: 8080}
replicas: 2
podDisruptionBudget: {maxUnavailable: 1}
topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway}]
resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}
"""

# The namespaces of each system are called like the keys of the other, `jobs` is a key and the name that dev has for it,
# and both systems have a Deployment `api`.
PAGES = PLATFORM | {
    "systems/shop.yaml": f"""\
owner: shop
namespaces:
  shop: {{name: "pay-{{env}}"}}
  jobs: {{}}
environments:
  dev: {{cluster: one, {REGISTRY}}}
  staging: {{cluster: one, {REGISTRY}, namespaces: {{jobs: {{name: jobs-staging}}}}}}
  prod: {{cluster: one, {REGISTRY}, namespaces: {{jobs: {{name: jobs-prod}}}}}}
""",
    "systems/pay.yaml": f"""\
owner: pay
namespaces: {{pay: {{name: "shop-{{env}}"}}}}
environments:
  dev: {{cluster: one, {REGISTRY}}}
  prod: {{cluster: one, {REGISTRY}}}
""",
    "services/api.yaml": f"system: shop\nimage: api\n{_PODS}",
    "services/queue.yaml": f"system: shop\nnamespace: jobs\nimage: queue\n{_PODS}",
    "services/bill.yaml": f"system: pay\nname: api\nimage: bill\n{_PODS}",
}
# A person's own workload that names no namespace, and calls the page's service and one that is not there.
MAILER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: mailer}
spec:
  selector: {matchLabels: {app: mailer}}
  template:
    metadata: {labels: {app: mailer}}
    spec:
      containers:
      - name: mailer
        image: docker.io/library/mailer:1
        env:
        - {name: NOBODY, value: "http://nobody"}
        - {name: API, value: "http://api"}
"""
RELEASED = {"dev": ("api", "queue", "bill"), "staging": ("api", "queue"), "prod": ("api", "queue", "bill")}


@pytest.fixture
def cluster(tmp_path: Path, fairlead: Fairlead, git: Git) -> Path:
    """Return the repository, everything released, rendered and committed."""
    return make_acme(tmp_path / "acme", PAGES, RELEASED, fairlead, git)


def add(root: Path, page: str, text: str) -> None:
    """Add lines to a page."""
    write(root, page, (root / page).read_text(encoding="utf-8") + text)


def found(fairlead: Fairlead, root: Path) -> list[str]:
    """Render, and return the findings."""
    assert fairlead("generate", root=root).code == 0
    answer: Answer = fairlead("validate", root=root)
    return answer.stdout.splitlines()[:-2]


def test_two_systems_and_three_environments_stay_apart(cluster: Path, fairlead: Fairlead) -> None:
    """Neither equal names of Deployments nor keys that others are called by are in the way."""
    assert found(fairlead, cluster) == []


def test_each_project_has_the_namespaces_of_its_own_system(cluster: Path) -> None:
    """As the cluster calls them."""
    spaces = {
        system: [
            line.partition("namespace: ")[2]
            for line in (cluster / f"argocd/hub/projects/{system}.yaml").read_text(encoding="utf-8").splitlines()
            if line.startswith("    namespace: ")
        ]
        for system in ("shop", "pay")
    }
    assert spaces == {
        "shop": ["pay-dev", "jobs", "pay-staging", "jobs-staging", "pay-prod", "jobs-prod"],
        "pay": ["shop-dev", "shop-prod"],
    }


def test_a_name_that_leads_into_another_environment_is_told(cluster: Path, fairlead: Fairlead) -> None:
    """`jobs` is what pages call the namespace, and what dev alone calls it: the others would call dev's queue."""
    add(cluster, "services/api.yaml", 'env: {QUEUE: "amqp://queue.jobs"}\n')
    assert [line.partition("WRK029: ")[2] for line in found(fairlead, cluster)] == [
        f"`jobs` is the namespace of dev, and in {name} it is called `jobs-{name}`: the value names dev's Service "
        f"`queue`; `queue.jobs-{name}`, for {name} alone; `external: [queue.jobs]` where it is meant "
        f"[{name} Deployment/pay-{name}/api]"
        for name in ("prod", "staging")
    ]


def test_a_service_of_another_environment_may_be_meant(cluster: Path, fairlead: Fairlead) -> None:
    """The page says so."""
    add(cluster, "services/api.yaml", 'env: {QUEUE: "amqp://queue.jobs"}\nexternal: [queue.jobs]\n')
    assert found(fairlead, cluster) == []


def test_the_key_of_another_system_is_told_with_the_name_that_it_has_there(cluster: Path, fairlead: Fairlead) -> None:
    """No namespace of the cluster is called `pay`, and `api` of the page's own system is another one."""
    add(cluster, "services/queue.yaml", 'environments: {prod: {env: {BILL: "http://api.pay"}}}\n')
    (line,) = found(fairlead, cluster)
    assert line.startswith("services/queue.yaml:11:35: error WRK023: the value names Service `api` in namespace `pay`")
    assert line.endswith("did you mean `api.shop-prod`? [prod Deployment/jobs-prod/queue]")


def test_an_own_object_without_a_namespace_is_where_its_application_is(cluster: Path, fairlead: Fairlead) -> None:
    """One file for all environments: Argo CD puts each into the first namespace of its system there."""
    add(cluster, "services/api.yaml", "extraResources: [note.yaml, mail.yaml]\nenv: {MAIL: http://mail}\n")
    write(cluster, "base/api/resources/note.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\n")
    mail = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: mail}\nspec: {type: ExternalName, externalName: example.com}\n"
    )
    write(cluster, "base/api/resources/mail.yaml", mail)
    assert [line for line in found(fairlead, cluster) if "ARG002" in line or "WRK023" in line] == []


def test_a_call_of_an_own_object_is_told_at_its_line(cluster: Path, fairlead: Fairlead) -> None:
    """A host without a namespace is looked for where the object is; once for each environment."""
    add(cluster, "services/api.yaml", "extraResources: [mailer.yaml]\n")
    write(cluster, "base/api/resources/mailer.yaml", MAILER)
    lines = [line.partition(", which no released")[0] for line in found(fairlead, cluster) if "WRK023" in line]
    assert sorted(lines) == [
        "base/api/resources/mailer.yaml:13:33: error WRK023: the value names Service `nobody` in namespace "
        f"`pay-{name}`"
        for name in ("dev", "prod", "staging")
    ]


@pytest.mark.usefixtures("home")
def test_a_release_goes_from_one_environment_of_the_cluster_to_the_next(
    cluster: Path, fairlead: Fairlead, git: Git, tmp_path: Path
) -> None:
    """One line, and what kustomize builds of every other overlay stays the same."""
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(cluster, "remote", "add", "origin", str(remote))
    assert fairlead("bump", "queue=1.1.0", "--env", "dev", root=cluster).code == 0
    commit(git, cluster)
    git(cluster, "push", "--quiet", "--set-upstream", "origin", "main")
    others = [f"overlays/{name}/{unit}" for name, units in RELEASED.items() for unit in units if unit != "queue"]
    others += ["overlays/dev/queue", "overlays/prod/queue"]
    before = {overlay: built(cluster, overlay) for overlay in others}
    assert fairlead("promote", "queue", "--from", "dev", "--to", "staging", root=cluster).code == 0
    git(cluster, "pull", "--quiet")
    changed = git(cluster, "diff", "--numstat", "HEAD~1").split()
    assert changed == ["1", "1", "overlays/staging/queue/kustomization.yaml"]
    assert {overlay: built(cluster, overlay) for overlay in others} == before
    assert "queue:1.1.0" in built(cluster, "overlays/staging/queue").decode()


def test_an_own_object_in_one_namespace_of_all_is_told(cluster: Path, fairlead: Fairlead) -> None:
    """The remedy is in its file, since the namespaces have names of their own already."""
    add(cluster, "services/api.yaml", "extraResources: [note.yaml]\n")
    note = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note, namespace: pay-dev}\n"
    write(cluster, "base/api/resources/note.yaml", note)
    told = [line.rpartition("; ")[2] for line in found(fairlead, cluster) if "ARG002" in line]
    assert told == [
        f"`pay-dev` is no namespace of {name}: take `namespace:` out of the object's file "
        f"[{name} ConfigMap/pay-dev/note]"
        for name in ("prod", "staging")
    ]


def test_two_systems_that_land_in_one_namespace_are_told_by_the_key(cluster: Path, fairlead: Fairlead) -> None:
    """The page calls it `jobs`, whatever the cluster does."""
    system = cluster / "systems/shop.yaml"
    text = system.read_text(encoding="utf-8").replace("name: jobs-prod", "name: shop-dev")
    system.write_text(text, encoding="utf-8")
    (line,) = [line for line in found(fairlead, cluster) if "ARG002" in line]
    assert line.endswith(
        "give namespace `jobs` another `name:` in prod, on systems/shop.yaml; or another cluster "
        "[prod Namespace/shop-dev]"
    )


def test_a_namespace_renamed_in_one_environment_moves_nothing_else(cluster: Path, fairlead: Fairlead, git: Git) -> None:
    """Neither the base nor the other environments, whose builds stay the same byte by byte."""
    others = [f"overlays/{name}/{unit}" for name in ("dev", "prod") for unit in (*RELEASED[name], "shop", "pay")]
    before = {overlay: built(cluster, overlay) for overlay in others}
    system = cluster / "systems/shop.yaml"
    text = system.read_text(encoding="utf-8").replace("name: jobs-staging", "name: jobs-of-staging")
    system.write_text(text, encoding="utf-8")
    assert found(fairlead, cluster) == []
    assert {overlay: built(cluster, overlay) for overlay in others} == before
    changed = {path for path in git(cluster, "status", "--short", "--untracked-files=all").split() if "/" in path}
    assert {path.rpartition("/")[0] for path in changed} == {
        "systems", "argocd/hub/projects", "overlays/staging/shop", "overlays/staging/queue/namespace",
    }  # fmt: skip
    assert "namespace: jobs-of-staging" in built(cluster, "overlays/staging/queue").decode()
