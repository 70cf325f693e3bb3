"""Comments of a release record are a bot's or a person's: no verb deletes them, and none takes them for drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead, Git

RECORD = "overlays/dev/cart/kustomization.yaml"
MIGRATIONS = "migrations: {image: cart-migrations}\n"
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
IMAGES = f"""\
images:
# goes with cart
- name: cart-migrations
  newName: "{REGISTRY}/cart-migrations"
  # never alone
  newTag: "1.4.2"
# renovate: datasource=docker
- name: cart
  newName: "{REGISTRY}/cart"
  newTag: "1.4.2" # {{"$imagepolicy": "flux-system:cart:tag"}}
# last looked at in May
"""


class Shop:
    """A committed repository whose one service has two images, and comments in its record."""

    def __init__(self, root: Path, fairlead: Fairlead, git: Git) -> None:
        self.root, self._fairlead, self._git = root, fairlead, git
        make_shop(root, services__cart=FILES["services/cart.yaml"] + MIGRATIONS)
        git(root, "init", "--quiet", "--initial-branch=main")
        assert self("bump", "cart", "--env", "dev", "--tag", "1.4.2").code == 0
        assert self("generate").code == 0
        self.note(IMAGES)
        self.commit()

    def __call__(self, *arguments: str) -> Answer:
        """Run fairlead in it."""
        return self._fairlead(*arguments, root=self.root)

    def note(self, images: str) -> None:
        """Write the record's part of the kustomization, with a note above."""
        path = self.root / RECORD
        path.write_text(path.read_text().partition("images:")[0] + f"# pinned for INC-4711\n{images}")

    def commit(self) -> None:
        """Commit everything."""
        self._git(self.root, "add", "--all")
        self._git(self.root, "commit", "--quiet", "--message=As it is")

    def changed(self) -> list[str]:
        """Return the lines of the record that differ from the last commit."""
        diff = self._git(self.root, "diff", "--unified=0", "--", RECORD).splitlines()
        return [line for line in diff if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}]


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead, git: Git, kustomize: Path) -> Shop:
    """Return a repository of one's own."""
    assert kustomize.is_file()
    return Shop(tmp_path, fairlead, git)


def test_they_are_no_drift(shop: Shop) -> None:
    """Nothing to write, nothing to find."""
    assert shop("generate", "--check").code == 0
    assert shop("generate").code == 0
    assert shop.changed() == []


def test_a_render_keeps_them(shop: Shop) -> None:
    """Also where the file itself is rendered anew: an object more."""
    page = shop.root / "services/cart.yaml"
    page.write_text(
        page.read_text() + "environments:\n  dev: {autoscaling: {minReplicas: 2, maxReplicas: 4, cpu: 70}}\n"
    )
    answer = shop("generate")
    assert answer.code == 0, answer.text
    assert [line for line in shop.changed() if "#" in line] == []
    assert shop.changed() != []


def test_a_bump_keeps_them(shop: Shop) -> None:
    """It changes one line for each image, and what is rendered after it is the same."""
    assert shop("bump", "cart", "--env", "dev", "--tag", "1.5.0").code == 0
    marker = ' # {"$imagepolicy": "flux-system:cart:tag"}'
    old, new = '  newTag: "1.4.2"', '  newTag: "1.5.0"'
    assert shop.changed() == [f"-{old}", f"+{new}", f"-{old}{marker}", f"+{new}{marker}"]
    assert shop("generate", "--check").code == 0


def test_a_bots_own_style_is_tidied_around_them(shop: Shop) -> None:
    """Values in other quotes pass; every comment is where it was."""
    path = shop.root / RECORD
    path.write_text(path.read_text().replace(f'"{REGISTRY}/cart"', f"{REGISTRY}/cart").replace('"1.4.2"', "'1.4.2'"))
    assert shop("generate", "--check").code == 0
    assert shop("generate").code == 0
    assert shop.changed() == []


def test_an_image_that_leaves_the_page_takes_its_own_along(shop: Shop) -> None:
    """Those of the other stay."""
    page = shop.root / "services/cart.yaml"
    page.write_text(page.read_text().replace(MIGRATIONS, ""))
    answer = shop("generate")
    assert answer.code == 0, answer.text
    kept = IMAGES[IMAGES.index("# renovate") :]
    assert (shop.root / RECORD).read_text().endswith(f"# pinned for INC-4711\nimages:\n{kept}")


def test_an_image_that_comes_is_put_among_them(shop: Shop) -> None:
    """By a bump, whose entry `generate` leaves where the page has it."""
    page = shop.root / "services/cart.yaml"
    page.write_text(page.read_text() + "containers:\n  proxy: {image: cart-proxy}\n")
    assert shop("bump", "cart", "--env", "dev", "--image", "cart-proxy=2.0.0").code == 0
    answer = shop("generate")
    assert answer.code == 0, answer.text
    assert sorted(line for line in shop.changed() if "#" in line) == []


def test_a_hand_edit_beside_the_record_is_one_all_the_same(shop: Shop) -> None:
    """A comment elsewhere is refused, and nothing is written."""
    path = shop.root / RECORD
    text = path.read_text().replace("resources:", "# mine\nresources:")
    path.write_text(text)
    assert shop("generate").code == 1
    assert path.read_text() == text
