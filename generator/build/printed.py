"""What kustomize printed, read: the text of each object beside its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from generator.model.base import Manifest
from generator.tools.kustomize import BuildError
from generator.yamlio import built

if TYPE_CHECKING:
    from pathlib import Path

# Reads the objects of one printed document; a caller that knows the text, or needs its head alone, parses less.
Reader = Callable[[str], Iterable[Any]]


class Printed(msgspec.Struct, frozen=True):
    """An object as kustomize printed it, and what that says."""

    text: str
    manifest: Manifest


def read_printed(texts: Iterable[str], folder: Path, reader: Reader = built) -> list[Printed]:
    """Return the objects in printed documents; raises BuildError, which names `folder`, for what is not YAML."""
    try:
        return [Printed(text, value) for text in texts for value in reader(text) if isinstance(value, dict)]
    except yaml.YAMLError as error:
        raise BuildError(folder, f"unreadable output: {error}") from error
