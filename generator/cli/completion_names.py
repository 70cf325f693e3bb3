"""What the shell offers where a command wants a name: the pages of the repository around the current folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from generator.disk.tree import find_root
from generator.findings.errors import FairleadError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

# What may name a page or, longer, an object of Kubernetes.
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", re.ASCII)


def service_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the services whose names begin so."""
    return _pages("services", incomplete)


def environment_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the environments whose names begin so."""
    return _pages("environments", incomplete)


def instance_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the instances of Argo CD whose names begin so."""
    try:
        folders = (find_root(Path.cwd()) / "argocd").glob("*/kustomization.yaml")
    except (FairleadError, OSError):
        return []
    return _offered((path.parent.name for path in folders), incomplete)


def application_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the Applications whose names begin so, of all instances."""
    from generator.disk.tree import read  # the same
    from generator.preview.declared import instances  # 40 ms, when the shell asks
    from generator.preview.expansion import applications  # the same

    try:
        tree = read(find_root(Path.cwd()))
        found = [each.name for name in instances(tree) for each in applications(tree, name)]
    except (FairleadError, OSError):
        return []
    return _offered(found, incomplete)


def rule_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the rules whose ids begin so."""
    from generator.rules.catalogue import BY_ID  # 22 ms, when the shell asks

    return [id_ for id_ in BY_ID if id_.startswith(incomplete.upper())]


def gate_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the gates whose names begin so."""
    from generator.model.gates import GATE_NAMES  # when the shell asks

    return [name for name in GATE_NAMES if name.startswith(incomplete)]


def _pages(folder: str, incomplete: str) -> list[str]:
    try:
        root = find_root(Path.cwd())
    except (FairleadError, OSError):
        return []
    return _offered((path.stem for path in (root / folder).glob("*.yaml")), incomplete)


def _offered(names: Iterable[str], incomplete: str) -> list[str]:
    """Return the names that begin so. Files may be called anything, and a shell expands what it was offered."""
    return sorted({name for name in names if name.startswith(incomplete) and _NAME.fullmatch(name)})
