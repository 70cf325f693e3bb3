"""What a page without an image cannot have: it makes no Deployment, and a forgotten `image:` must not pass for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault, Path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import JobSettings, Page

_OF_PODS = ("port", "ports", "containers", "initContainers", "autoscaling", "selector")


def imageless(page: Page) -> Iterator[Fault]:
    """Give a fault for each part of a page that needs the image which the page does not name."""
    if page.image is not None:
        return
    for field in _OF_PODS:
        if getattr(page, field):
            yield Fault((field,), f"'{field}' needs an image, and the page names none", "add `image: NAME`")
            return
    for path, job in _jobs(page):
        if job.image is None:
            yield Fault(path, "the job needs an image: neither it nor the page names one", "add `image: NAME`")


def _jobs(page: Page) -> Iterator[tuple[Path, JobSettings]]:
    if page.migrations is not None:
        yield ("migrations",), page.migrations
    yield from ((("jobs", name), job) for name, job in page.jobs.items())
    yield from ((("cronJobs", name), job) for name, job in page.cronJobs.items())
