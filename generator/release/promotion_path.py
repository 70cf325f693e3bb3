"""The way through the environments: from which one a service is promoted to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import UsageError
from generator.findings.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage


def require_route(project: Project, target: str, named: Iterable[str]) -> None:
    """Raise UsageError unless the environments exist, releases are promoted there, and something is before `target`."""
    known = project.gitops.environments
    for name in (target, *named):
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean '{near}'?" if near else f"there are: {', '.join(known)}"
            raise UsageError(f"no environment '{name}'; {hint}")
        if name not in project.promoted:
            raise UsageError(
                f"nothing is promoted into {name} or out of it (`promotion: false` in environments/{name}.yaml): "
                "use `fairlead bump` to release into it"
            )
    if target == project.promoted[0]:
        raise UsageError(f"{target} is the first environment: use `fairlead bump` to release into it")


def sources(project: Project, page: ServicePage, target: str, skipped: Collection[str]) -> tuple[str, ...]:
    """Return the environments that come before `target` for a service, but for those that are skipped, in order.

    None where the service does not run in `target`, or nothing is promoted there.
    """
    places = project.route_of(page)
    before = places[: places.index(target)] if target in places else ()
    return tuple(each for each in before if each not in skipped)


def source_of(project: Project, page: ServicePage, target: str, source: str | None, skipped: Collection[str]) -> str:
    """Return the environment that a service is promoted from: `source`, or the nearest before `target` not skipped.

    Raises UsageError when there is none, or when environments in between are left out without being named.
    """
    project.require_environment(page, target)
    before = sources(project, page, target, set(skipped) - {source})
    if not before:
        raise UsageError(_nothing_before(project, page, target))
    if source is None or source == before[-1]:
        return before[-1]
    project.require_environment(page, source)
    if source not in before:
        order = " -> ".join(project.route_of(page))
        raise UsageError(f"promotions of {page.name} go {order}, so not from {source} to {target}")
    left_out = before[before.index(source) + 1 :]
    words = " ".join(f"--skip {each}" for each in left_out)
    raise UsageError(
        f"{source} to {target} would skip {' and '.join(left_out)} for {page.name}; if you mean it: {words}"
    )


def _nothing_before(project: Project, page: ServicePage, target: str) -> str:
    if project.route_of(page)[0] == target:
        return f"{target} is the first environment of {page.name}: use `fairlead bump` to release into it"
    return f"--skip leaves nothing before {target} that {page.name} could come from"
