"""Rooms import downwards only, and no circle of imports stands anywhere, neither at run time nor for types.

`ORDER` is the order itself. Whoever adds a room adds it here, and to `docs/house.md`.
"""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from .conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

# From the ground floor up: a room imports from the lines above its own, and from itself. Modules that lie beside the
# packages are rooms of their own.
ORDER = [
    *("interrupt", "line_ends", "lfs"),
    *("roots", "findings", "address", "paths", "change"),
    *("clock", "credentials", "model", "yamlio"),
    *("kubernetes", "controller", "rules"),
    *("folders", "tools", "git", "disk", "crds"),
    *("inputs", "render", "argocd", "layout", "records", "units"),
    *("repo", "secrets", "registry", "history", "gates", "plan"),
    "build",
    *("prove", "preview", "release", "retire", "apiserver"),
    *("report", "pipeline", "publish", "forge"),
    *("cli", "__main__"),
]

PACKAGE = REPOSITORY / "generator"


def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported_by(name: str) -> set[str]:
    """Return the modules of the package that a module imports, inside of functions and for types too."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & MODULES.keys()) or {node.module}
    return (found & MODULES.keys()) - {name}


IMPORTS = {name: imported_by(name) for name in MODULES}


def room(module: str) -> str:
    """Return the room of a module: the package that it lies in, or its own name beside the packages."""
    return [*module.split("."), "generator"][1]


def test_the_order_names_every_room() -> None:
    """A new room without a place would not be held."""
    assert sorted(ORDER) == sorted({room(name) for name in MODULES} - {"generator"})


@pytest.mark.parametrize("name", ORDER)
def test_a_room_imports_only_what_lies_below_it(name: str) -> None:
    """What several rooms need belongs below all of them."""
    allowed = {"generator", *ORDER[: ORDER.index(name) + 1]}
    upwards = [
        f"{module} may not import {other}: {room(other)}/ lies above {name}/"
        for module in MODULES
        if room(module) == name
        for other in sorted(IMPORTS[module])
        if room(other) not in allowed
    ]
    assert upwards == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """A circle is one module that pretends to be several."""
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(f"imports run in a circle: {' -> '.join(error.args[1])}")
