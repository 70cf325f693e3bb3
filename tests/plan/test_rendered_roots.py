"""A rendered root is a value: with one more in the table, every command knows one more folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.layout.kustomization import rendered
from generator.layout.unit import Unit
from generator.roots import ARGOCD, ROOTS, BuildTarget, RenderedRoot, find_targets, instance_target, overlay_target
from generator.units import RENDERERS
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from tests.conftest import Fairlead, Git

# These lines add a root: what it is, and what renders it.
EKSCTL = RenderedRoot(folder="eksctl", pages=("gitops.yaml",), proven="text", reader="person", together=True)


def eksctl_unit(project: Project, _tree: Tree) -> Unit:
    """Render a file for each cluster, as eksctl reads it."""
    configs = {name: {"kind": "ClusterConfig", "metadata": {"name": name}} for name in project.clusters}
    return Unit(
        name="eksctl", files={f"eksctl/{name}.yaml": rendered(each) for name, each in configs.items()}, overlays=()
    )


@pytest.fixture
def with_eksctl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the root."""
    monkeypatch.setitem(ROOTS, "eksctl", EKSCTL)
    monkeypatch.setitem(RENDERERS, "eksctl", eksctl_unit)


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead, git: Git, with_eksctl: None) -> Path:  # noqa: ARG001  # the root is there
    """Return a committed shop of one released service on one of two clusters, with everything rendered."""
    root = make_shop(tmp_path, clusters__old=FILES["clusters/dev.yaml"])
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=state")
    return root


def test_its_files_are_written(shop: Path) -> None:
    """A page is enough, as for every other root."""
    assert "kind: ClusterConfig" in (shop / "eksctl/dev.yaml").read_text(encoding="utf-8")


def test_a_second_run_has_nothing_to_do(shop: Path, fairlead: Fairlead) -> None:
    """It is read, and what is as rendered is remembered and counted."""
    first, second = (fairlead("generate", root=shop).stdout for _ in range(2))
    assert first == second
    assert "nothing to do" in second


def test_its_drift_is_told(shop: Path, fairlead: Fairlead) -> None:
    """A file that somebody edited is not what the pages render."""
    (shop / "eksctl/dev.yaml").write_text("edited: true\n", encoding="utf-8")
    answer = fairlead("generate", "--check", root=shop)
    assert answer.code == 1
    assert "eksctl/dev.yaml:1:1: error KUS004: " in answer.stdout


def test_its_strays_are_told(shop: Path, fairlead: Fairlead) -> None:
    """A file that carries no header of ours is nobody's, and stays."""
    (shop / "eksctl/own.yaml").write_text("own: true\n", encoding="utf-8")
    answer = fairlead("generate", root=shop)
    assert "eksctl/own.yaml:1:1: error KUS004: not rendered by fairlead" in answer.stdout
    assert (shop / "eksctl/own.yaml").exists()


def test_what_no_page_renders_any_more_is_deleted(shop: Path, fairlead: Fairlead) -> None:
    """The file of a cluster whose page is gone."""
    (shop / "clusters/old.yaml").unlink()
    assert fairlead("generate", root=shop).code == 0
    assert sorted(path.name for path in (shop / "eksctl").iterdir()) == ["dev.yaml"]


def test_a_file_that_git_does_not_track_is_told(shop: Path, fairlead: Fairlead, git: Git) -> None:
    """With the folder that is to be added."""
    git(shop, "rm", "--quiet", "--cached", "eksctl/dev.yaml")
    answer = fairlead("generate", "--check", root=shop)
    assert "run `git add eksctl`" in answer.text


def test_no_overlay_is_built_from_it(shop: Path, fairlead: Fairlead) -> None:
    """Its text is its proof: kustomize is not asked."""
    assert "2 overlays built" in fairlead("validate", root=shop).stdout


def test_no_page_may_have_its_name(shop: Path, fairlead: Fairlead) -> None:
    """Both would be one unit."""
    (shop / "services/eksctl.yaml").write_text((shop / "services/cart.yaml").read_text("utf-8"), encoding="utf-8")
    answer = fairlead("generate", root=shop)
    assert "services/eksctl.yaml:1:1: error SPC007: 'eksctl' is taken" in answer.text


def test_every_whole_root_has_its_renderer() -> None:
    """Without one, `generate` would delete what stands there."""
    assert RENDERERS.keys() == {name for name, root in ROOTS.items() if root.together}


@pytest.mark.parametrize(
    ("path", "targets"),
    [
        ("overlays/dev/cart/kustomization.yaml", [overlay_target("dev", "cart")]),
        ("overlays/dev/cart/patches/own.yaml", [overlay_target("dev", "cart")]),
        ("overlays/dev/README.md", []),
        ("argocd/hub/root.yaml", [instance_target("hub")]),
        ("argocd/README.md", [instance_target("README.md")]),
        ("base/cart/deployment.yaml", []),
        ("services/cart.yaml", []),
    ],
)
def test_the_targets_of_a_path(path: str, targets: list[BuildTarget]) -> None:
    """What stands directly in the root of Argo CD counts as an instance that no page has."""
    assert [*find_targets([path])] == targets


@pytest.mark.parametrize(
    ("target", "path", "rendered_with"),
    [(overlay_target("dev", "cart"), "overlays/dev/cart", "cart"), (instance_target("hub"), "argocd/hub", ARGOCD)],
)
def test_a_target_knows_its_folder_and_its_unit(target: BuildTarget, path: str, rendered_with: str) -> None:
    """All instances of Argo CD are rendered together."""
    assert (target.path, target.rendered_with) == (path, rendered_with)
