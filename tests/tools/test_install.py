from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from generator.findings.errors import ToolError
from generator.tools import pins
from generator.tools.install import ensure, inventory
from generator.tools.locate import cached_program, locate

from .sailor import ReleaseHost, SlowHandler, archive, fake_go, program


def test_a_release_is_fetched_once(host: ReleaseHost) -> None:
    """The second time the cache has it, even with the host gone."""
    tool = host.publish(archive("sailor", program("1.2.3")))
    installed = ensure(tool, "1.2.3")
    (host.folder / "sailor-1.2.3.tar.gz").unlink()
    assert ensure(tool, "1.2.3") == installed == locate(tool, "1.2.3")


def test_other_bytes_than_the_published_ones_are_refused(host: ReleaseHost, path: Path) -> None:
    """A wrong checksum ends it: nothing is installed, and no other route is tried."""
    host.publish(archive("sailor", program("1.2.3")))
    fake_go(path)
    with pytest.raises(ToolError, match=r"SHA-256 is [0-9a-f]{64}, not the published 0000; nothing was"):
        ensure(host.tool("0000"), "1.2.3")
    assert locate(host.tool("0000"), "1.2.3") is None
    assert not (path / "called").exists()


@pytest.mark.parametrize("name", ["../sailor", "bin/sailor", "/sailor"])
def test_nothing_but_the_program_itself_is_unpacked(host: ReleaseHost, tmp_path: Path, name: str) -> None:
    """A file elsewhere in the archive, or outside of it, is not the program and is written nowhere."""
    tool = host.publish(archive(name, program("1.2.3")))
    with pytest.raises(ToolError, match="no file sailor in it"):
        ensure(tool, "1.2.3")
    assert list(tmp_path.rglob("sailor")) == [cached_program(tool, "1.2.3").parent.parent]


def test_a_release_of_another_version_is_refused(host: ReleaseHost) -> None:
    """A program is asked who it is before it is kept."""
    tool = host.publish(archive("sailor", program("1.2.2")))
    with pytest.raises(ToolError, match=r"fetched 1\.2\.3, but it calls itself 1\.2\.2"):
        ensure(tool, "1.2.3")
    assert locate(tool, "1.2.3") is None


def test_go_builds_what_cannot_be_downloaded(host: ReleaseHost, path: Path) -> None:
    """No release in reach: `go install` of the same version, with the Go it needs."""
    fake_go(path)
    tool = host.tool("unused")
    assert ensure(tool, "1.2.3") == cached_program(tool, "1.2.3")
    assert (path / "called").read_text() == "install -v example.com/sailor/cmd@v1.2.3 go9.9.9 \n"


def test_go_builds_for_this_machine(host: ReleaseHost, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who cross-compiles has GOOS set; the tool is for here."""
    monkeypatch.setenv("GOOS", "plan9")
    fake_go(path)
    ensure(host.tool("unused"), "1.2.3")
    assert "plan9" not in (path / "called").read_text()


def test_a_platform_without_checksum_is_built(host: ReleaseHost, path: Path) -> None:
    """What cannot be verified is not downloaded."""
    fake_go(path)
    host.publish(archive("sailor", program("1.2.3")))
    tool = msgspec.structs.replace(host.tool("unused"), releases={"1.2.3": {"plan9/amd64": "0000"}})
    ensure(tool, "1.2.3")
    assert inventory([(tool, "1.2.3")])[0].route == "go"


def test_a_module_with_another_sum_is_refused(host: ReleaseHost, path: Path) -> None:
    """The source that was built must be the one that was pinned."""
    fake_go(path, module_sum="h1:b3RoZXI=")
    with pytest.raises(ToolError, match="its sum is h1:b3RoZXI=, pinned is h1:ZmFrZQ=="):
        ensure(host.tool("unused"), "1.2.3")
    assert locate(host.tool("unused"), "1.2.3") is None


def test_without_any_route_the_message_says_why(host: ReleaseHost) -> None:
    """Each route with its reason, and what a person can do."""
    with pytest.raises(ToolError) as raised:
        ensure(host.tool("unused"), "1.2.3")
    assert str(raised.value) == (
        "sailor 1.2.3 cannot be installed: release: HTTP Error 404: File not found; "
        "go: no `go` on the PATH; put sailor 1.2.3 on the PATH"
    )


def test_a_cache_that_cannot_be_written_is_named(host: ReleaseHost, tmp_path: Path) -> None:
    """The message says which variable moves the cache."""
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ToolError, match="File exists; set FAIRLEAD_CACHE_DIR to"):
        ensure(host.tool("unused"), "1.2.3")


def test_two_processes_install_once(host: ReleaseHost) -> None:
    """Two hooks at the same moment: one fetches, the other waits and finds it."""
    tool = host.publish(archive("sailor", program("1.2.3")))
    code = (
        "from generator.tools.install import ensure\nfrom generator.tools.pins import Tool\n"
        f"print(ensure({tool!r}, '1.2.3'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(pins.__file__).parents[2])}
    argv = [sys.executable, "-c", code]
    children = [subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    answers = [child.communicate()[0].decode().strip() for child in children]
    assert answers == [str(cached_program(tool, "1.2.3"))] * 2
    assert SlowHandler.served == ["/sailor-1.2.3.tar.gz"]
