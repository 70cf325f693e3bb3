"""Where a run keeps its files: a folder that goes with it, whatever happens, and the logs of a run that failed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.folders.trust import cache_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "fairlead-e2e-"
_KEPT = "kept"


@contextmanager
def state(*, keep: bool) -> Iterator[Path]:
    """Return a folder for everything that the run writes, deleted at the end unless it is to be kept.

    Folders of runs that were killed are deleted too.
    """
    _sweep(Path(tempfile.gettempdir()))
    # Short, because paths of Unix sockets end at 108 bytes.
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        if keep:
            (folder / _KEPT).touch()
            print(f"e2e: kept {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def save_logs(logs: Path) -> Path:
    """Keep the logs of a run that failed, in place of those of the last one, and give their folder."""
    target = cache_directory() / "e2e" / "log"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(logs, target)
    return target


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}*"):
        run = re.match(rf"{_PREFIX}(\d+)-", left.name)
        ours = left.stat().st_uid == os.geteuid()
        if run and ours and not Path("/proc", run[1]).exists() and not (left / _KEPT).exists():
            shutil.rmtree(left, ignore_errors=True)
