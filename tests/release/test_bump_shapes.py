"""A bump changes the line of the tag and not one byte beside it, however the kustomization is written.

Each folder in `shapes/` is one way of writing: `before.yaml` and, after the bump, `after.yaml`; `# HEADER` stands for
the header of rendered files.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.paths import HEADER
from tests.prove.shop import make_shop

if TYPE_CHECKING:
    from tests.conftest import Fairlead, Git

SHAPES = Path(__file__).parent / "shapes"
OVERLAY = "overlays/dev/cart/kustomization.yaml"
DIGEST = f"sha256:{'fedcba9876543210' * 4}"

# What is bumped to, where it is not just another tag.
RELEASES = {
    "digest": ["--digest", DIGEST],
    "tag-with-digest": ["--tag", "1.5.0", "--digest", DIGEST],
    "tag-and-digest": ["--tag", "1.5.0", "--digest", DIGEST],
}


def read_shape(shape: str) -> tuple[bytes, bytes]:
    """Return a way of writing, before and after the bump."""
    files = (SHAPES / shape / f"{name}.yaml" for name in ("before", "after"))
    before, after = (path.read_bytes().replace(b"# HEADER", HEADER.rstrip().encode()) for path in files)
    return before, after


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, fairlead: Fairlead, git: Git) -> Path:
    """Return a shop that runs cart in dev, all of it committed. Not to be written to."""
    root = make_shop(tmp_path_factory.mktemp("released"))
    git(root, "init", "--quiet", "--initial-branch=main")
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.4.2", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=Released")
    return root


@pytest.fixture
def shop(released: Path, tmp_path: Path) -> Path:
    """Return a shop of one's own."""
    return Path(shutil.copytree(released, tmp_path / "shop"))


@pytest.mark.parametrize("shape", sorted(path.name for path in SHAPES.iterdir() if path.is_dir()))
def test_a_bump_changes_one_line(shop: Path, fairlead: Fairlead, git: Git, shape: str) -> None:
    """Git counts one line for each value that moves, every other byte is what it was, and the build proves it."""
    before, after = read_shape(shape)
    (shop / OVERLAY).write_bytes(before)
    git(shop, "commit", "--quiet", "--all", "--allow-empty", f"--message={shape}")
    release = RELEASES.get(shape, ["--tag", "1.5.0"])
    answer = fairlead("bump", "cart", "--env", "dev", *release, root=shop)
    assert answer.code == 0, answer.text
    assert (shop / OVERLAY).read_bytes() == after
    lines = 2 if shape == "tag-and-digest" else 1
    assert git(shop, "diff", "--numstat") == f"{lines}\t{lines}\t{OVERLAY}\n"
