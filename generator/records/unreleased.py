"""Pages that no environment has a release of: what says so, and what their first releases would make."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from generator.layout.release import Record, Release, moving_images, own_images
from generator.render import render
from generator.rules.spec import SPC014

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage

# No rule has anything to say of this tag.
_TAG = "0.0.1"


def unreleased_hints(project: Project, services: Iterable[str]) -> Iterator[Finding]:
    """Yield the hints for services of the project that are released nowhere."""
    for name in sorted(services):
        if name in project.services and (hint := unreleased_hint(project, project.services[name])) is not None:
            yield hint


def unreleased_hint(project: Project, page: ServicePage) -> Finding | None:
    """Return the hint for a page that is released nowhere; None where it has nothing to release, or no environment."""
    environment = next(iter([*project.route_of(page), *project.environments_of(page)]), None)
    if environment is None or not (images := _images(project, page, environment)):
        return None
    layers = project.layers(page, None)
    return SPC014.finding(
        place=layers.key_place(("image",) if layers.has(("image",)) else ()),
        message="released to no environment, so no overlay is rendered and nothing of it runs",
        remedy=f"`{_first_bump(project, page, environment, images)}` releases it",
    )


def draft_records(project: Project, page: ServicePage) -> dict[str, Record]:
    """Return made-up release records for every environment of a page that has something to release there."""
    images = {environment: _images(project, page, environment) for environment in project.environments_of(page)}
    return {
        environment: {image: Release(newTag=_TAG) for image in found} for environment, found in images.items() if found
    }


def _images(project: Project, page: ServicePage, environment: str) -> tuple[str, ...]:
    return own_images(render(project.service(page, environment)))


def _first_bump(project: Project, page: ServicePage, environment: str, images: tuple[str, ...]) -> str:
    """Return the command of a first release; an image that the service's tag does not move needs a tag of its own."""
    moving = moving_images(project.service(page, environment).page)
    tag = ("--tag", "TAG") if moving else ()
    others = [word for image in images if image not in moving for word in ("--image", f"{image}=TAG")]
    return shlex.join(["fairlead", "bump", page.name, "--env", environment, *tag, *others])
