"""Look for a program on the PATH, and never in the folder that fairlead happens to be run in."""

from __future__ import annotations

import os
import shutil


def find_program(name: str) -> str | None:
    """Return the absolute path of a program on the PATH; None where it is not there."""
    path = absolute_path()
    return shutil.which(name, path=path) if path else None


def absolute_path() -> str:
    """Return the PATH without relative folders, for us and for our children.

    An empty entry means the current folder too; a pull request could put a program there.
    """
    return os.pathsep.join(folder for folder in os.get_exec_path() if os.path.isabs(folder))  # noqa: PTH117 - text
