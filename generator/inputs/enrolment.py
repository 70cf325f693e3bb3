"""Which services there are, of which system, and where each may not run: all that Argo CD needs to know of a page."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from generator.yamlio import parse

if TYPE_CHECKING:
    from generator.disk.tree import Tree
    from generator.inputs.project import Project


class Enrolment(msgspec.Struct, frozen=True):
    """What a service's page says about where it belongs."""

    system: str
    excluded: frozenset[str]


def roster(project: Project, tree: Tree) -> dict[str, Enrolment]:
    """Return every service by name; of pages that the project did not load only these two words are read.

    A page that cannot be read is left out: who writes what is made of this has to load that page and be refused.
    """
    known = {name: Enrolment(page.system, page.excluded) for name, page in project.services.items()}
    for path in tree.under("services"):
        name = PurePosixPath(path).stem
        if (
            path.count("/") == 1
            and name in project.names
            and name not in known
            and (found := _enrolment(tree.files[path], path))
        ):
            known[name] = found
    return {name: known[name] for name in sorted(known)}


def _enrolment(data: bytes, path: str) -> Enrolment | None:
    document, _ = parse(data, path)
    value: Any = document.value if document is not None else None
    if not isinstance(value, dict) or not isinstance(value.get("system"), str):
        return None
    return Enrolment(value["system"], excluded(value))


def excluded(page: dict[str, Any]) -> frozenset[str]:
    """Return the environments that a page shuts its service out of."""
    environments = page.get("environments")
    environments = environments if isinstance(environments, dict) else {}
    return frozenset(name for name, value in environments.items() if value is False)
