from __future__ import annotations

import subprocess
import zipfile
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.findings.errors import ToolError
from generator.tools.gomodule import Recipe, build

if TYPE_CHECKING:
    from pathlib import Path

SHIP = """module example.com/ship

go 1.21

require (
	example.com/hull v0.0.0
	example.com/sail v1.0.0
)

replace (
	example.com/hull => ./hull
	example.com/sail => example.com/sail v1.5.0
	example.com/never => ./forbidden
)
"""
MAIN = """package main

import (
	"example.com/hull"
	"example.com/sail"
)

var port = "none"

func main() { print(hull.Name, " ", sail.Name, " ", port) }
"""
RECIPE = Recipe(
    module="example.com/ship",
    version="1.2.3",
    packages={"ship": "example.com/ship/cmd/ship"},
    published={"example.com/hull": "v0.3.0"},
    ldflags="-X main.port=Whitby",
)


def publish(proxy: Path, module: str, version: str, files: dict[str, str]) -> None:
    """Put a module into a folder that Go takes for a module proxy."""
    folder = proxy / module / "@v"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{version}.info").write_text(f'{{"Version": "{version}"}}')
    (folder / f"{version}.mod").write_text(files["go.mod"])
    with zipfile.ZipFile(folder / f"{version}.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{module}@{version}/{name}", content)


def library(module: str, name: str) -> dict[str, str]:
    """Write a module that knows its name."""
    package = module.rpartition("/")[2]
    return {"go.mod": f"module {module}\n\ngo 1.21\n", "name.go": f'package {package}\n\nconst Name = "{name}"\n'}


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a module proxy that is a folder, and nothing else in reach, with the modules of the ship in it."""
    proxy = tmp_path / "proxy"
    publish(proxy, "example.com/ship", "v1.2.3", {"go.mod": SHIP, "cmd/ship/main.go": MAIN})
    publish(proxy, "example.com/hull", "v0.3.0", library("example.com/hull", "oak"))
    for version, name in (("v1.0.0", "old sail"), ("v1.5.0", "sail"), ("v1.6.0", "new sail")):
        publish(proxy, "example.com/sail", version, library("example.com/sail", name))
    monkeypatch.setenv("GOPROXY", proxy.as_uri())
    monkeypatch.setenv("GOSUMDB", "off")
    monkeypatch.setenv("GOTOOLCHAIN", "local")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    return proxy


def said(program: Path) -> str:
    """Run a program; Go's `print` writes to the standard error."""
    return subprocess.run([program], check=True, capture_output=True, text=True).stderr


@pytest.mark.usefixtures("proxy")
def test_a_module_with_replace_lines_is_built(tmp_path: Path) -> None:
    """A folder of its repository becomes the published module, other lines hold, and the linker's settings count."""
    build(RECIPE, tmp_path)
    assert said(tmp_path / "ship") == "oak sail Whitby"


@pytest.mark.usefixtures("proxy")
def test_a_line_of_ours_wins(tmp_path: Path) -> None:
    """A recipe may replace what the module itself replaces."""
    recipe = msgspec.structs.replace(RECIPE, replaces=("example.com/sail => example.com/sail v1.6.0",))
    build(recipe, tmp_path)
    assert said(tmp_path / "ship") == "oak new sail Whitby"


@pytest.mark.usefixtures("proxy")
def test_what_a_person_sets_for_other_builds_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another system, a vendor folder and a workspace around are theirs, the program is for here."""
    monkeypatch.setenv("GOOS", "plan9")
    monkeypatch.setenv("GOFLAGS", "-mod=vendor")
    monkeypatch.setenv("GOWORK", str(tmp_path / "go.work"))
    build(RECIPE, tmp_path)
    assert said(tmp_path / "ship") == "oak sail Whitby"


@pytest.mark.usefixtures("proxy")
def test_another_sum_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    """Nothing is built from a source that is not the pinned one."""
    with pytest.raises(ToolError, match=r"example\.com/ship v1\.2\.3: its sum is h1:\S+, pinned is h1:b3RoZXI="):
        build(msgspec.structs.replace(RECIPE, sum="h1:b3RoZXI="), tmp_path)
    assert not (tmp_path / "ship").exists()


@pytest.mark.usefixtures("proxy")
def test_a_folder_without_a_published_version_is_named(tmp_path: Path) -> None:
    """Go would look for a module v0.0.0, which nobody has."""
    with pytest.raises(ToolError) as raised:
        build(msgspec.structs.replace(RECIPE, published={}), tmp_path)
    assert str(raised.value) == "example.com/ship v1.2.3: no published version is known of example.com/hull"


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize(
    ("change", "words"),
    [({"version": "9.9.9"}, "v9.9.9"), ({"packages": {"ship": "example.com/ship/cmd/raft"}}, "cmd/raft")],
)
def test_go_says_why_it_cannot(tmp_path: Path, change: dict[str, object], words: str) -> None:
    """A version that is not there, a package that is not there: in Go's own words."""
    with pytest.raises(ToolError, match=words):
        build(msgspec.structs.replace(RECIPE, **change), tmp_path)


def test_without_go_nothing_is_built(path: Path, tmp_path: Path) -> None:
    """The message says what is missing."""
    assert path.is_dir()
    with pytest.raises(ToolError, match="no `go` on the PATH"):
        build(RECIPE, tmp_path)
