"""Words of a page that do nothing are told where they stand beside what overrules them, and explained wherever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

CART = FILES["services/cart.yaml"].replace("replicas: 2\n", "")
SCALED = "autoscaling: {minReplicas: 2, maxReplicas: 4, cpu: 70}"
ABOVE = "production: false\ndefaults: {replicas: 2}\n"


def findings(root: Path, fairlead: Fairlead, page: str, **others: str) -> list[str]:
    """Return where `validate` says of a released page that a word has no effect, and which."""
    make_shop(root, services__cart=page, **others)
    answer = fairlead("bump", "cart", "--env", "dev", "--tag", "1.0.0", root=root)
    assert answer.code == 0, answer.text
    assert fairlead("generate", root=root).code == 0
    lines = fairlead("validate", root=root).stdout.splitlines()
    return [line.partition("; ")[0] for line in lines if " SPC01" in line]


SAID = "warning SPC010: 'replicas' has no effect: an autoscaler decides the number of pods"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(f"replicas: 2\n{SCALED}\n", [f"services/cart.yaml:8:1: {SAID}"], id="both on the page"),
        pytest.param(
            f"environments:\n  dev:\n    replicas: 2\n    {SCALED}\n",
            [f"services/cart.yaml:10:5: {SAID}"],
            id="both in one environment",
        ),
        pytest.param(f"replicas: 2\nenvironments:\n  dev:\n    {SCALED}\n", [], id="the autoscaler in one environment"),
        pytest.param(f"{SCALED}\nenvironments:\n  dev:\n    replicas: 2\n", [], id="the number in one environment"),
        pytest.param("replicas: 2\nautoscaling: external\n", [f"services/cart.yaml:8:1: {SAID}"], id="another one"),
    ],
)
def test_replicas_beside_autoscaling_are_told_in_one_mapping(
    tmp_path: Path, fairlead: Fairlead, page: str, expected: list[str]
) -> None:
    """In two, each environment has made its own choice."""
    assert findings(tmp_path, fairlead, CART + page) == expected


def test_replicas_of_the_defaults_beside_an_autoscaler_of_the_page_are_no_finding(
    tmp_path: Path, fairlead: Fairlead
) -> None:
    """They are for the pages that have none."""
    assert findings(tmp_path, fairlead, f"{CART}{SCALED}\n", environments__dev=ABOVE) == []


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        pytest.param("{ports: {admin: {port: 9000, targetPort: 8080}}}", 1, id="without a port"),
        pytest.param("{port: 80, ports: {admin: {port: 9000, targetPort: 8080}}}", 0, id="with one"),
        pytest.param("{port: null, ports: {admin: {port: 9000, targetPort: 8080}}}", 0, id="with none on purpose"),
    ],
)
def test_ports_of_a_service_without_its_first_are_a_warning(
    tmp_path: Path, fairlead: Fairlead, service: str, expected: int
) -> None:
    """It is there, and nobody wrote it."""
    said = "services/cart.yaml:8:11: warning SPC011: the Service has port 80 `http` beside 'service.ports', and nobody"
    found = findings(tmp_path, fairlead, f"{CART}service: {service}\n")
    assert [line.startswith(said) for line in found] == [True] * expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param("", 1, id="neither port nor probe"),
        pytest.param("port: 8080\n", 0, id="a port"),
        pytest.param("livenessProbe: {exec: [check]}\n", 0, id="a probe"),
        pytest.param("deployment: true\n", 0, id="a worker"),
        pytest.param("deployment: false\n", 0, id="none"),
    ],
)
def test_a_page_with_jobs_gets_a_hint_that_names_the_word(
    tmp_path: Path, fairlead: Fairlead, page: str, expected: int
) -> None:
    """Its Deployment may be nobody's wish."""
    small = "resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 16Mi}}"
    jobs = f"cronJobs: {{nightly: {{schedule: '15 3 * * *', {small}}}}}"
    found = findings(tmp_path, fairlead, f"system: shop\nimage: cart\n{small}\n{jobs}\n{page}")
    said = "the page has jobs, and a Deployment of the same image without port and probe"
    hints = [line for line in found if "SPC012" in line]
    assert hints == [f"services/cart.yaml:2:1: info SPC012: {said}"] * expected


@pytest.mark.parametrize(
    ("page", "word", "why"),
    [
        (f"replicas: 2\n{SCALED}\n", "replicas: 2", "not rendered: an autoscaler decides the number of pods"),
        (
            "strategy: {type: Recreate, maxSurge: 1}\n",
            "  maxSurge: 1",
            "not rendered: a strategy of type Recreate stops all pods at once",
        ),
    ],
)
def test_explain_shows_what_a_renderer_overrules(
    tmp_path: Path, fairlead: Fairlead, page: str, word: str, why: str
) -> None:
    """With what is rendered in its place, and why."""
    root = make_shop(tmp_path, services__cart=CART + page)
    lines = fairlead("explain", "cart", "dev", root=root).stdout.splitlines()
    (line,) = [line for line in lines if line.startswith(f"{word} ")]
    assert line.endswith(f"; {why}")
