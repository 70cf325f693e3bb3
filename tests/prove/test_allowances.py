"""What `suppress` on a page is good for: entries that suppress nothing are told once everything was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

CART = FILES["services/cart.yaml"]
TWO = {
    "gitops": FILES["gitops.yaml"].replace("[dev]", "[dev, prod]"),
    "environments__prod": "production: true\n",
    "clusters__prod": FILES["clusters/dev.yaml"],
    "systems__shop": FILES["systems/shop.yaml"]
    + "  prod: {cluster: prod, registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com}\n",
}
SUPPRESS = "suppress:\n- {rule: WRK008, reason: the application has one health command only}\n"
HINT = (
    "services/cart.yaml:10:3: info SPC013: WRK008 is suppressed, and finds nothing here any more; "
    "take the entry out: it would hide the next fault of this kind"
)


def release(root: Path, fairlead: Fairlead, *environments: str, service: str = "cart") -> None:
    """Release a service, and render."""
    for environment in environments:
        answer = fairlead("bump", service, "--env", environment, "--tag", "1.0.0", root=root)
        assert answer.code == 0, answer.text
    assert fairlead("generate", root=root).code == 0


def told(root: Path, fairlead: Fairlead, rule: str = "SPC013") -> list[str]:
    """Return the lines of `validate` that name the rule."""
    return [line for line in fairlead("validate", root=root).stdout.splitlines() if f" {rule}:" in line]


def test_an_entry_whose_rule_finds_nothing_is_a_hint(tmp_path: Path, fairlead: Fairlead) -> None:
    """At the line of the entry, from memory as well, and it blocks nothing."""
    root = make_shop(tmp_path, services__cart=CART + SUPPRESS)
    release(root, fairlead, "dev")

    assert told(root, fairlead) == [HINT]
    assert told(root, fairlead) == [HINT]
    assert fairlead("validate", root=root).code == 0


def test_an_entry_that_one_environment_needs_is_none(tmp_path: Path, fairlead: Fairlead) -> None:
    """Production alone asks for more than one pod here."""
    page = CART.replace("replicas: 2\n", "") + SUPPRESS.replace("WRK008", "WRK010")
    lone = page + "environments: {prod: {replicas: 1, strategy: {type: Recreate}}}\n"
    root = make_shop(tmp_path, services__cart=lone, **TWO)
    release(root, fairlead, "dev", "prod")

    assert told(root, fairlead) == []
    (line,) = told(root, fairlead, "allowed WRK010")
    assert line.endswith("[prod Deployment/shop/cart]")


def test_an_entry_for_another_object_is_told(tmp_path: Path, fairlead: Fairlead) -> None:
    """Of two entries for one rule it is the one that covers nothing."""
    both = CART + "livenessProbe: {httpGet: /ready}\n" + SUPPRESS
    both += SUPPRESS.partition("\n")[2].replace("WRK008,", "WRK008, object: Deployment/cartt,")
    root = make_shop(tmp_path, services__cart=both)
    release(root, fairlead, "dev")

    (line,) = told(root, fairlead)
    assert line.startswith("services/cart.yaml:12:3: info SPC013: WRK008 is suppressed")


def test_nothing_is_said_before_the_last_environment_has_a_release(tmp_path: Path, fairlead: Fairlead) -> None:
    """What is suppressed may be found there."""
    root = make_shop(tmp_path, services__cart=CART + SUPPRESS, **TWO)
    release(root, fairlead, "dev")
    assert told(root, fairlead) == []

    release(root, fairlead, "prod")
    assert told(root, fairlead) == [HINT]


@pytest.mark.parametrize(
    ("path", "edit"),
    [
        pytest.param("base/cart/deployment.yaml", ("replicas: 2", "replicas: 3"), id="not-as-rendered"),
        pytest.param("overlays/dev/cart/kustomization.yaml", ("/base/cart", "/base/gone"), id="no-build"),
    ],
)
def test_nothing_is_said_where_a_rule_could_not_run(
    tmp_path: Path, fairlead: Fairlead, path: str, edit: tuple[str, str]
) -> None:
    """The overlay is another one than the page says."""
    root = make_shop(tmp_path, services__cart=CART + SUPPRESS)
    release(root, fairlead, "dev")
    text = (root / path).read_text(encoding="utf-8")
    (root / path).write_text(text.replace(*edit), encoding="utf-8")

    assert fairlead("validate", root=root).code == 1
    assert told(root, fairlead) == []


def test_what_pages_do_to_each_other_can_be_suppressed_too(tmp_path: Path, fairlead: Fairlead) -> None:
    """No overlay alone can say that a selector picks the pods of another page."""
    page = CART + "selector: {tier: back}\nsuppress:\n- {rule: WRK026, reason: both are one application for us}\n"
    root = make_shop(tmp_path, services__cart=page, services__users=page)
    release(root, fairlead, "dev")
    release(root, fairlead, "dev", service="users")

    answer = fairlead("validate", root=root)

    assert answer.code == 0, answer.text
    assert sorted(answer.stdout.splitlines()[:-2]) == [
        "services/cart.yaml:9:18: allowed WRK026: both are one application for us [dev Deployment/shop/cart]",
        "services/users.yaml:9:18: allowed WRK026: both are one application for us [dev Deployment/shop/users]",
    ]
