"""The checkout that a script belongs to: run the script with its `.venv`, whatever Python was started."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
VENV = REPOSITORY / ".venv"


def enter() -> None:
    """Start the script again with the Python of `.venv`, unless it is the one that runs; import from this checkout.

    Without a `.venv` any Python that has the packages will do.
    """
    python = VENV / "bin" / "python"
    if python.exists() and Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), *sys.orig_argv[1:]])  # noqa: S606  # the same script, no shell
    if find_spec("msgspec") is None:
        print("run scripts/setup first: there is no .venv", file=sys.stderr)
        sys.exit(3)
    sys.path.insert(0, str(REPOSITORY))


def settle(path: Path, text: str, *, check: bool) -> int:
    """Make a file of the checkout hold `text`, or with `check` only say whether it differs; return the exit code."""
    name = path.relative_to(REPOSITORY)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        print(f"{name}: unchanged")
        return 0
    if not check:
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{name}: {'differs' if check else 'written'}")
    return int(check)
