"""Two environments on one cluster: namespaces of their own, and nothing that one takes from the other unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .acme import PLATFORM, REGISTRY, built, commit, make_acme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead, Git

_STORE = "secretStore: {kind: ClusterSecretStore, name: aws}"

# The smallest adoption with dev and staging on one cluster, and prod on another.
PAGES = PLATFORM | {
    "clusters/prod.yaml": 'region: eu-west-1\naccount: "111122223333"\n',
    "systems/acme.yaml": f"""\
owner: acme
namespaces:
  acme: {{name: "acme-{{env}}", podSecurity: baseline}}
environments:
  dev: {{cluster: one, {REGISTRY}, {_STORE}}}
  staging: {{cluster: one, {REGISTRY}, {_STORE}}}
  prod:
    cluster: prod
    {REGISTRY}
    namespaces: {{acme: {{name: acme}}}}
""",
    "services/api.yaml": """\
system: acme
image: api
port: 8080
readinessProbe: {httpGet: /ready}
livenessProbe: {tcpSocket: 8080}
resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}
""",
    "services/web.yaml": """\
system: acme
image: web
port: 8080
env: {API_URL: "http://api"}
readinessProbe: {httpGet: /ready}
livenessProbe: {tcpSocket: 8080}
resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}
""",
}
RELEASED = {"dev": ("api", "web"), "staging": ("api", "web")}


@pytest.fixture
def shared(tmp_path: Path, fairlead: Fairlead, git: Git) -> Path:
    """Return the adoption, both services released in dev and staging, rendered and committed."""
    return make_acme(tmp_path / "acme", PAGES, RELEASED, fairlead, git)


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace a piece of a page."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def findings(answer: Answer) -> list[str]:
    """Return the lines of findings, without the totals."""
    return answer.stdout.splitlines()[:-2]


def test_it_validates_without_a_finding(shared: Path, fairlead: Fairlead) -> None:
    """Two namespaces of one cluster, and a third one elsewhere that keeps the key's name."""
    answer = fairlead("validate", root=shared)
    assert (answer.code, findings(answer)) == (0, [])


def test_argo_cd_syncs_each_environment_into_its_own_namespace(shared: Path, fairlead: Fairlead) -> None:
    """As the default destination of each Application too."""
    lines = fairlead("argocd", "plan", root=shared).stdout.splitlines()
    assert [line.split()[:3:2] for line in lines if line.split()[1:2] == ["acme"]] == [
        ["dev-api", "one/acme-dev"],
        ["dev-web", "one/acme-dev"],
        ["staging-api", "one/acme-staging"],
        ["staging-web", "one/acme-staging"],
    ]
    project = (shared / "argocd/hub/projects/acme.yaml").read_text(encoding="utf-8")
    assert project.count("namespace: acme") == len(("acme-dev", "acme-staging", "acme"))


def test_a_bump_is_one_line_and_leaves_the_other_environment_alone(shared: Path, fairlead: Fairlead, git: Git) -> None:
    """What kustomize builds of staging stays the same, byte by byte."""
    before = built(shared, "overlays/staging/api")
    assert fairlead("bump", "api=1.1.0", "--env", "dev", root=shared).code == 0
    assert git(shared, "diff", "--numstat").split() == ["1", "1", "overlays/dev/api/kustomization.yaml"]
    assert built(shared, "overlays/staging/api") == before
    assert fairlead("validate", root=shared).code == 0


