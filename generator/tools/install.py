"""Put the pinned tools into Fairlead's cache, and say what there is.

Two routes, in this order: the publisher's release, held against the checksum in pins.py; else the Go
toolchain (gomodule.py where `go install` will not do), with the sum of the module held against pins.py. A
download with other bytes than the pinned ones stops everything: it is never a reason to try the next route.
Finding what is installed already is in locate.py.
"""

from __future__ import annotations

import platform
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import ToolError
from generator.tools import gomodule
from generator.tools.download import DOWNLOAD_SECONDS, download
from generator.tools.golang import Go
from generator.tools.locate import (
    Record,
    cached_program,
    candidates,
    locate,
    module_version,
    record_of,
    reported_version,
    sha256_of,
    sweep_notes,
)
from generator.tools.notice import Notice
from generator.tools.once import alone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.tools.pins import Tool

# Building kustomize takes 11 s on 2 cores once its modules are there; fetching them is up to the network.
_GO_INSTALL_SECONDS = 900.0
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class ToolEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `fairlead tools list`.

    `path`, `found` and `route` ("PATH", "release", "go") are those of the program that would run, or of an
    unfit one in its place; `remedy` is the command that helps when none fits, else "". `purpose` says what it is for,
    `needed` whether every run needs it.
    """

    name: str
    wanted: str
    found: str = ""
    path: Path | None = None
    route: str = ""
    remedy: str = ""
    purpose: str = ""
    needed: bool = True


def ensure(tool: Tool, version: str) -> Path:
    """Return the program to run for `version` of `tool`, installed first if there is none.

    Several processes may ask at once: one installs and the others wait for it. All that takes time is told on
    standard error.

    Raises ToolError when no route leads to it, saying why each failed, when bytes are not the pinned ones,
    and when the cache cannot be written.
    """
    return locate(tool, version) or _install_once(tool, version)


def inventory(wanted: Iterable[tuple[Tool, str]]) -> tuple[ToolEntry, ...]:
    """Return what there is for each wanted tool and version, in the order given; install nothing."""
    return tuple(_entry(tool, version) for tool, version in wanted)


def _install_once(tool: Tool, version: str) -> Path:
    program = cached_program(tool, version)
    patience = gomodule.BUILD_SECONDS + DOWNLOAD_SECONDS
    try:
        with alone(program.parent, f"{tool.name} {version}", patience=patience) as scratch:
            sweep_notes()
            return locate(tool, version) or _install(tool, version, program, scratch)
    except OSError as error:
        remedy = "set FAIRLEAD_CACHE_DIR to a folder that can be written"
        raise ToolError(f"{program.parent}: {error.strerror or error}; {remedy}") from error


def _entry(tool: Tool, version: str) -> ToolEntry:
    there = list(candidates(tool, version))
    entry = ToolEntry(name=tool.name, wanted=version, purpose=tool.purpose, needed=tool.needed)
    fitting = next((found for found in there if tool.fits(found.version, version)), None)
    for found in [fitting] if fitting else there[:1]:
        entry = msgspec.structs.replace(entry, found=found.version, path=found.path, route=found.route)
    return entry if fitting else msgspec.structs.replace(entry, remedy=tool.remedy)


def _install(tool: Tool, version: str, program: Path, scratch: Path) -> Path:
    """Bring the program into the cache: whole, executable, of the right version, or not at all."""
    fresh = scratch / tool.name
    with Notice(f"{tool.name} {version}") as notice:
        notice.say(f"installing {tool.name} {version}, which {tool.purpose or 'is missing'}")
        route = _fetch(tool, version, fresh, notice)
        fresh.chmod(0o755)
        reported = _fitting_version(tool, version, fresh)
        record = scratch / record_of(program).name
        record.write_bytes(msgspec.json.encode(Record(sha256_of(fresh), route, reported)))
        record.chmod(0o600)
        record_of(program).unlink(missing_ok=True)
        fresh.replace(program)
        record.replace(record_of(program))
        notice.say(f"installed {tool.name} {version} in {notice.seconds:.0f} s, once for this machine: {program}")
    return program


def _fetch(tool: Tool, version: str, target: Path, notice: Notice) -> str:
    """Bring the program to `target` by the first route that works, and name that route."""
    try:
        return _from_release(tool, version, target, notice)
    except (OSError, HTTPException) as error:
        reason = str(error).strip("<>") or type(error).__name__
    notice.say(f"no release of {tool.name} {version} to be had ({reason}); building it by Go takes minutes")
    try:
        return _from_go(tool, version, target, notice)
    except ToolError as error:
        said, *more = error.lines
        message = f"{tool.name} {version} cannot be installed: release: {reason}; go: {said}"
        raise ToolError(f"{message}; put {tool.name} {version} on the PATH", *more) from error


def _from_release(tool: Tool, version: str, target: Path, notice: Notice) -> str:
    """Download the release; OSError where there is none for this system or it cannot be reached."""
    system, machine = platform.system().lower(), _MACHINES.get(platform.machine().lower(), "")
    checksum = tool.releases.get(version, {}).get(f"{system}/{machine}")
    if checksum is None:
        raise FileNotFoundError(f"no checksum is pinned for {platform.system()} {platform.machine()}")
    url = tool.archive.format(version=tool.archived.get(version, version), os=system, arch=machine)
    notice.say(f"fetching {url}")
    download(url, checksum, tool.member or tool.name, target, told=notice.step)
    return "release"


def _from_go(tool: Tool, version: str, target: Path, notice: Notice) -> str:
    if version in tool.recipes:
        gomodule.build(tool.recipes[version], target.parent, told=notice.step)
    else:
        _go_install(tool, version, target, notice)
    _refuse_another_sum(tool, version, target)
    return "go"


def _go_install(tool: Tool, version: str, target: Path, notice: Notice) -> None:
    more = {"GOBIN": str(target.parent), "CGO_ENABLED": "0"}
    if version in tool.toolchains:
        more["GOTOOLCHAIN"] = tool.toolchains[version]
    Go(target.parent, more, _GO_INSTALL_SECONDS, notice.step).run("install", "-v", f"{tool.package}@v{version}")
    if not target.is_file():
        raise ToolError(f"go install left no {tool.name}")


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
