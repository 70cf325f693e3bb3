"""Objects of one kind and one name that two words of a page mean: only one of them would be rendered (WRK017)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.inputs.configmaps import config_map_name
from generator.inputs.fault import Fault, Path, duplicate_fault
from generator.inputs.keys import name_of
from generator.model.page import CronJob

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page


class _Object(NamedTuple):
    """An object of a page: its path, its kind, its name, and whether the page gives it that name."""

    path: Path
    kind: str
    name: str
    is_said: bool


def namesakes(page: Page, name: str) -> Iterator[Fault]:
    """Yield a fault for each object of service `name` that has the kind and the name of another one of its page."""
    first: dict[tuple[str, str], _Object] = {}
    for one in _objects(page, page.name or name):
        other = first.setdefault((one.kind, one.name), one)
        if other is not one:
            yield _namesake(other, one)


def _namesake(one: _Object, other: _Object) -> Fault:
    """Make the fault of two objects; it stands where the page gives one of them its name."""
    message = (
        f"'{name_of(other.path)}' is the {other.kind} `{other.name}`, and so is '{name_of(one.path)}': one drops the "
        "other"
    )
    said: list[Path] = [(*each.path, "name") for each in (one, other) if each.is_said]
    path = said[-1] if said else other.path
    return duplicate_fault(path, message, "give one of them another `name:`", tuple(said) if len(said) > 1 else ())


def _objects(page: Page, workload: str) -> Iterator[_Object]:
    """Yield the objects of which a page may have several."""
    for path, volume, settings in page.all_config_maps:
        yield _Object(path, "ConfigMap", config_map_name(settings, workload, volume), settings.name is not None)
    for where, job in page.all_jobs:
        kind = "CronJob" if isinstance(job, CronJob) else "Job"
        yield _Object(where, kind, job.name or f"{workload}-{where[-1]}", job.name is not None)
    for kind, entries in (("Service", page.all_services), ("Ingress", page.all_ingresses)):
        for where, entry in entries:
            yield _Object(where, kind, entry.name or "-".join((workload, *where[1:])), entry.name is not None)
