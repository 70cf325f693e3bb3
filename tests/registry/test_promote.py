"""`fairlead promote` from one registry to another, with a real git remote, two real registries, crane and skopeo."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.folders.trust import cache_directory
from tests.cli.depot import NEW_TAG, OLD_TAG, ONE, Depot, make_depot

from .images import PLATFORMS, digest_of, layer_of, pulled, push

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Fairlead, Git

    from .server import Server

AMAZON = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.fixture(scope="session")
def tools() -> Path:
    """Return the folder that kustomize is in; without a home it would be installed anew."""
    return cache_directory()


@pytest.fixture
def machine(tools: Path, client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put one client and what the machine has on the PATH, and say who commits."""
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", str(tools))
    monkeypatch.setenv("PATH", f"{client.parent}{os.pathsep}{os.defpath}{os.pathsep}/usr/local/bin")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Dana")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "dana@example.com")


@pytest.fixture
def depot(machine: None, tmp_path: Path, git: Git, fairlead: Fairlead) -> Depot:  # noqa: ARG001  # made first
    """Return a repository whose services wait for prod."""
    folder = tmp_path / "depot"
    folder.mkdir()
    make_depot(folder, git)
    return Depot(folder / "gitops.git", folder / "work", git, fairlead)


@pytest.fixture
def gated(depot: Depot, source: Server, target: Server) -> Callable[[str], Depot]:
    """Return the repository with a registry for each environment, and prod's gate for images."""

    def gated(mode: str) -> Depot:
        page = depot.root / "systems" / "shop.yaml"
        lines = page.read_text().splitlines(keepends=True)
        servers = {"dev": source, "staging": source, "prod": target}
        text = "".join(
            line.replace(AMAZON, servers[name].address) if (name := line.strip().partition(":")[0]) in servers else line
            for line in lines
        )
        page.write_text(text)
        assert depot("generate").code == 0
        depot.gates(f"{{image: {mode}}}")
        return depot

    return gated


def test_the_image_comes_before_the_commit(gated: Callable[[str], Depot], source: Server, target: Server) -> None:
    """All platforms are there under the same digest, both registries saw it, and prod has the tag."""
    digest = push(source.address, ONE, NEW_TAG)
    depot = gated("copy")

    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 0, answer.text
    assert depot.tag("prod") == NEW_TAG
    assert digest_of(target.address, ONE, NEW_TAG) == digest
    assert pulled(target.address, ONE, NEW_TAG) == {platform: layer_of(platform, b"one") for platform in PLATFORMS}
    assert source.asked(f"GET /v2/{ONE}/manifests/{digest} 200")
    assert target.asked(f"PUT /v2/{ONE}/manifests/{NEW_TAG} 201")


def test_a_tag_that_names_another_image_is_never_overwritten(
    gated: Callable[[str], Depot], source: Server, target: Server
) -> None:
    """Refused by the gate; neither the registry nor the branch has changed."""
    push(source.address, ONE, NEW_TAG)
    other = push(target.address, ONE, NEW_TAG, b"two")
    depot = gated("copy")
    refs, pushes = depot.refs(), target.pushes()

    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 5
    assert "WRK002" in answer.stderr
    assert digest_of(target.address, ONE, NEW_TAG) == other
    assert (depot.refs(), target.pushes()) == (refs, pushes)
    assert depot.tag("prod") == OLD_TAG


def test_a_gate_that_only_checks_copies_nothing(gated: Callable[[str], Depot], source: Server, target: Server) -> None:
    """The image is missing in prod's registry, and found in the other one: the message says so."""
    push(source.address, ONE, NEW_TAG)
    depot = gated("check")

    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 5
    assert f"prod/{ONE}: image: WRK002: " in answer.stderr
    assert target.pushes() == []


def test_a_dry_run_copies_nothing(gated: Callable[[str], Depot], source: Server, target: Server) -> None:
    """It says what it would do."""
    push(source.address, ONE, NEW_TAG)
    depot = gated("copy")

    answer = depot("promote", ONE, "--to", "prod", "--dry-run")

    assert answer.code == 0, answer.text
    assert target.pushes() == []
