"""`sailor`, a made-up tool: programs, archives, a release host and a `go` that are real enough to run."""

from __future__ import annotations

import hashlib
import http.server
import io
import platform
import tarfile
import time
from typing import TYPE_CHECKING, ClassVar

from generator.tools.pins import Tool

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "#!/bin/sh\necho v{version}\n"
PLATFORM = "/".join(
    (
        platform.system().lower(),
        {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine()),
    )
)
SUM = "h1:ZmFrZQ=="


def program(version: str) -> str:
    """Write a program that says it is of `version`."""
    return PROGRAM.format(version=version)


def archive(name: str, content: str) -> bytes:
    """Make a tar.gz with one executable file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content.encode()))
    return buffer.getvalue()


def put(folder: Path, name: str, content: str) -> Path:
    """Write an executable file."""
    file = folder / name
    file.write_text(content)
    file.chmod(0o755)
    return file


def fake_go(folder: Path, version: str = "1.2.3", module_sum: str = SUM) -> None:
    """Make a `go` whose `install` leaves a program with build information, and notes how it was called."""
    built = f"{program('(devel)')}exit\nmod\\texample.com/sailor\\tv{version}\\t{module_sum}\\n"
    call = f'echo "$@ $GOTOOLCHAIN $GOOS" > {folder}/called'
    put(
        folder,
        "go",
        f'#!/bin/sh\n{call}\nprintf \'{built}\' > "$GOBIN/sailor"\n/bin/chmod +x "$GOBIN/sailor"\n',
    )


class SlowHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files slowly enough for two processes to meet, and keeps what was asked for in `served`."""

    served: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Wait, then answer."""
        self.served.append(self.path)
        time.sleep(0.3)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class ReleaseHost:
    """A release page on this machine, where `publish` puts an archive."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address

    def publish(self, content: bytes) -> Tool:
        """Offer `content` as release 1.2.3 of `sailor`, pinned by its checksum, and return the tool."""
        (self.folder / "sailor-1.2.3.tar.gz").write_bytes(content)
        return self.tool(hashlib.sha256(content).hexdigest())

    def tool(self, sha256: str) -> Tool:
        """Return the tool with its release pinned to `sha256`."""
        return Tool(
            name="sailor",
            version_argument="version",
            archive=f"{self.address}/sailor-{{version}}.tar.gz",
            package="example.com/sailor/cmd",
            module="example.com/sailor",
            releases={"1.2.3": {PLATFORM: sha256}},
            sums={"1.2.3": SUM},
            toolchains={"1.2.3": "go9.9.9"},
        )
