"""`fairlead argocd plan --commit` and `--base`: everything comes from the commit, gitops.yaml too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.build import wrapper
from generator.tools.pins import kustomize_version_for
from generator.tools.program import program
from tests.preview.hub import GITOPS, config_map, job, overlay, shop

if TYPE_CHECKING:
    from pathlib import Path

    from generator.tools.pins import Tool
    from tests.preview.conftest import Shop

OLD, NEW = "3.3.0", "3.5.7"
BROKEN = GITOPS + "enviroments: [dev]\n"
COMPLAINT = "gitops.yaml:5:1: error SPC008: unknown key 'enviroments'"


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the version of each kustomize that builds, and let the one that is here stand for every version."""
    asked: list[str] = []

    def noted(tool: Tool, version: str) -> Path:
        asked.append(version)
        return program(tool, kustomize_version_for(NEW))

    monkeypatch.setattr(wrapper, "program", noted)
    return asked


def commit_of(shop: Shop, revision: str = "HEAD") -> str:
    """Return the short id of a commit."""
    return shop.git(shop.root, "rev-parse", revision)[:12]


def test_each_side_is_built_with_the_kustomize_of_its_own_gitops_yaml(empty: Shop, versions: list[str]) -> None:
    """A change of Argo CD's version may change what is built."""
    empty.put({**shop(), "gitops.yaml": GITOPS.replace(NEW, OLD)})
    empty.commit()
    empty.put({"gitops.yaml": GITOPS, **overlay("web", config_map("web"), config_map("more"))})
    empty.plan("--base", "HEAD")
    assert versions == [kustomize_version_for(NEW), kustomize_version_for(OLD)]
    versions.clear()
    empty.plan("--commit", "HEAD")
    assert versions == [kustomize_version_for(OLD)]


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize("text", [BROKEN, "[", None])
def test_a_commit_is_planned_whatever_lies_in_the_working_tree(empty: Shop, text: str | None) -> None:
    """A broken gitops.yaml beside it, or none."""
    empty.put(shop())
    empty.commit()
    expected = empty.plan("--commit", "HEAD")
    empty.drop("gitops.yaml")
    empty.put({} if text is None else {"gitops.yaml": text})
    assert empty.plan("--commit", "HEAD") == expected


def test_a_commit_whose_gitops_yaml_is_broken_is_not_planned(empty: Shop) -> None:
    """Its place is named as git names it, whether it is what is planned or what that is compared with."""
    empty.put({**shop(), "gitops.yaml": BROKEN})
    empty.commit()
    empty.put(shop())
    for option in ("--commit", "--base"):
        code, said = empty.argocd("plan", option, "HEAD")
        assert (code, said.startswith(f"{commit_of(empty)}:{COMPLAINT}")) == (2, True), said
    assert empty.argocd("plan")[0] == 0


def test_a_commit_of_an_argo_cd_that_is_not_known_is_not_compared_with(empty: Shop) -> None:
    """Nobody can tell what it built: exit 3."""
    empty.put({**shop(), "gitops.yaml": GITOPS.replace(NEW, "2.9.0")})
    empty.commit()
    empty.put(shop())
    code, said = empty.argocd("plan", "--base", "HEAD")
    assert (code, said.startswith(f"commit {commit_of(empty)}: Argo CD 2.9.0: not known")) == (3, True), said


def test_a_commit_without_gitops_yaml_is_not_planned(empty: Shop) -> None:
    """Nor compared with, where it has instances of Argo CD: nobody knows what built them."""
    empty.put(shop())
    empty.drop("gitops.yaml")
    empty.commit()
    empty.put(shop())
    commit = commit_of(empty)
    said = f"commit {commit} has no gitops.yaml in this folder or in any above it\n"
    assert empty.argocd("plan", "--commit", "HEAD") == (2, said)
    code, said = empty.argocd("plan", "--base", "HEAD")
    assert (code, said.startswith(f"{commit}:gitops.yaml:1:1: error SPC009: the file is missing")) == (2, True), said


@pytest.mark.parametrize("before", [{"README.md": "Ours\n"}, {"gitops.yaml": BROKEN}])
def test_against_a_commit_without_instances_everything_is_new(empty: Shop, before: dict[str, str]) -> None:
    """What its gitops.yaml says has nothing to be applied to."""
    empty.put(before)
    empty.commit()
    empty.put(shop())
    assert all(each["new"] for each in empty.plan("--base", "HEAD")["applications"])


