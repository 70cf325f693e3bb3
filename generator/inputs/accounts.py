"""A ServiceAccount that somebody else makes: what the page then cannot say of it (SPC008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault, Path
from generator.inputs.keys import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page, ServiceAccount

# Words of the account's own object; `automountServiceAccountToken` is of the pods.
_OF_THE_OBJECT = ("role", "automountByDefault", "labels", "annotations", "imagePullSecrets")


def unfit_account(page: Page) -> Iterator[Fault]:
    """Yield the faults of the accounts of a page and of its jobs that somebody else makes."""
    for path, account in page.all_accounts:
        if account.external:
            yield from _unfit(path, account)


def _unfit(path: Path, account: ServiceAccount) -> Iterator[Fault]:
    """Yield a fault for each word beside `external: true` that needs an object, and for a name left out."""
    what = name_of(path)
    if account.name is None:
        message = f"'{what}.external' is true, and the account has no name"
        yield Fault((*path, "external"), message, "add `name:`, as it is called where it is made")
    for word in _OF_THE_OBJECT:
        if getattr(account, word) not in (None, {}, []):
            message = f"'{what}.{word}' is set on the account's object, and with `external: true` none is rendered"
            yield Fault((*path, word), message, "write it where the account is made, or drop `external`")
