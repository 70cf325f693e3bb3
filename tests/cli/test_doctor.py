"""`fairlead doctor`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.inputs.load import load_gitops
from generator.tools.install import ensure
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, KUSTOMIZE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Say
    from tests.conftest import Git

TOOLS = ["kustomize", "kubeconform"]
# Good to have: nothing that works without them asks for them.
OPTIONAL = {"go", "registries", "etcd", "kube-apiserver"}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Take every program and the cache away."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def installed() -> None:
    """Have both tools."""
    ensure(KUSTOMIZE, "5.8.1")
    ensure(KUBECONFORM, KUBECONFORM_VERSION)


@pytest.fixture
def published(shop: Path, home: Path, git: Git) -> Path:
    """Return the repository as one whose `origin` is what Argo CD reads, with that branch fetched."""
    assert home.is_dir()
    git(shop, "init", "--quiet", "--initial-branch=main")
    git(shop, "commit", "--quiet", "--allow-empty", "--message=Begin")
    git(shop, "remote", "add", "origin", load_gitops(shop).repoURL)
    git(shop, "update-ref", "refs/remotes/origin/main", "HEAD")
    return shop


@pytest.mark.usefixtures("installed")
def test_doctor_finds_all_well(say: Say, shop: Path, published: Path) -> None:
    """One line for each thing; what is optional does not count."""
    assert published == shop
    say("schemas", "export")
    said = say("doctor")
    states = {line.split()[1]: line.split()[0] for line in said.out.splitlines()}
    assert said.code == 0
    assert set(states) == {"python", "git", *OPTIONAL, *TOOLS, "repository", "history", "origin", "schemas"}
    assert {state for name, state in states.items() if name not in OPTIONAL} == {"ok"}


@pytest.mark.usefixtures("bare")
def test_doctor_names_the_command_that_mends(say: Say) -> None:
    """Exit 3, and every missing thing at once."""
    said = say("doctor", "--format", "json")
    lacking = [state for state in json.loads(said.out) if not state["ok"]]
    missing = {state["name"]: state["remedy"] for state in lacking}
    assert said.code == 3
    assert {state["name"] for state in lacking if state["needed"]} == {"git", "kustomize", "kubeconform"}
    assert missing["kustomize"] == missing["kubeconform"] == "fairlead tools install"
    assert missing["history"] == "git init"


def test_doctor_says_what_is_wrong_with_the_repository(say: Say, shop: Path) -> None:
    """In the words of the loader."""
    page = shop / "gitops.yaml"
    page.write_text(page.read_text().replace("repoURL", "repoURI"))
    said = say("doctor")
    assert said.code == 3
    assert "gitops.yaml:1:1: error SPC008: unknown key 'repoURI'; did you mean 'repoURL'?" in said.out


def test_doctor_outside_a_repository(say: Say, tmp_path: Path) -> None:
    """It says so, and how to name one."""
    said = say("doctor", where=tmp_path)
    assert said.code == 3
    assert "missing   repository" in said.out


@pytest.mark.usefixtures("bare")
def test_what_an_api_server_needs_is_optional(say: Say) -> None:
    """`validate --api-server` gets it by itself; who wants it before is told how."""
    states = {state["name"]: state for state in json.loads(say("doctor", "--format", "json").out)}
    assert not states["etcd"]["needed"]
    assert states["etcd"]["remedy"] == "fairlead tools install etcd kube-apiserver"
    assert states["kube-apiserver"]["remedy"] == "fairlead tools install etcd kube-apiserver"


@pytest.mark.parametrize(
    "address", ["git@git.example.com:Shop/gitops.git", "ssh://git@git.example.com:2222/shop/gitops"]
)
def test_people_may_use_ssh_where_argo_cd_uses_https(address: str, say: Say, published: Path, git: Git) -> None:
    """The same repository, whoever reads it by which way."""
    _reads(published, "https://git.example.com/shop/gitops.git")
    git(published, "remote", "set-url", "origin", address)
    assert f"ok        origin          {address}\n" in say("doctor").out


def test_argo_cd_that_reads_another_repository_is_a_warning(say: Say, published: Path, git: Git) -> None:
    """Pushes would go where nobody looks; a login in the address stays hidden. It does not stop anybody."""
    _reads(published, "https://git.example.com/shop/gitops.git")
    git(published, "remote", "set-url", "origin", "https://me:hunter22@git.example.com/shop/fork.git")
    said = say("doctor")
    warning = (
        "warning   origin          origin is https://***@git.example.com/shop/fork.git, "
        "but Argo CD reads https://git.example.com/shop/gitops.git (repoURL); run: git remote set-url origin ADDRESS"
    )
    assert said.code == 0
    assert warning in said.out


def test_a_branch_that_origin_does_not_have_is_a_warning(say: Say, published: Path, git: Git) -> None:
    """As far as was fetched: nothing is asked over the network."""
    git(published, "update-ref", "-d", "refs/remotes/origin/main")
    said = say("doctor")
    assert said.code == 0
    assert "warning   branch          none is called main (targetRevision) here, and Argo CD reads that one" in said.out


def test_a_repository_without_origin(say: Say, published: Path, git: Git) -> None:
    """Is one that nothing can be pushed from yet."""
    git(published, "remote", "remove", "origin")
    said = say("doctor")
    assert said.code == 0
    assert "optional  origin          there is none, so nothing can be pushed; run: git remote add origin " in said.out


def _reads(root: Path, address: str) -> None:
    """Have Argo CD read another address."""
    page = root / "gitops.yaml"
    page.write_text(page.read_text().replace(load_gitops(root).repoURL, address))
