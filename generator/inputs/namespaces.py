"""The names that a system's namespaces have in each environment: the key of the page stands for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.inputs.merge import merge, strip
from generator.model.placeholder import filled_in
from generator.model.project import Namespace

if TYPE_CHECKING:
    from collections.abc import Mapping

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
