"""One name stands for one thing."""

from __future__ import annotations

import ast
from collections import defaultdict

from .test_order import MODULES


def test_no_two_classes_have_one_name() -> None:
    """Who reads a name in one room knows what it is in every other."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}
