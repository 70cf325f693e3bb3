"""The programs that these tests need and a machine may lack: from the PATH, else built once with Go and kept."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import msgspec
import platformdirs

from generator.tools.golang import Go
from generator.tools.once import alone

_BUILD_SECONDS = 900.0


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program in Go: `argument` makes it tell its version, and then it says `words`."""

    name: str
    package: str
    version: str
    argument: str
    words: str


# CNCF Distribution, the registry that others are measured by.
REGISTRY = Program(
    name="registry",
    package="github.com/distribution/distribution/v3/cmd/registry",
    version="v3.0.0",
    argument="--version",
    words="github.com/distribution/distribution/v3",
)
CRANE = Program(
    name="crane",
    package="github.com/google/go-containerregistry/cmd/crane",
    version="v0.20.6",
    argument="version",
    words="0.20.6",
)


def provided(program: Program) -> Path:
    """Return the program; builds it where neither the PATH nor the user's cache has it. Several may ask at once."""
    on_path = shutil.which(program.name)
    if on_path and _is(program, Path(on_path)):
        return Path(on_path)
    built = platformdirs.user_cache_path("fairlead") / "test-tools" / program.name / program.version / program.name
    with alone(built.parent, f"{program.name} {program.version}", patience=_BUILD_SECONDS) as scratch:
        if not built.is_file():
            go = Go(scratch, {"GOBIN": str(scratch), "CGO_ENABLED": "0"}, _BUILD_SECONDS)
            go.run("install", f"{program.package}@{program.version}")
            (scratch / program.name).replace(built)
    return built


def _is(program: Program, path: Path) -> bool:
    said = subprocess.run([path, program.argument], check=False, capture_output=True, text=True, timeout=30)
    return program.words in said.stdout + said.stderr
