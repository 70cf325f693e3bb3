"""Find an installed tool of the right version, changing nothing but a note for the next time.

First the PATH, then Fairlead's own cache. What was learnt about a file (its version, its SHA-256) is
remembered with the file's stamp, so that a second look costs a few system calls and no child process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import ToolError
from generator.folders.trust import cache_directory, make_private, require_private
from generator.tools import process
from generator.tools.search import find_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.tools.pins import Tool

# `v5.8.1`, `{Version:kustomize/v5.8.1 ...}`; not `v5.8.1-rc.1`, `5.8.1+dirty` or a pseudo-version.
_VERSION = re.compile(r"(?<![\w.+-])v?(\d+\.\d+\.\d+)(?![\w.+-])")
_PLENTY = 10.0
# What a file of notes is called while it is written, before the number of the process that writes it.
_FRESH = "known.json."


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A program that is there; `version` is "" when it would not say, `route` "PATH", "release" or "go"."""

    path: Path
    version: str
    route: str


class Record(msgspec.Struct, frozen=True):
    """What `install` noted beside a program in the cache: its SHA-256, how it came, and what it calls itself."""

    sha256: str
    route: str
    version: str = ""


class _Note(msgspec.Struct, frozen=True):
    stamp: tuple[int, ...]
    learnt: str


def locate(tool: Tool, version: str) -> Path | None:
    """Return the program to run for `version` of `tool`, or None; install nothing and ask no network.

    A program on the PATH is taken when its version fits, one in the cache when its bytes are still those that
    were installed. Under 1 ms once the file is known, else one child process or one reading of the file.

    Raises ToolError when others may write to the cache: a program and what is noted of it are believed only there.
    """
    return next((found.path for found in candidates(tool, version) if tool.fits(found.version, version)), None)


def require(tool: Tool, version: str) -> Path:
    """Like `locate`, but raises ToolError with the command that installs the tool when it is not there."""
    path = locate(tool, version)
    if path is None:
        raise ToolError(f"{tool.name} {version} is not installed; run: {tool.remedy}")
    return path


def candidates(tool: Tool, version: str) -> Iterator[Found]:
    """Yield what is there under the tool's name, preferred first, whether or not its version fits."""
    on_path = find_program(tool.name)
    if on_path:
        path = Path(on_path)
        yield Found(path=path, version=_version_on_path(tool, path), route="PATH")
    path = cached_program(tool, version)
    record = _record(path)
    if record:
        require_private(path)
        require_private(record_of(path))
    if record and _known("sha256", path, lambda: sha256_of(path)) == record.sha256:
        yield Found(path=path, version=record.version or version, route=record.route)


def cached_program(tool: Tool, version: str) -> Path:
    """Return where the cache keeps this version of the tool, whether or not it is there."""
    return cache_directory() / "tools" / tool.name / version / tool.name


def record_of(program: Path) -> Path:
    """Return the file beside a program in the cache that says how it came and what its SHA-256 was."""
    return program.with_name(f"{program.name}.json")


def reported_version(tool: Tool, path: Path) -> str:
    """Return the version a program gives itself, or else the one that Go wrote into it, or "".

    Programs built by `go install` may call themselves `development` (kubeconform) or `(devel)`.
    """
    try:
        said = process.run([str(path), tool.version_argument], env={"PATH": ""}, timeout=_PLENTY)
        match = _VERSION.search(said.stdout.decode(errors="replace").replace("kustomize/", ""))
    except ToolError:
        return ""
    return match[1] if match else module_version(tool, path)[0]


def module_version(tool: Tool, path: Path) -> tuple[str, str]:
    """Read version and sum of the tool's module from the program's Go build information, or "" twice.

    Go has written it as lines of text since 1.18 (what `go version -m` prints); no Go is needed to read it.
    """
    line = rf"\nmod\t{re.escape(tool.module)}\tv(\d+\.\d+\.\d+)\t(h1:[\w+/=]+)\n"
    match = re.search(line.encode(), path.read_bytes())
    return (match[1].decode(), match[2].decode()) if match else ("", "")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(program: Path) -> Record | None:
    try:
        return msgspec.json.decode(record_of(program).read_bytes(), type=Record) if program.is_file() else None
    except (OSError, msgspec.DecodeError):
        return None


def _version_on_path(tool: Tool, path: Path) -> str:
    """Ask a script each time: what it starts may change while the script itself does not."""
    with path.open("rb") as file:
        is_script = file.read(2) == b"#!"
    if is_script:
        return reported_version(tool, path)
    return _known("version", path, lambda: reported_version(tool, path))


def _known(subject: str, path: Path, learn: Callable[[], str]) -> str:
    """Return what `learn` says of the file, asking again only when the file's stamp has changed.

    The stamp holds the time of the inode's last change, which nobody but root can set.
    """
    stat = path.stat()
    stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    notes = _notes()
    key = f"{subject} {path}"
    note = notes.get(key)
    if note and note.stamp == stamp:
        return note.learnt
    learnt = learn()
    _keep({**notes, key: _Note(stamp, learnt)})
    return learnt


def _notes() -> dict[str, _Note]:
    require_private(_notes_file())
    try:
        return msgspec.json.decode(_notes_file().read_bytes(), type=dict[str, _Note])
    except (OSError, msgspec.DecodeError):
        return {}


def _keep(notes: dict[str, _Note]) -> None:
    """Write the notes; a cache that cannot be written only costs time."""
    fresh = _notes_file().with_name(f"{_FRESH}{os.getpid()}-{threading.get_ident()}")
    with contextlib.suppress(OSError):
        make_private(fresh.parent)
        with open(fresh, "xb", opener=_open_private) as file:
            file.write(msgspec.json.encode(notes))
        fresh.replace(_notes_file())


def sweep_notes() -> None:
    """Remove the half-written notes of processes that were killed."""
    for left in _notes_file().parent.glob(f"{_FRESH}*"):
        number = left.name.removeprefix(_FRESH).partition("-")[0]
        with contextlib.suppress(OSError, ValueError):
            if not _lives(int(number)):
                left.unlink()


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _notes_file() -> Path:
    return cache_directory() / "tools" / "known.json"
