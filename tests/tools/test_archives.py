from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.findings.errors import ToolError
from generator.tools.gomodule import Recipe
from generator.tools.install import ensure, inventory
from generator.tools.locate import cached_program, locate

from .sailor import PLATFORM, SUM, ReleaseHost, archive, program, put

if TYPE_CHECKING:
    from pathlib import Path

    from generator.tools.pins import Tool


def crew(host: ReleaseHost, content: bytes, checksum: str = "") -> Tool:
    """Publish an archive of several programs, which stands in for another patch level; pinned by its SHA-512."""
    (host.folder / "crew-1.2.0.tar.gz").write_bytes(content)
    pinned = checksum or hashlib.sha512(content).hexdigest()
    return msgspec.structs.replace(
        host.tool("unused"),
        archive=f"{host.address}/crew-{{version}}.tar.gz",
        member="crew/bin/sailor",
        releases={"1.2.3": {PLATFORM: pinned}},
        archived={"1.2.3": "1.2.0"},
        any_patch=True,
    )


def test_one_program_is_taken_from_an_archive_of_several(host: ReleaseHost) -> None:
    """From its place in the archive; another patch level will do, and `tools list` says which one it is."""
    tool = crew(host, archive("crew/bin/sailor", program("1.2.0")))
    installed = ensure(tool, "1.2.3")
    assert installed == cached_program(tool, "1.2.3") == locate(tool, "1.2.3")
    assert inventory([(tool, "1.2.3")])[0].found == "1.2.0"


def test_a_sha512_is_checked(host: ReleaseHost) -> None:
    """Other bytes than the published ones are named by the sum that was published."""
    tool = crew(host, archive("crew/bin/sailor", program("1.2.0")), "0" * 128)
    with pytest.raises(ToolError, match=r"SHA-512 is [0-9a-f]{128}, not the published 0{128}; nothing was installed"):
        ensure(tool, "1.2.3")


def test_an_archive_of_another_minor_version_is_refused(host: ReleaseHost) -> None:
    """Any patch level will do, and no more than that."""
    tool = crew(host, archive("crew/bin/sailor", program("1.3.0")))
    with pytest.raises(ToolError, match=r"fetched 1\.2\.3, but it calls itself 1\.3\.0"):
        ensure(tool, "1.2.3")


@pytest.mark.parametrize(("found", "fits"), [("1.2.0", True), ("1.2.99", True), ("1.3.3", False), ("2.2.3", False)])
def test_any_patch_level_on_the_path_will_do(host: ReleaseHost, path: Path, found: str, *, fits: bool) -> None:
    """But for the minor version, which must be the wanted one."""
    put(path, "sailor", program(found))
    assert bool(locate(crew(host, b""), "1.2.3")) is fits


def test_a_recipe_builds_what_go_install_refuses(host: ReleaseHost, path: Path) -> None:
    """The program is built in a module of ours, and its module's sum is held against the pinned one as ever."""
    built = f"{program('1.2.3')}exit\nmod\texample.com/sailor\tv1.2.3\t{SUM}\n"
    put(path, "built", built)
    answers = f"""#!/bin/sh
case "$1 $2" in
  "mod download") echo '{{"GoMod": "go.mod", "Sum": "{SUM}"}}' ;;
  "list -deps") echo one two ;;
  "mod edit") echo '{{"Go": "1.21"}}' ;;
  *) while [ "$1" != -o ]; do shift; done; /bin/cp {path}/built "$2" ;;
esac
"""
    put(path, "go", answers)
    recipe = Recipe(
        module="example.com/sailor", version="1.2.3", sum=SUM, packages={"sailor": "example.com/sailor/cmd"}
    )
    tool = msgspec.structs.replace(crew(host, b"", "1" * 128), releases={}, recipes={"1.2.3": recipe})
    ensure(tool, "1.2.3")
    assert inventory([(tool, "1.2.3")])[0].route == "go"
