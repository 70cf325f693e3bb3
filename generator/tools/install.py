"""Put the pinned tools into Fairlead's cache, and say what there is.

Two routes, in this order: the publisher's release, held against the checksum in pins.py; else the Go
toolchain (gomodule.py where `go install` will not do), with the sum of the module held against pins.py. A
download with other bytes than the pinned ones stops everything: it is never a reason to try the next route.
Finding what is installed already is in locate.py.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import tarfile
import tempfile
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
import msgspec

from generator.errors import ToolError
from generator.text import quote_words
from generator.tools import gomodule, process
from generator.tools.locate import (
    Record,
    cached_program,
    candidates,
    locate,
    module_version,
    record_of,
    reported_version,
    sha256_of,
)
from generator.tools.search import find_program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.tools.pins import Tool

_DOWNLOAD_SECONDS = 60.0
# Building kustomize takes 11 s on 2 cores once its modules are there; fetching them is up to the network.
_GO_INSTALL_SECONDS = 900.0
# Far above the largest: an archive of kube-apiserver, etcd and kubectl has 52 MB, the first of them 100 unpacked. No
# answer may fill the memory.
_MOST_BYTES = 300_000_000
_SHA512_DIGITS = 128
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `fairlead tools list`.

    `path`, `found` and `route` ("PATH", "release", "go") are those of the program that would run, or of an
    unfit one in its place; `remedy` is the command that helps when none fits, else "".
    """

    name: str
    wanted: str
    found: str = ""
    path: Path | None = None
    route: str = ""
    remedy: str = ""


def ensure(tool: Tool, version: str) -> Path:
    """Return the program to run for `version` of `tool`, installed first if there is none.

    Several processes may ask at once: one installs and the others wait for it.

    Raises ToolError when no route leads to it, saying why each failed, when bytes are not the pinned ones,
    and when the cache cannot be written.
    """
    return locate(tool, version) or _install_once(tool, version)


def inventory(wanted: Iterable[tuple[Tool, str]]) -> tuple[Entry, ...]:
    """Say what there is for each wanted tool and version, in the order given; install nothing."""
    return tuple(_entry(tool, version) for tool, version in wanted)


def download(url: str, checksum: str, member: str, target: Path) -> None:
    """Fetch the tar.gz at `url`, check it against its SHA-256 or SHA-512, and write its file `member` to `target`.

    Raises ToolError when the bytes are not the pinned ones or hold no such file, OSError or HTTPException
    when there is no whole answer.
    """
    # S310: addresses come from pins.py, and the bytes are checked below.
    with urllib.request.urlopen(url, timeout=_DOWNLOAD_SECONDS) as answer:  # noqa: S310
        archive = answer.read(_MOST_BYTES)
    algorithm = "SHA-512" if len(checksum) == _SHA512_DIGITS else "SHA-256"
    actual = hashlib.new(algorithm.replace("-", ""), archive).hexdigest()
    if actual != checksum:
        raise ToolError(f"{url}: {algorithm} is {actual}, not the published {checksum}; nothing was installed")
    target.write_bytes(_member(archive, member, url))


def _install_once(tool: Tool, version: str) -> Path:
    program = cached_program(tool, version)
    try:
        program.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(program.with_name("lock"), timeout=gomodule.BUILD_SECONDS + _DOWNLOAD_SECONDS):
            return locate(tool, version) or _install(tool, version, program)
    except OSError as error:
        remedy = "set FAIRLEAD_CACHE_DIR to a folder that can be written"
        raise ToolError(f"{program.parent}: {error.strerror or error}; {remedy}") from error


def _entry(tool: Tool, version: str) -> Entry:
    there = list(candidates(tool, version))
    for found in there:
        if tool.fits(found.version, version):
            return Entry(name=tool.name, wanted=version, found=found.version, path=found.path, route=found.route)
    unfit = Entry(name=tool.name, wanted=version, remedy="fairlead tools install")
    if not there:
        return unfit
    return msgspec.structs.replace(unfit, found=there[0].version, path=there[0].path, route=there[0].route)


