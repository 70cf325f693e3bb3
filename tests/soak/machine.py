"""The programs of the machine: fairlead as a process of its own, and git without anybody's settings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

FAIRLEAD = Path(sys.executable).with_name("fairlead")


def environment() -> dict[str, str]:
    """Return an environment in which git knows who commits, and nothing of the caller's repository or settings."""
    who = {f"GIT_{role}_{part}": "soak@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return inherited | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and give what it printed."""
    argv = ["git", "-C", str(folder), *arguments]
    return subprocess.run(argv, env=environment(), check=True, stdout=subprocess.PIPE, text=True).stdout


def git_code(folder: Path, *arguments: str) -> int:
    """Run git in a folder and give its exit code."""
    argv = ["git", "-C", str(folder), *arguments]
    return subprocess.run(argv, env=environment(), check=False, stderr=subprocess.DEVNULL).returncode


def damage(bare: Path) -> str:
    """Return what `git fsck` says against a repository; asked twice, because a push may be on its way in."""
    argv = ["git", "-C", str(bare), "fsck", "--no-progress", "--no-dangling"]
    for pause in (1.0, 0.0):
        ended = subprocess.run(argv, env=environment(), check=False, capture_output=True, text=True)
        said = ended.stdout + ended.stderr
        if not (ended.returncode or said.strip()):
            return ""
        time.sleep(pause)
    return f"git fsck: {said.strip()}"
