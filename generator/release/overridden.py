"""A record that does not say what runs: Argo CD reads a file beside it that says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import UnprovenError
from generator.layout.overrides import overrides
from generator.paths import base_folder, overlay_folder

if TYPE_CHECKING:
    from generator.disk.tree import Tree


def refuse_overridden(tree: Tree, service: str, environment: str) -> None:
    """Raise UnprovenError where a file overrides what an environment builds of a service: a release would be none."""
    folders = (f"{overlay_folder(environment, service)}/", f"{base_folder(service)}/")
    found = [finding for finding in overrides(tree.files) if finding.place.file.startswith(folders)]
    if found:
        raise UnprovenError(found)
