"""`fairlead tools`."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from generator.apiserver.state import ServerFolder, home, states
from generator.tools.install import ensure
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, KUSTOMIZE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Say
    from tests.conftest import Fairlead

NEEDED = ["kustomize", "kubeconform"]
SERVERS = ["etcd", "kube-apiserver"]

LATER = (
    ", fetched or built by Go when `validate --api-server` first needs it; "
    "run: fairlead tools install etcd kube-apiserver"
)
FOR_SERVERS = "for `validate --api-server`"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, git_program: str) -> Path:
    """Take every program and the cache away."""
    assert git_program
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def installed() -> None:
    """Have both tools."""
    ensure(KUSTOMIZE, "5.8.1")
    ensure(KUBECONFORM, KUBECONFORM_VERSION)


@pytest.mark.usefixtures("installed")
def test_the_list_says_what_would_run(say: Say) -> None:
    """The version that this repository's Argo CD bundles."""
    said = say("tools", "list", "--format", "json")
    entries = json.loads(said.out)
    assert said.code == 0
    assert [entry["name"] for entry in entries] == [*NEEDED, *SERVERS]
    assert [entry["name"] for entry in entries if entry["needed"]] == NEEDED
    assert [entry["remedy"] for entry in entries if entry["needed"]] == ["", ""]
    assert entries[0]["wanted"] == entries[0]["found"] == "5.8.1"


@pytest.mark.usefixtures("bare")
def test_a_missing_tool_names_the_command(say: Say) -> None:
    """Exit 3; nothing is installed."""
    said = say("tools", "list")
    assert said.code == 3
    assert said.out == (
        "kustomize 5.8.1  not found; run: fairlead tools install\n"
        f"kubeconform {KUBECONFORM_VERSION}  not found; run: fairlead tools install\n"
        f"etcd 3.6.8  not found{LATER}\n"
        f"kube-apiserver 1.35.4  not found{LATER}\n"
    )


@pytest.mark.usefixtures("bare")
def test_the_version_follows_argo_cd(say: Say, shop: Path) -> None:
    """Argo CD 3.6 bundles another kustomize."""
    page = shop / "gitops.yaml"
    page.write_text(page.read_text().replace("3.5.7", "3.6.0"))
    assert say("tools", "list").out.startswith("kustomize 5.8.3  not found")


@pytest.mark.usefixtures("installed")
def test_outside_a_repository_the_usual_versions_are_meant(say: Say, tmp_path: Path) -> None:
    """CI images install tools before there is a checkout."""
    said = say("tools", "install", where=tmp_path)
    assert said.code == 0
    assert said.out.startswith("kustomize 5.8.1  ")


@pytest.mark.usefixtures("bare")
def test_the_programs_of_an_api_server_are_installed_by_name(say: Say, shop: Path, tmp_path: Path) -> None:
    """Those of the repository's Kubernetes; any patch level of it on the PATH will do."""
    page = shop / "gitops.yaml"
    page.write_text(page.read_text().replace('kubernetesVersion: "1.35"', 'kubernetesVersion: "1.36"'))
    (tmp_path / "nothing").mkdir()
    for name, version in (("etcd", "etcd Version: 3.6.4"), ("kube-apiserver", "Kubernetes v1.36.1")):
        (tmp_path / "nothing" / name).write_text(f"#!/bin/sh\necho '{version}'\n")
        (tmp_path / "nothing" / name).chmod(0o755)
    said = say("tools", "install", "kube-apiserver", "etcd")
    assert said.out == (
        f"etcd 3.6.4  {tmp_path}/nothing/etcd (PATH), {FOR_SERVERS}\n"
        f"kube-apiserver 1.36.1  {tmp_path}/nothing/kube-apiserver (PATH), {FOR_SERVERS}\n"
    )


@pytest.mark.usefixtures("bare")
def test_stop_says_how_many_servers_it_ended(say: Say) -> None:
    """None is fine too."""
    for options in ((), ("--all",)):
        said = say("tools", "stop", *options)
        assert (said.code, said.out) == (0, "ended 0 API servers\n")


@pytest.mark.usefixtures("bare")
def test_stop_leaves_the_servers_of_other_repositories(say: Say, shop: Path, tmp_path: Path) -> None:
    """Of those that are there one is this repository's alone, one is shared, one is another's."""
    other = tmp_path / "other"
    other.mkdir()
    for name, roots in {"own": [shop], "shared": [shop, other], "theirs": [other]}.items():
        made(ServerFolder(home() / name), roots)
    assert say("tools", "stop").out == (
        "ended 1 API server; 2 API servers of other repositories stay, `fairlead tools stop --all` ends them\n"
    )
    assert [state.folder.name for state in states()] == ["shared", "theirs"]
    assert ServerFolder(home() / "shared").repositories == {str(other)}
    assert say("tools", "stop", "--all").out == "ended 2 API servers\n"


def made(state: ServerFolder, roots: list[Path]) -> None:
    """Make the folder of a server without processes that ran for some repositories."""
    state.folder.mkdir(parents=True, mode=0o700)
    state.note_repositories(str(root.resolve()) for root in roots)


@pytest.mark.usefixtures("bare")
def test_a_repository_that_is_gone_keeps_no_server(say: Say, shop: Path, tmp_path: Path) -> None:
    """Nobody would end it there."""
    made(ServerFolder(home() / "own"), [shop, tmp_path / "deleted"])
    assert say("tools", "stop").out == "ended 1 API server\n"


@pytest.mark.parametrize(
    "arguments",
    [("validate",), ("bump", "frontend", "--env", "dev", "--tag", "9.9.9"), ("argocd", "plan")],
    ids=lambda arguments: arguments[0],
)
def test_without_leave_to_install_a_missing_tool_is_an_error(
    bare: Path, fairlead: Fairlead, fresh: Path, git_alone: Path, arguments: tuple[str, ...]
) -> None:
    """For a CI that installs in a step of its own: nothing is fetched, nothing is built, and no verdict is given."""
    assert git_alone.is_file()
    answer = fairlead(*arguments, "--no-install", root=fresh)
    assert answer.code == 3
    assert answer.stderr == (
        "kustomize 5.8.1 is not installed, and --no-install forbids it; run: fairlead tools install\n"
    )
    assert not (bare / "cache/tools/kustomize").exists()


@pytest.fixture
def git_alone(bare: Path, git_program: str) -> Path:
    """Put git on the empty PATH."""
    (bare / "nothing").mkdir()
    (bare / "nothing/git").symlink_to(git_program)
    return bare / "nothing/git"


@pytest.fixture(scope="session")
def git_program() -> str:
    """Return git, found before the PATH was emptied."""
    found = shutil.which("git")
    assert found is not None
    return found


@pytest.mark.usefixtures("installed")
def test_with_the_tools_there_nothing_has_to_be_installed(fairlead: Fairlead, fresh: Path) -> None:
    """The option changes nothing then."""
    assert fairlead("validate", "--no-install", root=fresh).code == 0
