"""The folder of a running server: which files are in it, and how it ends.

It lies in Fairlead's cache, is open to its owner alone, and holds everything that the server writes; whoever removes it
has removed the server. Sockets are named from inside the folder, so its path may be long.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.apiserver import lock as lease
from generator.findings.errors import ToolError
from generator.folders.trust import cache_directory

if TYPE_CHECKING:
    from collections.abc import Iterable

# In the order in which they are to be ended: nobody is left who would miss the next.
PROCESSES = ("keeper", "kube-apiserver", "etcd")


class ServerFolder(msgspec.Struct, frozen=True):
    """The folder of one server."""

    folder: Path

    @property
    def kubeconfig(self) -> Path:
        """How clients reach it: a kubeconfig (as JSON) that `kubectl` takes too."""
        return self.folder / "kubeconfig"

    @property
    def tokens(self) -> Path:
        """The tokens that the server takes, as kube-apiserver reads them."""
        return self.folder / "tokens.csv"

    @property
    def certificates(self) -> Path:
        """Where the server puts the certificate that it makes for itself."""
        return self.folder / "certificates"

    @property
    def use(self) -> Path:
        """Locked by every run that uses the server; it holds the seconds that the server outlives the last of them."""
        return self.folder / "use"

    @property
    def idle_seconds(self) -> float:
        """How long the server outlives its last user."""
        return float(self.use.read_text() or 0)

    def outlive(self, seconds: float) -> None:
        """Say how long the server outlives its last user; the time starts anew."""
        self.use.write_text(f"{seconds:g}")

    @property
    def repositories(self) -> frozenset[str]:
        """The folders of the repositories that have used the server, those that are gone by now left out."""
        try:
            lines = self._repositories.read_text(encoding="utf-8").splitlines()
        except OSError:
            return frozenset()
        return frozenset(line for line in lines if Path(line).is_dir())

    def note_repositories(self, roots: Iterable[str]) -> None:
        """Keep which repositories use the server."""
        self._repositories.write_text("".join(f"{root}\n" for root in sorted(roots)), encoding="utf-8")

    @property
    def _repositories(self) -> Path:
        return self.folder / "repositories"

    def process(self, name: str) -> Path:
        """Return the file whose lock a process holds while it lives."""
        return self.folder / f"{name}.pid"

    def log(self, name: str) -> Path:
        """Return the file with all that a process said."""
        return self.folder / f"{name}.log"

    @property
    def alive(self) -> bool:
        """Return whether all processes live."""
        return all(lease.alive(self.process(name)) for name in PROCESSES)


def home() -> Path:
    """Return the folder that holds the folders of all servers of this user."""
    return cache_directory() / "apiserver"


def state_of(minor: str, *ingredients: str) -> ServerFolder:
    """Return the state of the server for a Kubernetes minor version and all else that tells one server from another."""
    key = hashlib.sha256("\n".join(ingredients).encode()).hexdigest()[:16]
    return ServerFolder(home() / f"{minor}-{key}")


def states() -> list[ServerFolder]:
    """Return the states of all servers of this user, running or not."""
    return [ServerFolder(path) for path in sorted(home().iterdir()) if path.is_dir()] if home().is_dir() else []


def make_folder(state: ServerFolder) -> None:
    """Make the folder, open to its owner alone; raises ToolError when it cannot be."""
    try:
        state.folder.mkdir(mode=0o700)
    except OSError as error:
        raise ToolError(f"{state.folder}: {error.strerror}; set FAIRLEAD_CACHE_DIR to a folder of your own") from error


def is_ours(state: ServerFolder) -> bool:
    """Return whether the folder is one in which nobody else can have written."""
    try:
        status = state.folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022


def claim_folder(state: ServerFolder) -> ServerFolder | None:
    """Move a folder out of the way, whoever's it is; None when another has done so before. Raises ToolError."""
    name = f"ending-{state.folder.name}-{secrets.token_hex(4)}"
    try:
        return ServerFolder(state.folder.rename(state.folder.with_name(name)))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ToolError(f"{state.folder}: {error.strerror}; remove it by hand") from error


def end(state: ServerFolder) -> None:
    """Kill what still runs of a server and remove its folder; raises ToolError when that cannot be."""
    mine = claim_folder(state)
    if mine is None:
        return
    if is_ours(mine):
        for name in PROCESSES:
            lease.end(mine.process(name))
    remove_folder(mine.folder)


def remove_folder(folder: Path) -> None:
    """Remove a folder, or a file in its place, as far as that may be: what is another's stays."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        folder.unlink()


def last_line(log: Path) -> str:
    """Return the last line of a log, "" when there is none."""
    lines = log.read_text(errors="replace").split("\n") if log.is_file() else []
    return next((line for line in reversed(lines) if line.strip()), "")
