from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.tools import pins, process
from generator.tools.install import ensure, inventory
from generator.tools.locate import cached_program, locate, require

from .sailor import SUM, archive, program, put

if TYPE_CHECKING:
    from pathlib import Path

    from .sailor import ReleaseHost


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


def test_a_cache_that_cannot_be_written_does_not_hinder_the_path(path: Path, tmp_path: Path) -> None:
    """What is on the PATH needs no cache."""
    (tmp_path / "cache").write_text("")
    mine = put(path, "kustomize", program("5.8.1"))
    assert locate(pins.KUSTOMIZE, "5.8.1") == mine


def test_a_known_program_is_not_asked_again(kubeconform: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