def test_a_live_environment_that_moves_is_told_as_delete_and_create(shared: Path, fairlead: Fairlead) -> None:
    """No object moves between namespaces, and what is left in the old one goes with its Namespace, once confirmed."""
    edit(shared, "systems/acme.yaml", "dev: {cluster: one", "dev: {namespaces: {acme: {name: acme-test}}, cluster: one")
    assert fairlead("generate", root=shared).code == 0
    said = fairlead("argocd", "plan", "--base", "HEAD", root=shared).stdout
    rows = {line.split()[0]: line.split()[-2:] for line in said.splitlines() if "acme" in line.split()[1:2]}
    assert (rows["dev-api"], rows["dev-web"]) == (["+2", "-2"], ["+2", "-2"])
    assert not any(mark in word for name in ("staging-api", "staging-web") for word in rows[name] for mark in "+-~")
    assert "dev-acme: Namespace/acme-dev is no longer wanted: waits for confirmation (Prune=confirm)\n" in said
    assert "dev-api: Deployment/acme-dev/api is no longer wanted: kept, unmanaged" in said


def test_a_service_is_called_by_the_name_that_its_namespace_has_there(shared: Path, fairlead: Fairlead) -> None:
    """The key of the page is no name in the cluster."""
    edit(shared, "services/web.yaml", "http://api", "http://api.acme")
    assert fairlead("generate", root=shared).code == 0
    assert [line.rpartition("; ")[2] for line in findings(fairlead("validate", root=shared))] == [
        "did you mean `api.acme-dev`? [dev Deployment/acme-dev/web]",
        "did you mean `api.acme-staging`? [staging Deployment/acme-staging/web]",
    ]


def test_a_network_policy_that_admits_the_key_is_told(shared: Path, fairlead: Fairlead) -> None:
    """At the line of the page; prod keeps the name, and is not told."""
    page = shared / "services/api.yaml"
    peer = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: acme}}}"
    page.write_text(f"{page.read_text()}networkPolicy: {{ingress: [{{from: [{peer}]}}]}}\n", encoding="utf-8")
    assert fairlead("generate", root=shared).code == 0
    assert [line for line in findings(fairlead("validate", root=shared)) if "WRK029" in line] == [
        "services/api.yaml:7:99: warning WRK029: the namespace that pages call `acme` is called "
        f"`acme-{name}` in {name}, and none is called `acme`; `acme-{name}`, for {name} alone "
        f"[{name} NetworkPolicy/acme-{name}/api]"
        for name in RELEASED
    ]


def test_one_entry_and_one_role_of_two_environments_are_told(shared: Path, fairlead: Fairlead) -> None:
    """At the lines of the page, once for each environment, and with the way out."""
    page = shared / "services/api.yaml"
    page.write_text(page.read_text(encoding="utf-8") + "serviceAccount: {role: api}\nsecrets: {db: {URL: api/db}}\n")
    assert fairlead("generate", root=shared).code == 0
    answer = fairlead("validate", root=shared)
    assert (answer.code, [line.partition(";")[0] for line in findings(answer)]) == (0, [
        ("services/api.yaml:7:24: warning WRK028: staging on the same cluster takes IAM role "
        "`arn:aws:iam::111122223333:role/api` too"),
        ("services/api.yaml:7:24: warning WRK028: dev on the same cluster takes IAM role "
        "`arn:aws:iam::111122223333:role/api` too"),
        ("services/api.yaml:8:21: warning WRK028: staging on the same cluster takes entry `api/db` of "
        "ClusterSecretStore `aws` too"),
        ("services/api.yaml:8:21: warning WRK028: dev on the same cluster takes entry `api/db` of "
        "ClusterSecretStore `aws` too"),
    ])  # fmt: skip


def test_placeholders_are_the_way_out(shared: Path, fairlead: Fairlead) -> None:
    """A prefix of the store and a role for each environment."""
    page = shared / "services/api.yaml"
    text = 'serviceAccount: {role: "api-{env}"}\nsecrets: {db: {URL: api/db}}\n'
    page.write_text(page.read_text(encoding="utf-8") + text, encoding="utf-8")
    edit(shared, "systems/acme.yaml", "name: aws}", 'name: aws, prefix: "{env}/"}')
    assert fairlead("generate", root=shared).code == 0
    answer = fairlead("validate", root=shared)
    assert (answer.code, findings(answer)) == (0, [])
    assert "key: staging/api/db" in built(shared, "overlays/staging/api").decode()