def test_a_broken_file_of_the_base_is_named_as_that_of_the_base(empty: Shop) -> None:
    """The one in the working tree is sound."""
    empty.put({**shop(), "argocd/hub/2.yaml": "kind: [\n"})
    empty.commit()
    empty.put(shop())
    code, said = empty.argocd("plan", "--base", "HEAD")
    assert (code, said.startswith(f"{commit_of(empty)}:argocd/hub/2.yaml:")) == (2, True), said


def test_a_commit_in_which_the_repository_is_a_folder(empty: Shop) -> None:
    """The folder is looked for in the commit, from where one stands upwards; a commit before it had it is empty."""
    empty.put({"README.md": "Ours\n"})
    empty.commit()
    empty.put({f"gitops/{path}": text for path, text in shop().items()})
    empty.commit()
    below = type(empty)(empty.root / "gitops" / "overlays" / "dev", empty.git)
    (empty.root / "gitops/gitops.yaml").unlink()
    assert "dev-web" in below.plan("--commit", "HEAD")
    assert below.plan("--commit", "HEAD", "--base", "HEAD~1")["dev-web"]["new"]
    code, said = empty.argocd("plan", "--commit", "HEAD")
    assert (code, "has no gitops.yaml in this folder" in said) == (2, True)


def test_a_commit_that_is_not_here(empty: Shop) -> None:
    """It must not pass for an empty one."""
    empty.put(shop())
    empty.commit()
    code, said = empty.argocd("plan", "--commit", "f" * 40)
    assert (code, said.startswith(f"--commit {'f' * 40}: ")) == (3, True), said


def test_a_commit_without_instances(empty: Shop) -> None:
    """`fairlead generate` would not help it."""
    empty.put({"gitops.yaml": GITOPS})
    empty.commit()
    said = f"no argocd/<instance>/kustomization.yaml in commit {commit_of(empty)}\n"
    assert empty.argocd("plan", "--commit", "HEAD") == (2, said)


def test_a_shallow_clone_says_what_to_fetch(empty: Shop, tmp_path: Path) -> None:
    """It cannot tell where HEAD left the base."""
    empty.put(shop())
    empty.commit()
    empty.git(empty.root, "branch", "old")
    empty.put(overlay("web", config_map("web"), config_map("more")))
    empty.commit()
    clone = tmp_path / "clone"
    url = f"file://{empty.root}"
    empty.git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", url, str(clone))
    shallow = type(empty)(clone, empty.git)
    assert shallow.argocd("plan")[0] == 0
    assert shallow.argocd("plan", "--base", "origin/old") == (
        3,
        "--base origin/old: it shares no commit with HEAD; this clone is shallow: run `git fetch --unshallow`\n",
    )


def test_a_checkout_with_other_ends_of_lines_changes_nothing(empty: Shop, tmp_path: Path) -> None:
    """Git may have written CRLF: the commit has none, and so it is planned and compared."""
    empty.put(shop())
    empty.commit()
    clone = tmp_path / "clone"
    empty.git(tmp_path, "-c", "core.autocrlf=true", "clone", "--quiet", str(empty.root), str(clone))
    empty.git(clone, "config", "core.autocrlf", "true")
    assert b"\r\n" in (clone / "overlays/dev/web/0.yaml").read_bytes()
    found = type(empty)(clone, empty.git).plan("--base", "HEAD")
    assert [
        each["name"] for each in found["applications"] if each["changed"] or each["created"] or each["pruned"]
    ] == []


def test_a_job_whose_template_changed_runs_again(empty: Shop) -> None:
    """Argo CD replaces one with Force=true; a changed label is applied, and a hook runs at each sync anyway."""
    force, hook = {"sync__options": "Force=true"}, {"hook": "Sync"}
    empty.put({**shop(), **overlay("web", job("a", "1", **force), job("b", "1", **force), job("c", "1", **hook))})
    empty.commit()
    empty.put(overlay("web", job("a", "2", **force), job("b", "1", "store", **force), job("c", "2", **hook)))
    found = empty.plan("--base", "HEAD")["dev-web"]
    assert [each["name"] for each in found["changed"]] == ["a", "b", "c"]
    assert [each["name"] for each in found["runsAgain"]] == ["a"]
    said = empty.argocd("plan", "--base", "HEAD")[1]
    line = "dev-web: Job/shop/a runs again: its pod template changed, so Argo CD replaces it\n"
    assert (line in said, said.count("runs again")) == (True, 1)
