from __future__ import annotations

import functools
import hashlib
import http.server
import io
import os
import platform
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import msgspec
import pytest

from generator.errors import ToolError
from generator.tools import pins, process
from generator.tools.install import ensure, inventory
from generator.tools.locate import cached_program, locate, require
from generator.tools.pins import Tool

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        """Give the tool with its release pinned to `sha256`."""
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


@pytest.fixture
def host(tmp_path: Path) -> Iterator[ReleaseHost]:
    """Run a release host that answers on 127.0.0.1."""
    (tmp_path / "host").mkdir()
    handler = functools.partial(SlowHandler, directory=str(tmp_path / "host"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        SlowHandler.served.clear()
        yield ReleaseHost(tmp_path / "host", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty the PATH and the cache; give the one folder on the PATH."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "bin"


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


def test_a_program_on_the_path_is_used(host: ReleaseHost, path: Path) -> None:
    """Of the wanted version: nothing is installed."""
    mine = put(path, "sailor", program("1.2.3"))
    assert ensure(host.tool("unused"), "1.2.3") == mine


def test_another_version_on_the_path_is_passed_over(host: ReleaseHost, path: Path) -> None:
    """What builds must be what Argo CD builds with, so the version must be exactly that."""
    put(path, "sailor", program("1.2.4"))
    tool = host.publish(archive("sailor", program("1.2.3")))
    assert ensure(tool, "1.2.3") == cached_program(tool, "1.2.3")


@pytest.mark.parametrize("said", ["v1.2.3-rc.1", "1.2.3+dirty", "(devel)", ""])
def test_a_version_that_is_not_a_release_is_passed_over(host: ReleaseHost, path: Path, said: str) -> None:
    """A candidate or a private build is not the release it is named after."""
    put(path, "sailor", f"#!/bin/sh\necho '{said}'\n")
    assert locate(host.tool("unused"), "1.2.3") is None


def test_the_old_form_of_kustomize_version_is_understood(host: ReleaseHost, path: Path) -> None:
    """`{Version:kustomize/v1.2.3 GitCommit:...}`."""
    mine = put(path, "sailor", "#!/bin/sh\necho '{Version:kustomize/v1.2.3 GitCommit:0}'\n")
    assert locate(host.tool("unused"), "1.2.3") == mine


def test_a_program_that_hides_its_version_is_read(host: ReleaseHost, path: Path) -> None:
    """Go writes the module's version into the program: kubeconform says only `development`."""
    text = f"#!/bin/sh\necho development; exit\nmod\texample.com/sailor\tv1.2.3\t{SUM}\n"
    mine = put(path, "sailor", text)
    assert locate(host.tool("unused"), "1.2.3") == mine


def test_a_newer_one_will_do_where_only_the_oldest_is_set(path: Path) -> None:
    """The answers of kubeconform are stable since 0.7.0, so a person's own 0.9.0 is fine, 0.6.7 is not."""
    put(path, "kubeconform", program("0.6.7"))
    assert locate(pins.KUBECONFORM, "0.8.0") is None
    mine = put(path, "kubeconform", program("0.9.0"))
    assert locate(pins.KUBECONFORM, "0.8.0") == mine


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


def test_a_changed_program_in_the_cache_is_not_run(host: ReleaseHost) -> None:
    """Its bytes are no longer those that were installed: it counts as absent and is installed again."""
    tool = host.publish(archive("sailor", program("1.2.3")))
    installed = ensure(tool, "1.2.3")
    installed.write_text(program("1.2.3") + "# poison\n")
    assert locate(tool, "1.2.3") is None
    assert "poison" not in ensure(tool, "1.2.3").read_text()


@pytest.mark.parametrize("name", ["sailor/1.2.3/sailor.json", "known.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"sha256": 1}'])
def test_a_damaged_note_counts_as_absent(host: ReleaseHost, tmp_path: Path, name: str, content: str) -> None:
    """A half-written file in the cache costs an installation, never a crash."""
    tool = host.publish(archive("sailor", program("1.2.3")))
    installed = ensure(tool, "1.2.3")
    (tmp_path / "cache/tools" / name).write_text(content)
    assert ensure(tool, "1.2.3") == installed == locate(tool, "1.2.3")


def test_go_builds_what_cannot_be_downloaded(host: ReleaseHost, path: Path) -> None:
    """No release in reach: `go install` of the same version, with the Go it needs."""
    fake_go(path)
    tool = host.tool("unused")
    assert ensure(tool, "1.2.3") == cached_program(tool, "1.2.3")
    assert (path / "called").read_text() == "install example.com/sailor/cmd@v1.2.3 go9.9.9 \n"


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
    with pytest.raises(ToolError, match="Not a directory; set FAIRLEAD_CACHE_DIR to"):
        ensure(host.tool("unused"), "1.2.3")


def test_a_cache_that_cannot_be_written_does_not_hinder_the_path(path: Path, tmp_path: Path) -> None:
    """What is on the PATH needs no cache."""
    (tmp_path / "cache").write_text("")
    mine = put(path, "kustomize", program("5.8.1"))
    assert locate(pins.KUSTOMIZE, "5.8.1") == mine


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


def test_a_known_program_is_not_asked_again(
    kubeconform: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its version is remembered for as long as the file stays the same."""
    (path / "kubeconform").symlink_to(kubeconform)
    assert locate(pins.KUBECONFORM, "0.8.0") == path / "kubeconform"
    monkeypatch.setattr(process, "run", None)
    assert locate(pins.KUBECONFORM, "0.8.0") == path / "kubeconform"


def test_a_missing_tool_comes_with_the_command_that_installs_it(host: ReleaseHost) -> None:
    """`require` never installs by itself."""
    with pytest.raises(ToolError, match=r"^sailor 1\.2\.3 is not installed; run: fairlead tools install$"):
        require(host.tool("unused"), "1.2.3")


def test_the_inventory_shows_what_is_there(host: ReleaseHost, path: Path) -> None:
    """Wanted and found, where, how it came, and what to do about an unfit one."""
    mine = put(path, "sailor", program("1.2.4"))
    entry = inventory([(host.tool("unused"), "1.2.3")])[0]
    assert (entry.wanted, entry.found, entry.path, entry.route, entry.remedy) == (
        "1.2.3",
        "1.2.4",
        mine,
        "PATH",
        "fairlead tools install",
    )


def test_the_inventory_shows_what_would_run(host: ReleaseHost, path: Path) -> None:
    """An unfit program on the PATH does not hide the fit one in the cache."""
    put(path, "sailor", program("1.2.4"))
    tool = host.publish(archive("sailor", program("1.2.3")))
    entry_path = ensure(tool, "1.2.3")
    entry = inventory([(tool, "1.2.3")])[0]
    assert (entry.path, entry.route, entry.remedy) == (entry_path, "release", "")


@pytest.mark.parametrize(
    ("argocd", "kustomize"),
    [
        ("3.3.0", "5.8.0"),
        ("3.3.1", "5.8.1"),
        ("3.3.14", "5.8.1"),
        ("3.4.7", "5.8.1"),
        ("v3.5.7", "5.8.1"),
        ("3.5", "5.8.1"),
        ("3.6.0", "5.8.3"),
        ("v3.6.1", "5.8.3"),
    ],
)
def test_argo_cd_decides_the_kustomize(argocd: str, kustomize: str) -> None:
    """We build with what Argo CD will build with."""
    assert pins.kustomize_version_for(argocd) == kustomize


@pytest.mark.parametrize("argocd", ["3.2.9", "3.7.0", "4.0.0", "2.14.1", "latest", "", "3.5.7-rc1"])
def test_an_unknown_argo_cd_names_the_known_ones(argocd: str) -> None:
    """Guessing could prove the wrong thing."""
    with pytest.raises(ToolError, match=r"known are 3\.3\.0 \(kustomize 5\.8\.0\), 3\.3\.1 to 3\.5\.x"):
        pins.kustomize_version_for(argocd)


@pytest.mark.parametrize("tool", [pins.KUSTOMIZE, pins.KUBECONFORM], ids=lambda tool: tool.name)
def test_every_pin_is_whole(tool: Tool) -> None:
    """A SHA-256 for each usual platform and a module sum for each version."""
    assert tool.releases.keys() == tool.sums.keys()
    for platforms in tool.releases.values():
        assert sorted(platforms) == ["darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64"]
        assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in platforms.values())