def test_a_page_may_share_with_a_reason(shared: Path, fairlead: Fairlead) -> None:
    """One login to a registry may be meant for all."""
    page = shared / "services/api.yaml"
    text = "secrets: {db: {URL: api/db}}\nsuppress: [{rule: WRK028, reason: one login to the registry for all}]\n"
    page.write_text(page.read_text(encoding="utf-8") + text, encoding="utf-8")
    assert fairlead("generate", root=shared).code == 0
    assert {line.split(":")[3] for line in findings(fairlead("validate", root=shared))} == {" allowed WRK028"}


def test_an_own_object_in_the_other_environments_namespace_is_an_error(shared: Path, fairlead: Fairlead) -> None:
    """Copied from staging to dev, with its namespace."""
    own = shared / "overlays/dev/api/resources/note.yaml"
    own.parent.mkdir()
    own.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note, namespace: acme-staging}\n")
    edit(
        shared, "services/api.yaml", "image: api\n", "image: api\nenvironments: {dev: {extraResources: [note.yaml]}}\n"
    )
    assert fairlead("generate", root=shared).code == 0
    lines = [line for line in findings(fairlead("validate", root=shared)) if "error" in line]
    assert lines == [
        (
            "overlays/dev/api/resources/note.yaml:3:35: error ARG012: namespace `acme-staging` is that of environment "
            "staging: the object would be created there, or refused; one of `acme-dev` "
            "[dev ConfigMap/acme-staging/note]"
        )
    ]


def test_environments_with_one_namespace_are_told_how_to_stay_apart(shared: Path, fairlead: Fairlead) -> None:
    """The remedy calls the namespace what the page calls it."""
    edit(shared, "systems/acme.yaml", 'name: "acme-{env}", ', "")
    assert fairlead("generate", root=shared).code == 0
    told = {line.partition("page of the system: ")[2] for line in findings(fairlead("validate", root=shared))}
    assert told >= {
        f'`namespaces: {{acme: {{name: "acme-{{env}}"}}}}`; or another cluster [staging {name}]'
        for name in ("Namespace/acme", "Deployment/acme/api", "Service/acme/web")
    }


def test_an_own_object_of_no_namespace_that_both_render_is_told(shared: Path, fairlead: Fairlead) -> None:
    """Namespaces keep nothing apart that is in none of them."""
    edit(shared, "services/api.yaml", "image: api\n", "image: api\nextraResources: [role.yaml]\n")
    for environment in RELEASED:
        own = shared / f"overlays/{environment}/api/resources/role.yaml"
        own.parent.mkdir()
        text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: readers}\nrules: []\n"
        own.write_text(text, encoding="utf-8")
    assert fairlead("generate", root=shared).code == 0
    lines = [line for line in findings(fairlead("validate", root=shared)) if "ARG002" in line]
    assert len(lines) == 1
    assert lines[0].endswith(
        "; no namespace keeps the two apart: keep it in one environment of the cluster, or give each another name "
        "[staging ClusterRole/readers]"
    )


@pytest.mark.usefixtures("home")
def test_one_environment_is_retired_and_the_other_stays(shared: Path, fairlead: Fairlead, git: Git) -> None:
    """Its folder goes as a whole."""
    edit(shared, "services/web.yaml", 'env: {API_URL: "http://api"}\n', "")
    assert fairlead("generate", root=shared).code == 0
    commit(git, shared)
    plan = fairlead("retire", "api", "--env", "dev", root=shared).stdout
    assert "acme-staging" not in plan
    token = plan.partition("--confirm ")[2].split()[0]
    answer = fairlead("retire", "api", "--env", "dev", "--confirm", token, "--reason", "unused", root=shared)
    assert answer.code == 0, answer.text
    assert not (shared / "overlays/dev/api").exists()
    assert fairlead("validate", root=shared).code == 0
