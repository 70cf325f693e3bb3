"""What `validate` says of all overlays together: one fault is one finding, at the line that a person can mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead, Git

CART = FILES["services/cart.yaml"]
STORE = ", secretStore: {kind: ClusterSecretStore, name: aws}}"
SECRETS = "secrets:\n  catalog-db:\n    password: catalog/db#password\n"


def errors(answer: Answer) -> list[str]:
    """Return the lines of errors."""
    return [line for line in answer.stdout.splitlines() if ": error " in line]


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead, git: Git) -> Path:
    """Return a committed shop of two released services with a secret each, and an instance of Argo CD."""
    gitops = FILES["gitops.yaml"].replace("3.5.7}", "3.5.7, instances: {hub: {}}}")
    system = FILES["systems/shop.yaml"].replace("domain: dev.example.com}", f"domain: dev.example.com{STORE}")
    users = CART + SECRETS.replace("catalog", "users")
    root = make_shop(
        tmp_path, gitops=gitops, systems__shop=system, services__cart=CART + SECRETS, services__users=users
    )
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    assert fairlead("bump", "users", "--env", "dev", "--tag", "1.0", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=state")
    return root


def test_a_lost_page_is_one_finding(shop: Path, fairlead: Fairlead) -> None:
    """Not one more for each file that follows from it; what else is wrong is told all the same."""
    assert errors(fairlead("validate", root=shop)) == []
    (shop / "services/users.yaml").unlink()
    (line,) = errors(fairlead("validate", root=shop))
    assert line.startswith("services/users.yaml:1:1: error DIF001: the page is gone")
    edited = shop / "base/cart/deployment.yaml"
    edited.write_text(edited.read_text(encoding="utf-8").replace("replicas: 2", "replicas: 3"), encoding="utf-8")
    rules = {line.split(" ")[2] for line in errors(fairlead("validate", root=shop)) if line.startswith("base/cart/")}
    assert rules == {"KUS004:"}


def test_a_service_that_is_shut_out_is_one_finding(shop: Path, fairlead: Fairlead) -> None:
    """Its page stays, its overlay is what nobody renders."""
    page = shop / "services/users.yaml"
    page.write_text(page.read_text(encoding="utf-8") + "environments: {dev: false}\n", encoding="utf-8")
    (line,) = errors(fairlead("validate", root=shop))
    assert "error DIF001: the page shuts dev out" in line


def test_one_secret_of_two_services(shop: Path, fairlead: Fairlead) -> None:
    """The line of the second one, and the word that leaves the Secret to the first."""
    page = shop / "services/users.yaml"
    page.write_text(CART + SECRETS, encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    (line,) = errors(fairlead("validate", root=shop))
    assert line.startswith(
        "services/users.yaml:10:3: error ARG002: overlays/dev/cart renders ExternalSecret/shop/catalog-db too, on the "
        "same cluster: two Applications would overwrite or prune each other; "
        "a Secret belongs to one service: write `catalog-db: {}` here"
    )
    page.write_text(CART + "secrets: {catalog-db: {}}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert errors(fairlead("validate", root=shop)) == []
    assert "catalog-db" in (shop / "base/users/deployment.yaml").read_text(encoding="utf-8")
    assert not (shop / "overlays/dev/users/externalsecret.yaml").exists()


def test_a_folder_of_an_instance_that_was_renamed(shop: Path, fairlead: Fairlead) -> None:
    """`generate` takes away what it rendered, and a person the rest."""
    gitops = shop / "gitops.yaml"
    gitops.write_text(gitops.read_text(encoding="utf-8").replace("{hub: {}}", "{main: {}}"), encoding="utf-8")
    (line,) = [line for line in errors(fairlead("validate", root=shop)) if line.startswith("argocd/hub")]
    assert line == (
        "argocd/hub:1:1: error KUS004: no instance of gitops.yaml renders this folder; run `fairlead generate` to "
        "remove what is rendered there and take out the rest yourself, or bring `hub` back under `argocd.instances`"
    )
    assert fairlead("generate", root=shop).code == 0
    assert errors(fairlead("validate", root=shop)) == []


NOBODYS = "not rendered by fairlead, and no page lists it"
LIST = "list it under `argocd.instances.hub.extraResources` in gitops.yaml"
OLD = "no instance of gitops.yaml renders this folder"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("argocd/hub/more.yaml", f"{NOBODYS}; move it to argocd/hub/resources/ and {LIST}"),
        ("argocd/hub/resources/more.yaml", f"{NOBODYS}; {LIST}"),
        ("argocd/old/more.yaml", f"{OLD}; move it out of argocd/, or bring `old` back under `argocd.instances`"),
    ],
)
def test_a_file_that_nobody_lists(shop: Path, fairlead: Fairlead, path: str, words: str) -> None:
    """Where it could go is told with the instance's own words."""
    (shop / path).parent.mkdir(parents=True, exist_ok=True)
    (shop / path).write_text("kind: ConfigMap\n", encoding="utf-8")
    assert f"{path}:1:1: error KUS004: {words}\n" in fairlead("generate", "--check", root=shop).stdout