def _install(tool: Tool, version: str, program: Path) -> Path:
    """Bring the program into the cache: whole, executable, of the right version, or not at all."""
    with tempfile.TemporaryDirectory(dir=program.parent, prefix="new-") as folder:
        fresh = Path(folder, tool.name)
        route = _fetch(tool, version, fresh)
        fresh.chmod(0o755)
        reported = _fitting_version(tool, version, fresh)
        record_of(program).unlink(missing_ok=True)
        record = msgspec.json.encode(Record(sha256_of(fresh), route, reported))
        fresh.replace(program)
    record_of(program).write_bytes(record)
    return program


def _fetch(tool: Tool, version: str, target: Path) -> str:
    """Bring the program to `target` by the first route that works, and name that route."""
    try:
        return _from_release(tool, version, target)
    except (OSError, HTTPException) as error:
        reason = str(error).strip("<>") or type(error).__name__
    try:
        return _from_go(tool, version, target)
    except ToolError as error:
        said, *more = error.lines
        message = f"{tool.name} {version} cannot be installed: release: {reason}; go: {said}"
        raise ToolError(f"{message}; put {tool.name} {version} on the PATH", *more) from error


def _from_release(tool: Tool, version: str, target: Path) -> str:
    """Download the release; OSError where there is none for this system or it cannot be reached."""
    system, machine = platform.system().lower(), _MACHINES.get(platform.machine().lower(), "")
    checksum = tool.releases.get(version, {}).get(f"{system}/{machine}")
    if checksum is None:
        raise FileNotFoundError(f"no checksum is pinned for {platform.system()} {platform.machine()}")
    url = tool.archive.format(version=tool.archived.get(version, version), os=system, arch=machine)
    download(url, checksum, tool.member or tool.name, target)
    return "release"


def _from_go(tool: Tool, version: str, target: Path) -> str:
    if version in tool.recipes:
        gomodule.build(tool.recipes[version], target.parent)
    else:
        _go_install(tool, version, target)
    _refuse_another_sum(tool, version, target)
    return "go"


def _go_install(tool: Tool, version: str, target: Path) -> None:
    go = find_program("go")
    if go is None:
        raise ToolError("no `go` on the PATH")
    environment = {**os.environ, "GOBIN": str(target.parent), "CGO_ENABLED": "0"}
    for variable in ("GOOS", "GOARCH"):  # GOBIN and another system's program exclude each other
        environment.pop(variable, None)
    if version in tool.toolchains:
        environment["GOTOOLCHAIN"] = tool.toolchains[version]
    argv = [go, "install", f"{tool.package}@v{version}"]
    completed = process.run(argv, env=environment, timeout=_GO_INSTALL_SECONDS)
    if completed.returncode != 0 or not target.is_file():
        raise ToolError(f"go install left no {tool.name}", *quote_words(completed.stderr))


def _refuse_another_sum(tool: Tool, version: str, program: Path) -> None:
    built = module_version(tool, program)[1]
    pinned = tool.sums.get(version)
    if built != pinned:
        raise ToolError(f"{tool.module} v{version}: its sum is {built or 'not given'}, pinned is {pinned}")


def _fitting_version(tool: Tool, version: str, program: Path) -> str:
    reported = reported_version(tool, program)
    if not tool.fits(reported, version):
        raise ToolError(f"{tool.name}: fetched {version}, but it calls itself {reported or 'nothing'}")
    return reported


def _member(archive: bytes, name: str, url: str) -> bytes:
    """Read the file `name` of a tar.gz; nothing is unpacked to the disk."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
            file = tar.extractfile(name)
            content = file.read(_MOST_BYTES) if file else b""
    except (KeyError, tarfile.TarError) as error:
        raise ToolError(f"{url}: no file {name} in it") from error
    if not content:
        raise ToolError(f"{url}: {name} in it is not a file")
    return content
