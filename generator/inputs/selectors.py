"""Selectors of Services that find no pods of the page (SPC008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault
from generator.inputs.keys import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page

# Labels of all pods of a system, whose values the page does not know.
_OF_OWNERS = frozenset({"app.kubernetes.io/part-of", "app.kubernetes.io/managed-by"})


def unfit_selectors(page: Page, name: str) -> Iterator[Fault]:
    """Yield a fault for each Service of service `name` with a selector that its pods do not have.

    Own files may bring other pods, or give those of the page more labels: then what is built is judged (WRK014).
    """
    if not page.has_deployment or page.extraResources or page.patches:
        return
    labels = {**(page.selector or {"app": page.name or name}), **page.podLabels}
    for path, service in page.all_services:
        for label, value in service.selector.items():
            if labels.get(label) != value and (page.selector or label not in _OF_OWNERS):
                has = f"they have `{label}: {labels[label]}`" if label in labels else "add it to `podLabels`"
                message = f"'{name_of(path)}.selector' asks for `{label}: {value}`, and the page's pods do not have it"
                yield Fault((*path, "selector", label), message, has)
