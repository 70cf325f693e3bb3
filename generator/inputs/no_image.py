"""What a page without a Deployment cannot have: a forgotten `image:` must not pass for a page of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page

_OF_PODS = ("port", "ports", "containers", "initContainers", "autoscaling", "selector")


def imageless(page: Page) -> Iterator[Fault]:
    """Yield a fault for each part of a page that needs the image which the page does not name."""
    if page.has_deployment:
        return
    for field in _OF_PODS:
        if getattr(page, field):
            yield _needs_deployment(field, page)
            return
    if page.image is not None:
        return
    if page.deployment is True:
        yield _needs_deployment("deployment", page)
    for path, job in page.all_jobs:
        if job.image is None:
            yield Fault(path, "the job needs an image: neither it nor the page names one", "add `image: NAME`")


def _needs_deployment(field: str, page: Page) -> Fault:
    if page.image is None:
        return Fault((field,), f"'{field}' needs an image, and the page names none", "add `image: NAME`")
    message = f"'{field}' needs a Deployment, and the page has `deployment: false`"
    return Fault((field,), message, "drop one of the two")
