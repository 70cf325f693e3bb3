"""ServiceAccounts of a page and of its jobs that have one name, and say different things (WRK017)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.inputs.fault import Fault, Path, duplicate_fault
from generator.inputs.keys import name_of
from generator.model.page import ServiceAccount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page


def unfit_accounts(page: Page, name: str) -> Iterator[Fault]:
    """Yield a fault for each account of service `name` that another one of its page drops."""
    first: dict[str, tuple[Path, ServiceAccount]] = {}
    for path, label, account in _accounts(page, name):
        said = _said(account)
        other, known = first.setdefault(label, (path, said))
        if said not in (known, ServiceAccount()):
            message = f"'{name_of(path)}' is the account '{label}' of '{name_of(other)}', and says otherwise"
            yield duplicate_fault(path, message, "call it otherwise, or say it there")


def _said(account: ServiceAccount) -> ServiceAccount:
    """Return what an account says of itself: the token is for the pods to take or to leave."""
    return msgspec.structs.replace(account, name=None, automountServiceAccountToken=None)


def _accounts(page: Page, name: str) -> Iterator[tuple[Path, str, ServiceAccount]]:
    workload = page.name or name
    if page.serviceAccount is not None:
        yield ("serviceAccount",), page.serviceAccount.name or workload, page.serviceAccount
    for path, job in page.all_jobs:
        if job.serviceAccount is not None:
            label = job.serviceAccount.name or job.name or f"{workload}-{path[-1]}"
            yield (*path, "serviceAccount"), label, job.serviceAccount
