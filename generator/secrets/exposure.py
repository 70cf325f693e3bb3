"""Is the file with the values safe from git? It must be ignored, and not tracked all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from generator.findings.errors import FairleadError
from generator.repo.head import git_output

if TYPE_CHECKING:
    from pathlib import Path


class ExposedError(FairleadError):
    """Values lie where git would carry them away (exit 5)."""

    exit_code: ClassVar[int] = 5


def refuse_exposed(root: Path, path: str) -> None:
    """Raise ExposedError for a file that git tracks, or would with the next `git add .`; outside git nothing does."""
    if _listed(root, path, "--cached"):
        raise ExposedError(
            f"git tracks {path}: run `git rm --cached {path}`, ignore it, and change every value in it, for whoever "
            "has read the repository may know them"
        )
    if _listed(root, path, "--others", "--exclude-standard"):
        raise ExposedError(f"git does not ignore {path}: add it to .gitignore")


def _listed(root: Path, path: str, *options: str) -> bool:
    return bool(git_output(root, "ls-files", *options, "--", path))
