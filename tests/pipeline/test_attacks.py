"""What a hostile or unlucky change must not achieve: a green proof of something else, or somebody's work lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator.disk.state import state_folder
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

DEV = "overlays/dev/frontend"
DIGEST = "sha256:" + "a" * 64


def run(root: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start fairlead in a process of its own."""
    argv = [sys.executable, "-m", "generator", *arguments, "--root", os.fspath(root)]
    return subprocess.Popen(argv, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


# Lost work


def test_bumps_of_one_file_at_once_lose_nothing(repository: Path) -> None:
    """Two images of one overlay, bumped by eight processes at the same moment: both tags arrive."""
    images = ("coffeemesh-orders=1.0.1", "coffeemesh-orders-migrations=1.0.2")
    started = [
        run(repository, "bump", "orders-service", "--env", "dev", "--image", image)
        for image in images
        for _ in range(4)
    ]
    said = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0] * 8, said
    text = (repository / "overlays/dev/orders-service/kustomization.yaml").read_text(encoding="utf-8")
    assert 'newTag: "1.0.1"' in text
    assert 'newTag: "1.0.2"' in text


def test_a_generate_beside_a_bump_keeps_the_bump(repository: Path) -> None:
    """Whoever is second reads again: the record is never set back."""
    page = repository / "services/frontend.yaml"
    page.write_text(page.read_text(encoding="utf-8") + "  dev: {podDisruptionBudget: {maxUnavailable: 1}}\n")
    started = [run(repository, "generate"), run(repository, "bump", "frontend", "--env", "dev", "--tag", "9.9.9")]
    said = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    text = (repository / DEV / "kustomization.yaml").read_text(encoding="utf-8")
    assert 'newTag: "9.9.9"' in text
    assert "- poddisruptionbudget.yaml" in text


def test_a_bump_touches_nothing_but_the_record(repository: Path, fairlead: Fairlead) -> None:
    """Even when the entry changes its shape, somebody's uncommitted edit beside it stays."""
    ingress = repository / DEV / "ingress.yaml"
    edited = ingress.read_bytes() + b"# my note\n"
    ingress.write_bytes(edited)
    assert fairlead("bump", "frontend", "--env", "dev", "--digest", DIGEST, root=repository).code == 0
    assert ingress.read_bytes() == edited
    assert f'digest: "{DIGEST}"' in (repository / DEV / "kustomization.yaml").read_text(encoding="utf-8")


def test_a_digest_is_that_of_one_image(repository: Path, fairlead: Fairlead) -> None:
    """Two images cannot have one digest, so a bump of both with one is refused."""
    answer = fairlead("bump", "orders-service", "--env", "dev", "--digest", DIGEST, root=repository)
    assert answer.code == 2
    assert "one digest cannot be that of coffeemesh-orders and coffeemesh-orders-migrations" in answer.stderr


def test_state_never_comes_from_the_work_tree(fresh: Path, fairlead: Fairlead, tmp_path: Path) -> None:
    """Links and verdicts that a pull request brings along are neither read nor followed."""
    victim = tmp_path / "victim"
    victim.write_text("precious\n", encoding="utf-8")
    (fresh / ".fairlead").mkdir()
    for name in ("journal.json", ".gitignore", "proven.cache", ".fairlead-journal.json"):
        (fresh / ".fairlead" / name).symlink_to(victim)
    page = fresh / "services/frontend.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace("replicas: 4", "replicas: 5"), encoding="utf-8")
    assert fairlead("generate", root=fresh).code == 0
    assert fairlead("validate", root=fresh).code == 0
    assert victim.read_text(encoding="utf-8") == "precious\n"
    assert state_folder(fresh) == fresh / ".git" / "fairlead" / "top"


LINKED = (
    *(("validate",), ("generate",), ("doctor",), ("status",), ("history",), ("tools", "list"), ("argocd", "plan")),
    *(("argocd", "bootstrap"), ("publish",), ("bump", "frontend", "--env", "dev", "--tag", "1.0.0", "--push")),
)


