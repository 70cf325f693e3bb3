"""Labels that Fairlead writes itself: a page that says one would break a selector, or hide whose object it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault
from generator.inputs.keys import name_of
from generator.model.base import Labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.inputs.fault import Path
    from generator.model.page import Page

# Label -> what it is, and what to do instead.
_APP = {"app": ("which pods selectors mean", "say `name:` on the page")}
_LABELS = {
    "app.kubernetes.io/part-of": ("whose system it is", "drop it"),
    "app.kubernetes.io/managed-by": ("what renders the object", "drop it"),
}
_OBJECTS = ("deployment", "autoscaling", "podDisruptionBudget", "networkPolicy", "configMap")


def owned_labels(page: Page) -> Iterator[Fault]:
    """Yield a fault for each label of a page that Fairlead writes itself.

    `app` is one where selectors ask for it: in the pods of a Deployment, and in all pods under a NetworkPolicy. Pods
    with a selector of the page's own have none of ours.
    """
    is_selected = page.has_deployment or page.networkPolicy is not None
    if not page.selector:
        yield from _owned(("podLabels",), page.podLabels, {**_LABELS, **(_APP if is_selected else {})})
    yield from _owned(("labels",), page.labels, _LABELS)
    for path, labels in _labels_of_objects(page):
        yield from _owned((*path, "labels"), labels, _LABELS)


def _labels_of_objects(page: Page) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield what a page says of the labels of one object, with the path of its part."""
    named = [((word,), getattr(page, word)) for word in _OBJECTS]
    maps = [(("configMaps", key), each) for key, each in page.configMaps.items()]
    for path, part in (*named, *maps, *page.all_entries, *page.all_accounts):
        if isinstance(part, Labelled) and part.labels:
            yield path, part.labels
    for path, job in page.all_jobs:
        yield path, job.labels


def _owned(path: Path, said: Mapping[str, str], owned: Mapping[str, tuple[str, str]]) -> Iterator[Fault]:
    for key in said.keys() & owned.keys():
        what, remedy = owned[key]
        yield Fault((*path, key), f"'{key}' in '{name_of(path)}' is Fairlead's own: it says {what}", remedy)
