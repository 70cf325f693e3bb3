"""A ServiceAccount that somebody else makes: what the page then cannot say of it (SPC008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page

# Words of the account's own object; `automountServiceAccountToken` is of the pods.
_OF_THE_OBJECT = ("role", "annotations")


def unfit_account(page: Page) -> Iterator[Fault]:
    """Give a fault for each word beside `external: true` that needs an object, and for a name left out."""
    account = page.serviceAccount
    if account is None or not account.external:
        return
    if account.name is None:
        message = "'serviceAccount.external' is true, and the account has no name"
        yield Fault(("serviceAccount", "external"), message, "add `name:`, as it is called where it is made")
    for word in _OF_THE_OBJECT:
        if getattr(account, word):
            message = (
                f"'serviceAccount.{word}' is set on the account's object, and with `external: true` none is rendered"
            )
            yield Fault(("serviceAccount", word), message, "write it where the account is made, or drop `external`")