@pytest.mark.parametrize("command", LINKED, ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("page", ["gitops.yaml", "services/frontend.yaml", "environments/dev.yaml"])
def test_a_link_shows_nothing_of_what_it_leads_to(
    repository: Path, fairlead: Fairlead, tmp_path: Path, command: tuple[str, ...], page: str
) -> None:
    """A complaint quotes what stands in a page; a file of the machine is none, whatever a pull request links to it."""
    (tmp_path / "victim").write_text("precious value\n", encoding="utf-8")
    (repository / page).unlink()
    (repository / page).symlink_to(tmp_path / "victim")
    answer = fairlead(*command, root=repository)
    assert "precious" not in answer.text
    assert "Traceback" not in answer.text


# A green proof of something else


def test_what_is_not_rendered_fails(repository: Path, fairlead: Fairlead) -> None:
    """Keys of the outermost kustomization, which no wrapper shows, change what plain kustomize prints."""
    path = repository / DEV / "kustomization.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "buildMetadata:\n- managedByLabel\n", encoding="utf-8")
    answer = fairlead("validate", root=repository)
    assert answer.code == 1
    assert f"{DEV}/kustomization.yaml" in answer.stdout


def test_objects_do_not_move_between_overlays_unseen(repository: Path, fairlead: Fairlead) -> None:
    """The right objects in the wrong overlays are wrong, though their union is right."""
    shared, own = repository / "overlays/dev/thoughts", repository / DEV
    shutil.copy(repository / "base/frontend/service.yaml", shared / "svc.yaml")
    shutil.copy(shared / "namespace.yaml", own / "ns.yaml")
    listing = (shared / "kustomization.yaml").read_text(encoding="utf-8")
    (shared / "kustomization.yaml").write_text(listing.replace("namespace.yaml", "svc.yaml"), encoding="utf-8")
    listing = (own / "kustomization.yaml").read_text(encoding="utf-8")
    moved = listing.replace("patches:\n", "- ns.yaml\npatches:\n- path: gone.yaml\n")
    (own / "kustomization.yaml").write_text(moved, encoding="utf-8")
    gone = "apiVersion: v1\nkind: Service\nmetadata: {name: frontend-service, namespace: example}\n$patch: delete\n"
    (own / "gone.yaml").write_text(gone, encoding="utf-8")
    answer = fairlead("validate", root=repository)
    assert answer.code == 1
    assert "Namespace/example" in answer.stdout


def test_a_foreign_base_is_no_base(repository: Path, fairlead: Fairlead) -> None:
    """A verdict holds for what the overlay reaches: a copy of the base is refused, before and after it changes."""
    shutil.copytree(repository / "base/frontend", repository / "base/frontend2")
    path = repository / DEV / "kustomization.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("base/frontend", "base/frontend2"), encoding="utf-8")
    assert fairlead("validate", root=repository).code == 1
    shutil.rmtree(repository / "base/frontend2")
    assert fairlead("validate", root=repository).code == 1


@pytest.mark.parametrize("page", ["system: nope\n", "env: [\n", "system: thoughts\nimagee: x\n"])
def test_a_broken_page_without_an_overlay_fails(repository: Path, fairlead: Fairlead, page: str) -> None:
    """A service that is released nowhere is looked at all the same, in warm runs too."""
    assert fairlead("validate", root=repository).code == 0
    (repository / "services/new.yaml").write_text(page, encoding="utf-8")
    answer = fairlead("validate", root=repository)
    assert answer.code == 2
    assert answer.stderr.startswith("services/new.yaml:")


def test_a_page_named_like_a_kustomization_is_no_record(repository: Path, fairlead: Fairlead) -> None:
    """Only an overlay's own kustomization holds release values; a page's `newTag` is a value like any other."""
    page = repository / "services/kustomization.yaml"
    text = "system: thoughts\nimage: x\nport: 80\nenv:\n  newTag: {}\n"
    page.write_text(text.format('"one"'), encoding="utf-8")
    assert fairlead("generate", root=repository).code == 0
    page.write_text(text.format('"two"'), encoding="utf-8")
    assert fairlead("generate", "--check", root=repository).code == 1


def test_a_failed_tool_leaves_no_verdict(
    fresh: Path, fairlead: Fairlead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kustomize that is killed is an environment that fails, not a repository that is wrong, now or later."""
    fake = tmp_path / "bin" / "kustomize"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\n[ "$1" = version ] && echo v5.8.1 && exit 0\nkill -9 $$\n', encoding="utf-8")
    fake.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setattr("generator.build.wrapper.program", lambda tool, version: fake)  # noqa: ARG005  # its shape
        assert fairlead("validate", root=fresh).code == 3
    assert fairlead("validate", root=fresh).code == 0


def test_a_kept_verdict_is_that_of_the_files_on_disk(fresh: Path, fairlead: Fairlead, git: Git) -> None:
    """Broken and mended again: each state has its own answer, however often they change."""
    path = fresh / "base/frontend/deployment.yaml"
    for _ in range(2):
        path.write_text(path.read_text(encoding="utf-8").replace("replicas: 4", "replicas: 0"), encoding="utf-8")
        assert fairlead("validate", root=fresh).code == 1
        git(fresh, "checkout", "--quiet", "--", "base")
        assert fairlead("validate", root=fresh).code == 0


# Pages that forget


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("system: thoughts\nport: 80\n", "services/new.yaml:2:7: error SPC008: 'port' needs an image"),
        (
            "system: thoughts\ncronJobs:\n  nightly: {schedule: 0 3 * * *}\n",
            "services/new.yaml:3:12: error SPC008: the job needs an image",
        ),
        (
            "system: thoughts\nimage: x\nport: 80\nsuppress:\n- {rule: WRK888, reason: because of reasons}\n",
            "services/new.yaml:5:10: error SPC008: there is no rule WRK888",
        ),
        (
            "system: thoughts\nimage: x\nport: 80\nsuppress:\n- {rule: PRF001, reason: because of reasons}\n",
            "services/new.yaml:5:10: error SPC008: PRF001 cannot be suppressed",
        ),
    ],
)
def test_a_page_that_forgets_is_told(repository: Path, fairlead: Fairlead, page: str, expected: str) -> None:
    """What could never work is refused at its line, not rendered without it."""
    (repository / "services/new.yaml").write_text(page, encoding="utf-8")
    answer = fairlead("generate", root=repository)
    assert answer.code == 2
    assert expected in answer.stderr


def test_one_object_has_one_owner(repository: Path, fairlead: Fairlead) -> None:
    """A page that renders another page's Deployment is named, with the overlay that has it already."""
    text = (repository / "services/frontend.yaml").read_text(encoding="utf-8")
    (repository / "services/twin.yaml").write_text(text + "name: frontend\n", encoding="utf-8")
    assert fairlead("bump", "twin", "--env", "dev", "--tag", "1.0", root=repository).code == 0
    assert fairlead("generate", root=repository).code == 0
    answer = fairlead("validate", root=repository)
    assert answer.code == 1
    assert (
        "services/twin.yaml:1:1: error ARG002: overlays/dev/frontend renders Deployment/example/frontend too"
        in answer.stdout
    )
