"""ServiceAccounts of one name on one page: each is rendered once, so they must not contradict each other."""

from __future__ import annotations

import pytest

from tests.inputs.test_load import refused


@pytest.mark.parametrize(
    "page",
    [
        "serviceAccount: {role: web}\nmigrations: {serviceAccount: {role: migrate}}",
        "serviceAccount: {name: a, role: web}\nmigrations: {serviceAccount: {name: a}}",
        "jobs: {a: {serviceAccount: {name: x, role: r}}, b: {serviceAccount: {name: x, role: r}}}",
    ],
)
def test_accounts_that_agree(page: str) -> None:
    """Other names, the same words, or the name alone."""
    assert refused(web=f"system: shop\nimage: web\n{page}\n") == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            "serviceAccount: {role: web}\nmigrations: {serviceAccount: {name: web, role: migrate}}",
            "services/web.yaml:4:30: error WRK017: 'migrations.serviceAccount' is the account 'web' of",
        ),
        (
            "jobs: {a: {serviceAccount: {name: x, role: r}}, b: {serviceAccount: {name: x, role: s}}}",
            "services/web.yaml:3:69: error WRK017: 'jobs.b.serviceAccount' is the account 'x' of 'jobs.a.service",
        ),
    ],
)
def test_accounts_that_contradict_each_other(page: str, said: str) -> None:
    """The words of one of them would be dropped."""
    (found,) = refused(web=f"system: shop\nimage: web\n{page}\n")
    assert found.startswith(said)
