"""A person's own files that stand once, in `base/<name>/`, for all environments: copied, proven, told at their line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop, retire_cart

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead, Git

GITOPS = FILES["gitops.yaml"].replace("[dev]", "[dev, prod]")
SYSTEM = (
    FILES["systems/shop.yaml"]
    + "  prod: {cluster: prod, registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com, domain: example.com}\n"
)
PAGE = FILES["services/cart.yaml"] + "extraResources: [words.yaml]\npatches: [more.yaml]\n"
WORDS = """\
# What the shop says.
apiVersion: v1
kind: ConfigMap
metadata: {name: words, namespace: shop}
data: {greeting: hello}
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 3
"""
SHARED_WORDS, SHARED_PATCH = "base/cart/resources/words.yaml", "base/cart/patches/more.yaml"
DEV, PROD = "overlays/dev/cart", "overlays/prod/cart"


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop in two environments whose cart has a resource and a patch in its base, there before any release."""
    root = make_shop(tmp_path, gitops=GITOPS, systems__shop=SYSTEM, services__cart=PAGE)
    for path, text in {
        "environments/prod.yaml": "production: false\n",
        "clusters/prod.yaml": 'region: eu-west-1\naccount: "111122224444"\n',
        SHARED_WORDS: WORDS,
        SHARED_PATCH: PATCH,
    }.items():
        write(root, path, text)
    for environment in ("dev", "prod"):
        answer = fairlead("bump", "cart", "--env", environment, "--tag", "1.0", root=root)
        assert answer.code == 0, answer.text
    answer = fairlead("generate", root=root)
    assert answer.code == 0, answer.text
    return root


def write(root: Path, path: str, text: str) -> None:
    """Write a file and the folders above it."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def contents(root: Path, *folders: str) -> dict[str, bytes]:
    """Return every file below `folders`."""
    paths = (path for folder in folders for path in (root / folder).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def told(answer: Answer, rule: str) -> list[str]:
    """Return the lines of an answer about one rule."""
    return [line for line in answer.text.splitlines() if f" {rule}: " in line]


def test_what_a_file_of_the_base_does_is_told_at_its_own_line_for_each_environment(
    shop: Path, fairlead: Fairlead
) -> None:
    """The copies are not what a person edits."""
    answer = fairlead("validate", "--own", root=shop)

    assert answer.code == 0, answer.text
    assert told(answer, "OWN001") == [
        f"{SHARED_PATCH}:5:13: info OWN001: changes spec.replicas from 2 to 3 [dev, prod Deployment/shop/cart]",
        f"{SHARED_WORDS}:2:1: info OWN001: adds this object [dev, prod ConfigMap/shop/words]",
    ]


def test_a_change_of_the_base_reaches_every_environment(shop: Path, fairlead: Fairlead) -> None:
    """By `generate`, which a check asks for."""
    write(shop, SHARED_WORDS, WORDS.replace("hello", "good day"))

    assert fairlead("generate", "--check", root=shop).code == 1
    assert fairlead("generate", root=shop).code == 0
    for overlay in (DEV, PROD):
        assert "good day" in (shop / overlay / "resources/words.yaml").read_text(encoding="utf-8")


def test_an_environment_has_its_own_version_once_the_first_line_of_the_copy_is_gone(
    shop: Path, fairlead: Fairlead
) -> None:
    """The other environment and the base stay byte-equal."""
    before = contents(shop, DEV, "base")
    write(shop, f"{PROD}/resources/words.yaml", WORDS.replace("hello", "bonjour"))

    assert fairlead("generate", root=shop).code == 0
    write(shop, SHARED_WORDS, WORDS.replace("hello", "good day"))
    assert fairlead("generate", root=shop).code == 0

    assert "bonjour" in (shop / PROD / "resources/words.yaml").read_text(encoding="utf-8")
    after = contents(shop, DEV, "base")
    assert {path for path in after if after[path] != before.get(path)} == {
        SHARED_WORDS,
        f"{DEV}/resources/words.yaml",
    }
    assert f"{PROD}/resources/words.yaml:2:1" in "".join(told(fairlead("validate", "--own", root=shop), "OWN001"))


def test_an_edit_of_a_copy_is_refused_and_says_where_it_belongs(shop: Path, fairlead: Fairlead) -> None:
    """It would be gone with the next change of the base."""
    copy = shop / DEV / "patches/more.yaml"
    copy.write_text(copy.read_text(encoding="utf-8").replace("3", "5"), encoding="utf-8")

    answer = fairlead("generate", "--check", root=shop)

    assert answer.code == 1
    assert (
        f"a change meant to stay belongs in {SHARED_PATCH} (all environments), or take out the first line here "
        "(this one alone)"
    ) in answer.text


def test_an_environment_may_leave_a_file_of_the_base_out(shop: Path, fairlead: Fairlead) -> None:
    """Its list replaces the page's, as everywhere; the copy goes."""
    write(shop, "services/cart.yaml", PAGE + "environments: {dev: {extraResources: [], patches: []}}\n")

    assert fairlead("generate", root=shop).code == 0

    assert not (shop / DEV / "resources").exists() or not list((shop / DEV / "resources").iterdir())
    assert (shop / PROD / "resources/words.yaml").exists()
    assert (shop / SHARED_WORDS).exists()
    assert fairlead("validate", root=shop).code == 0


