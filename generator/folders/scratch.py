"""A temporary folder that is gone afterwards, also when a signal ends the run while it is made or removed."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.interrupt import hold_signals

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def scratch_folder(prefix: str) -> Iterator[str]:
    """Make a folder that only this user can read, and remove it; raises OSError without room for it."""
    folder = None
    try:
        with hold_signals():
            folder = tempfile.mkdtemp(prefix=prefix)
        yield folder
    finally:
        with hold_signals():
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
