"""Whether what Argo CD is told to read is in the repository: asked anew in every run, for no page decides it."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from generator.findings.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.verdict import Reading

_MAGIC = re.compile(r"[*?\[]")


def absence(root: Path, reading: Reading) -> str:
    """Return what keeps a reading from finding something, the empty text if nothing does."""
    if reading.kind == "folder":
        return _fault(root / reading.what)
    return "" if any(_found(root, reading)) else "matches nothing"


def _fault(folder: Path) -> str:
    if not folder.exists():
        return "is not in the repository"
    if not folder.is_dir():
        return "is a file and no folder"
    with os.scandir(folder) as entries:
        return "" if any(entries) else "is an empty folder, which git leaves out,"


def _found(root: Path, reading: Reading) -> Iterator[str]:
    """Yield the folders or files that a pattern picks, in the most generous reading of `*` that Argo CD knows."""
    from glob import iglob  # only people's own ApplicationSets have patterns

    patterns = {reading.what}
    if reading.kind == "files" and not _MAGIC.search(reading.what):
        patterns.add(f"{reading.what}/**")  # git lists what is under a folder that is named
    elif reading.kind == "files":
        patterns.add("/".join(_deep(PurePosixPath(reading.what).parts)))
    for pattern in sorted(patterns):
        for path in iglob(pattern, root_dir=root, recursive=True):  # noqa: PTH207  # it too passes over dot folders
            if (root / path).is_dir() == (reading.kind == "folders"):
                yield path


def _deep(parts: tuple[str, ...]) -> Iterator[str]:
    """Yield a pattern in which a star crosses slashes, as it does for git."""
    for part in parts:
        if "*" in part and part != "**":
            yield "**"
        yield part


def nearest_path(root: Path, path: str) -> str:
    """Return the path in the repository that is most like one that is not there: down to where the two part."""
    found = PurePosixPath()
    for part in PurePosixPath(path).parts:
        if _MAGIC.search(part):
            break
        if not (root / found / part).is_dir():
            near = nearest(part, _folders(root / found))
            return str(found / near) if near else str(found)
        found /= part
    return str(found)


def _folders(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
