"""Where no test may be skipped, a skipped one fails the run: `.ci/run` asks for that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.house.conftest import REPOSITORY, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

SKIPPED = "import pytest\n\n\n@pytest.mark.skip(reason='no skopeo here')\ndef test_it() -> None:\n    pass\n"
MODULE = "import pytest\n\npytest.skip('no skopeo here', allow_module_level=True)\n"
PASSING = "def test_it() -> None:\n    pass\n"


@pytest.mark.parametrize(
    ("text", "mode", "code"),
    [(SKIPPED, "fail", 1), (MODULE, "fail", 1), (PASSING, "fail", 0), (SKIPPED, "", 0)],
    ids=["a test", "a whole file", "none", "allowed"],
)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_skipped_test_fails_the_run(tmp_path: Path, text: str, mode: str, code: int, workers: str) -> None:
    """In one process or several, and it is named."""
    for name in ("conftest.py", "__init__.py"):
        (tmp_path / "tests").mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / "tests" / name, tmp_path / "tests" / name)
    (tmp_path / "tests" / "test_it.py").write_text(text, encoding="utf-8")
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", workers, os.fspath(tmp_path / "tests")]
    environment = clean_environment(FAIRLEAD_SKIPS=mode, PYTHONPATH=os.fspath(REPOSITORY))
    done = subprocess.run(argv, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    # pytest itself ends with 5 where nothing was collected.
    assert done.returncode == code or (text, mode) == (MODULE, "")
    assert ("no skopeo here" in done.stdout) is (code == 1)