def test_a_persons_own_file_that_is_no_yaml(shop: Path, fairlead: Fairlead) -> None:
    """Its own line is told, and not what kustomize says of the whole folder."""
    page = shop / "services/cart.yaml"
    page.write_text(page.read_text(encoding="utf-8") + "extraResources: [more.yaml]\n", encoding="utf-8")
    own = shop / "overlays/dev/cart/resources/more.yaml"
    own.parent.mkdir()
    own.write_text("kind: ConfigMap\nmetadata: {name: more\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    (line,) = errors(fairlead("validate", root=shop))
    assert line.startswith("overlays/dev/cart/resources/more.yaml:3:1: error SPC001: not YAML: ")


OTHERS = (
    "the selector picks the pods of Deployment `{}` (service {}) too: what counts or reaches pods by it (Services, "
    "budgets, autoscalers, the controller itself) takes those of both for one; add a label to one of the selectors "
    "that only its own pods have"
)


def test_two_pages_whose_selectors_overlap(shop: Path, fairlead: Fairlead) -> None:
    """Each at the line of its own selector, also when the other page alone is new; another label parts them."""
    users, cart = shop / "services/users.yaml", shop / "services/cart.yaml"
    users.write_text(CART + "selector: {tier: back}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert errors(fairlead("validate", root=shop)) == []
    cart.write_text(CART + "selector:\n  tier: back\n  name: cart\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    (line,) = errors(fairlead("validate", root=shop))
    assert line == (
        f"services/users.yaml:9:18: error WRK026: {OTHERS.format('cart', 'cart')} [dev Deployment/shop/users]"
    )
    cart.write_text(CART + "selector: {tier: back}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    found = errors(fairlead("validate", root=shop))
    assert [line.split(" ")[0] for line in found] == ["services/cart.yaml:9:18:", "services/users.yaml:9:18:"]
    users.write_text(CART + "selector: {tier: back, name: users}\n", encoding="utf-8")
    cart.write_text(CART + "selector: {tier: back, name: cart}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert errors(fairlead("validate", root=shop)) == []


def test_a_service_that_picks_the_pods_of_another_page(shop: Path, fairlead: Fairlead) -> None:
    """At the line of its own selector, and only a warning: one Service for two pages may be meant."""
    users, cart = shop / "services/users.yaml", shop / "services/cart.yaml"
    cart.write_text(CART + "podLabels: {role: controller}\n", encoding="utf-8")
    selecting = "podLabels: {{role: controller}}\nservice: {{selector: {{{}role: controller}}}}\n"
    users.write_text(CART + selecting.format(""), encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    answer = fairlead("validate", root=shop)
    assert errors(answer) == []
    assert (
        "services/users.yaml:10:28: warning WRK026: the selector picks the pods of Deployment `cart` (service cart) "
        "too: requests to the Service reach the pods of both; add a label to one of the selectors that only its own "
        "pods have [dev Service/shop/users]"
    ) in answer.stdout.splitlines()
    users.write_text(CART + selecting.format("app: users, "), encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert "WRK026" not in fairlead("validate", root=shop).stdout


def test_a_page_named_like_another_ones_job(shop: Path, fairlead: Fairlead) -> None:
    """Its Service would send requests to the pods of that job."""
    (shop / "services/cart.yaml").write_text(CART + "jobs: {seed: {name: users}}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    (line,) = errors(fairlead("validate", root=shop))
    assert line.startswith("services/users.yaml:2:8: error WRK026: the selector picks the pods of Job `users` (service")


def test_one_account_of_two_services(shop: Path, fairlead: Fairlead) -> None:
    """One page renders it, the other one says that it only uses it."""
    users, cart = shop / "services/users.yaml", shop / "services/cart.yaml"
    users.write_text(CART + "serviceAccount: {name: shared}\n", encoding="utf-8")
    cart.write_text(CART + "serviceAccount: {name: shared}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    (line,) = errors(fairlead("validate", root=shop))
    assert "error ARG002: overlays/dev/cart renders ServiceAccount/shop/shared too" in line
    assert "; write `serviceAccount: {name: shared, external: true}` on the page that only uses it [" in line
    cart.write_text(CART + "serviceAccount: {name: shared, external: true}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert errors(fairlead("validate", root=shop)) == []
    assert "serviceAccountName: shared" in (shop / "base/cart/deployment.yaml").read_text(encoding="utf-8")
    assert not (shop / "base/cart/serviceaccount.yaml").exists()


def test_an_account_that_no_page_renders(shop: Path, fairlead: Fairlead) -> None:
    """`external: true` says that somebody makes it: no word under `external:` is needed."""
    cart = shop / "services/cart.yaml"
    cart.write_text(CART + "serviceAccount: {name: runner, external: true}\n", encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert "ServiceAccount" not in fairlead("validate", root=shop).stdout
