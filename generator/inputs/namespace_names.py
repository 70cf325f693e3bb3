"""What is wrong with the names of a system's namespaces (SPC008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.name import is_label
from generator.inputs.namespaces import names_in
from generator.model.placeholder import foreign_placeholder
from generator.rules.spec import SPC008

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding, Place
    from generator.inputs.fault import Path
    from generator.inputs.project import Project
    from generator.model.project import System


def unfit_names(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each line that calls a namespace what it cannot be called, or what another is called."""
    for name, system in project.systems.items():
        document = project.documents[f"systems/{name}.yaml"]
        told: set[Place] = set()
        for environment in system.environments:
            for key, message, remedy in _unfit(system, environment):
                place = document.place(_line(system, environment, key))
                if place not in told:
                    told.add(place)
                    yield SPC008.complaint(place, message, remedy)


def _unfit(system: System, environment: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, message and remedy for each namespace with an unfit name in one environment."""
    owners: dict[str, str] = {}
    for key, name in names_in(system, environment).items():
        if fault := _fault(name):
            yield key, f"namespace '{key}' is called '{name}' in {environment}: {fault}", _REMEDY
        elif owners.setdefault(name, key) != key:
            message = f"namespaces '{owners[name]}' and '{key}' are both called '{name}' in {environment}"
            yield key, message, "give one of them another `name:`"


_REMEDY = "lower-case letters, digits and '-', at most 63 characters; `{env}` stands for the environment"


def _fault(name: str) -> str:
    if brace := foreign_placeholder(name):
        return f"'{brace}' is no placeholder"
    return "" if is_label(name) else "that is no name for a namespace"


def _line(system: System, environment: str, key: str) -> Path:
    """Return the path of the line that gives a namespace its name in an environment."""
    if "name" in (system.environments[environment].namespaces.get(key) or {}):
        return ("environments", environment, "namespaces", key, "name")
    return ("namespaces", key, "name") if system.namespaces[key].name else ("namespaces", key)
