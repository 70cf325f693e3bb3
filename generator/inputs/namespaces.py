"""The names that a system's namespaces have in each environment: the key of the page stands for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.inputs.complaint import complaint
from generator.inputs.merge import merge, strip
from generator.inputs.name import is_label
from generator.model.placeholder import filled_in, foreign_placeholder
from generator.model.project import Namespace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.finding import Finding, Place
    from generator.inputs.fault import Path
    from generator.inputs.project import Project
    from generator.model.project import System


def names_in(system: System, environment: str) -> dict[str, str]:
    """Return the name of each namespace of a system in one environment, by its key."""
    there = system.environments[environment].namespaces
    return {
        key: filled_in((there.get(key) or {}).get("name", namespace.name) or key, environment)
        for key, namespace in system.namespaces.items()
    }


def namespaces_in(system: System, environment: str) -> dict[str, Namespace]:
    """Return what a system says of each namespace in one environment, by its name there."""
    there = system.environments[environment].namespaces
    return {
        name: _merged(system.namespaces[key], there.get(key) or {})
        for key, name in names_in(system, environment).items()
    }


def name_everywhere(system: System, key: str) -> str:
    """Return the name that a namespace has in all environments of its system, the empty text where names differ."""
    names = {names_in(system, environment)[key] for environment in system.environments} or {key}
    return names.pop() if len(names) == 1 else ""


def _merged(namespace: Namespace, there: Mapping[str, object]) -> Namespace:
    return msgspec.convert(strip(merge(msgspec.to_builtins(namespace), dict(there))), Namespace)


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
                    yield complaint("SPC008", place, message, remedy)


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
