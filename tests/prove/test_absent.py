"""What pods refer to and nothing brings, what no version serves any more, and secrets: at the lines that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

CART = FILES["services/cart.yaml"]
READER = CART + "envFrom:\n- configMapRef: {name: prices}\n"
PRICES = CART.replace("image: cart", "image: prices") + "configMap: {name: prices, data: {CURRENCY: eur}}\n"
BUDGET = """\
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: cart, namespace: shop}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: cart}}}
"""
SYSTEM = FILES["systems/shop.yaml"] + "kinds: [policy/PodDisruptionBudget]\n"


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop whose cart is released."""
    root = make_shop(tmp_path, systems__shop=SYSTEM)
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    return root


def render(shop: Path, fairlead: Fairlead, page: str, **own: str) -> str:
    """Render the cart with another page and these own files; give what is found afterwards."""
    (shop / "services/cart.yaml").write_text(page, encoding="utf-8")
    for name, text in own.items():
        path = shop / "overlays/dev/cart" / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    return fairlead("validate", root=shop).stdout


def of(rule: str, answer: str) -> list[str]:
    """Return the lines of an answer that are about a rule."""
    return [line for line in answer.splitlines() if f" {rule}: " in line]


def test_what_nothing_brings_is_told_at_the_page(shop: Path, fairlead: Fairlead) -> None:
    """A warning: somebody else may bring it, but nobody said so."""
    answer = render(shop, fairlead, READER)

    (line,) = of("WRK022", answer)
    assert line == (
        "services/cart.yaml:10:24: warning WRK022: ConfigMap `prices` is not rendered here, and no page of this "
        "cluster has it: without it its pods do not start; if another team owns it, list it: "
        "`external: [configmap/prices]` [dev Deployment/shop/cart]"
    )


def test_what_another_service_brings_is_there(shop: Path, fairlead: Fairlead) -> None:
    """Another overlay of the cluster renders it into the same namespace; also when the verdicts come from memory."""
    (shop / "services/prices.yaml").write_text(PRICES, encoding="utf-8")
    assert fairlead("bump", "prices", "--env", "dev", "--tag", "1.0", root=shop).code == 0

    assert not of("WRK022", render(shop, fairlead, READER))
    assert not of("WRK022", fairlead("validate", root=shop).stdout)


def test_what_another_service_no_longer_brings_is_missed(shop: Path, fairlead: Fairlead) -> None:
    """Nothing about the cart changed: its kept verdict says what it hangs on."""
    (shop / "services/prices.yaml").write_text(PRICES, encoding="utf-8")
    assert fairlead("bump", "prices", "--env", "dev", "--tag", "1.0", root=shop).code == 0
    render(shop, fairlead, READER)

    (shop / "services/prices.yaml").write_text(PRICES.replace("name: prices", "name: tariffs"), encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0

    assert len(of("WRK022", fairlead("validate", root=shop).stdout)) == 1


def test_a_reason_allows_it(shop: Path, fairlead: Fairlead) -> None:
    """It can be suppressed like the other rules about workloads, or listed as external."""
    reason = "suppress: [{rule: WRK022, reason: an operator makes it on the first start}]\n"
    (allowed,) = of("WRK022", render(shop, fairlead, READER + reason))

    assert "services/cart.yaml:10:24: allowed WRK022: " in allowed
    assert not of("WRK022", render(shop, fairlead, READER + "external: [configmap/prices]\n"))


def test_what_a_patch_takes_away_is_an_error(shop: Path, fairlead: Fairlead) -> None:
    """The page renders the ConfigMap, and a person's own file deletes it."""
    gone = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: prices, namespace: shop}\n$patch: delete\n"
    page = CART + "configMap: {name: prices, data: {CURRENCY: eur}}\npatches: [gone.yaml]\n"

    (line,) = of("WRK022", render(shop, fairlead, page, patches__gone=gone))

    assert "error WRK022: ConfigMap `prices` is rendered by the page as ConfigMap/shop/prices, and is not in" in line


def test_a_removed_api_is_told_once(shop: Path, fairlead: Fairlead) -> None:
    """That it has no schema follows from it, and is not said."""
    answer = render(shop, fairlead, CART + "extraResources: [budget.yaml]\n", resources__budget=BUDGET)

    (line,) = of("WRK018", answer)
    assert line == (
        "overlays/dev/cart/resources/budget.yaml:1:1: error WRK018: PodDisruptionBudget of `policy/v1beta1` is gone "
        "since Kubernetes 1.25, and the cluster runs 1.35: the API server refuses the object; `apiVersion: policy/v1` "
        "[dev PodDisruptionBudget/shop/cart]"
    )
    assert not of("SCH002", answer)


def test_a_removed_api_that_is_allowed_is_still_unchecked(shop: Path, fairlead: Fairlead) -> None:
    """A reason silences the rule, not the fact that nothing was checked."""
    reason = "suppress: [{rule: WRK018, reason: the cluster still serves it}]\n"
    page = CART + "extraResources: [budget.yaml]\n" + reason

    assert len(of("SCH002", render(shop, fairlead, page, resources__budget=BUDGET))) == 1


def test_a_secret_of_an_own_file_is_never_shown(shop: Path, fairlead: Fairlead) -> None:
    """Neither by the rule, nor by the report of what the file changes."""
    patch = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template: {spec: {containers: [{name: cart, env: [{name: API_TOKEN, value: hunter2-and-more}]}]}}
"""
    page = CART + "env: {API_TOKEN: $(OTHER)}\npatches: [token.yaml]\n"

    answer = render(shop, fairlead, page, patches__token=patch)

    (found,) = of("WRK021", answer)
    assert found.startswith("overlays/dev/cart/patches/token.yaml:5:")
    assert "API_TOKEN" in found
    assert "1 change by own files" in answer
    assert "hunter2" not in answer
