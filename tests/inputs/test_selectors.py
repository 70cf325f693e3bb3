"""A Service with a selector of its own finds pods of its page, or those that own files bring."""

from __future__ import annotations

import pytest

from tests.inputs.test_load import refused

PAGE = "system: shop\nimage: web\nport: 8000\n"


@pytest.mark.parametrize(
    "words",
    [
        "service: {selector: {app: web}}",
        "podLabels: {tier: front}\nservice: {selector: {tier: front}}",
        "name: shopfront\nservices: {all: {port: 80, selector: {app: shopfront}}}",
        "selector: {tier: front, part: web}\nservice: {selector: {part: web}}",
        "service: {selector: {app.kubernetes.io/part-of: shop}}",
        "podLabels: {tier: front}\nenvironments: {dev: {podLabels: {tier: dev}, service: {selector: {tier: dev}}}}",
    ],
)
def test_labels_of_the_pages_pods_find_them(words: str) -> None:
    """Those of the selector, of the pods, or ours."""
    assert refused(web=f"{PAGE}{words}\n") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("service: {selector: {app: api}}", "4:27: error SPC008: 'service.selector' asks for `app: api`, and the"),
        (
            "selector: {tier: front}\nservice: {selector: {app: web}}",
            "5:27: error SPC008: 'service.selector' asks for `app: web`, and the page's pods do not have it; add it",
        ),
        (
            "selector: {tier: front}\nservice: {selector: {app.kubernetes.io/part-of: shop}}",
            "5:49: error SPC008: 'service.selector' asks for `app.kubernetes.io/part-of: shop`, and the page's pods",
        ),
        (
            "podLabels: {tier: front}\nenvironments: {dev: {services: {all: {port: 80, selector: {tier: back}}}}}",
            "5:66: error SPC008: 'services.all.selector' asks for `tier: back`, and the page's pods do not have it",
        ),
    ],
)
def test_labels_that_no_pod_of_the_page_has(words: str, said: str) -> None:
    """Requests to the Service would fail at once."""
    (found,) = refused(web=f"{PAGE}{words}\n")

    assert found.startswith(f"services/web.yaml:{said}")


@pytest.mark.parametrize("words", ["extraResources: [db.yaml]", "patches: [labels.yaml]"])
def test_own_files_may_bring_the_pods(words: str) -> None:
    """What is built is judged then: WRK014 knows which labels there are."""
    assert refused(web=f"{PAGE}service: {{selector: {{app: db}}}}\n{words}\n") == []


def test_a_page_without_a_deployment_has_no_pods_to_find() -> None:
    """Its Service is for pods of somebody else's."""
    assert refused(web="system: shop\nservice: {selector: {app: db}}\n") == []


def test_the_base_is_not_looked_at() -> None:
    """The labels may come with each environment."""
    page = PAGE + "service: {selector: {tier: a}}\nenvironments: {dev: {podLabels: {tier: a}}}\n"

    assert refused(web=page) == []