def test_a_bump_is_one_line_beside_files_of_the_base(shop: Path, fairlead: Fairlead) -> None:
    """And the proof of it builds with the copies."""
    before = contents(shop, "base", "overlays")

    answer = fairlead("bump", "cart", "--env", "dev", "--tag", "1.1", root=shop)

    assert answer.code == 0, answer.text
    after = contents(shop, "base", "overlays")
    changed = [path for path in after if after[path] != before[path]]
    assert changed == [f"{DEV}/kustomization.yaml"]
    lines = zip(before[changed[0]].splitlines(), after[changed[0]].splitlines(), strict=True)
    assert [new for old, new in lines if old != new] == [b'  newTag: "1.1"']


def test_a_file_of_the_base_that_no_page_lists_is_a_stray(shop: Path, fairlead: Fairlead) -> None:
    """It is told, never deleted."""
    write(shop, "base/cart/resources/forgotten.yaml", WORDS)

    answer = fairlead("generate", root=shop)

    assert answer.code == 1
    assert "base/cart/resources/forgotten.yaml:1:1: error KUS004: not rendered by fairlead, and no page lists it" in (
        answer.text
    )
    assert (shop / "base/cart/resources/forgotten.yaml").exists()


def test_a_file_of_the_base_for_one_environment_alone_is_no_stray(shop: Path, fairlead: Fairlead) -> None:
    """Listed is listed, also by an environment that has no release yet."""
    write(shop, "base/cart/resources/later.yaml", WORDS.replace("name: words", "name: later"))
    write(shop, "gitops.yaml", GITOPS.replace("prod]", "prod, later]"))
    write(shop, "systems/shop.yaml", SYSTEM + "  later: {cluster: dev}\n")
    write(shop, "environments/later.yaml", "production: false\n")
    write(shop, "services/cart.yaml", PAGE + "environments: {later: {extraResources: [later.yaml]}}\n")

    answer = fairlead("generate", root=shop)

    assert answer.code == 0, answer.text
    assert not (shop / DEV / "resources/later.yaml").exists()


def test_a_copy_moved_into_the_base_is_refused_before_it_could_be_deleted(shop: Path, fairlead: Fairlead) -> None:
    """Its first line would make it ours."""
    copy = shop / DEV / "resources/words.yaml"
    write(shop, SHARED_WORDS, copy.read_text(encoding="utf-8"))

    answer = fairlead("generate", root=shop)

    assert answer.code == 2
    assert f"{SHARED_WORDS}:1:1: error KUS004: the first line says that this file is rendered" in answer.text
    assert answer.text.count("KUS004") == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: &a [x]\nb: &b [*a, *a]\n" + "c: [*b" + ", *b" * 400_000 + "]\n", "SPC002"),
        (
            WORDS.replace("name: words,", 'name: words, annotations: {config.kubernetes.io/local-config: "true"},'),
            "KUS",
        ),
        (WORDS.replace("hello", "gr\udcfc\udcdf"), "SPC005"),
    ],
    ids=["too much", "kustomize's own annotation", "no UTF-8"],
)
def test_a_hostile_file_of_the_base_is_told_once_and_before_any_build(
    shop: Path, fairlead: Fairlead, text: str, rule: str
) -> None:
    """At its own path, not once an environment."""
    (shop / SHARED_WORDS).write_bytes(text.encode(errors="surrogateescape"))

    answer = fairlead("generate", root=shop)

    lines = [line for line in answer.text.splitlines() if ": error " in line]
    assert answer.code == 2
    assert len(lines) == 1, answer.text
    assert lines[0].startswith(f"{SHARED_WORDS}:")
    assert f"error {rule}" in lines[0]


def test_a_resource_of_the_base_that_is_not_built_is_an_error_at_its_line(shop: Path, fairlead: Fairlead) -> None:
    """A patch that deletes it, for one."""
    write(shop, SHARED_PATCH, "$patch: delete\n" + WORDS)
    assert fairlead("generate", root=shop).code == 0

    answer = fairlead("validate", root=shop)

    assert answer.code == 1
    assert {line.partition(": error")[0] for line in told(answer, "PRF001")} == {f"{SHARED_WORDS}:2:1"}


def test_a_retired_service_takes_its_files_of_the_base_along(
    shop: Path, fairlead: Fairlead, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of `base/<name>/` goes."""
    shown, answer = retire_cart(shop, fairlead, git, monkeypatch)

    assert answer.code == 0, answer.text + shown.text
    assert contents(shop, "base/cart", DEV, PROD) == {}
    assert fairlead("generate", "--check", root=shop).code == 0
