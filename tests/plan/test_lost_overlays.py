"""A service never vanishes from an environment silently: it was retired, or the commit is refused (DIF001)."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from generator.tools import process
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead, Git

ORDERS = "services/orders-service.yaml"
OVERLAY = "overlays/prod/orders-service"
COMMANDS = ["generate --check", "generate", "validate"]


def replace(root: Path, path: str, old: str, new: str) -> None:
    """Edit a page as a person does."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def shut_out(root: Path) -> None:
    """Write `prod: false` on the page by hand."""
    replace(root, ORDERS, "  prod:\n    replicas: 2\n", "  prod: false\n")


def commit(git: Git, root: Path, message: str = "By hand") -> None:
    """Commit everything, past any hook."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--no-verify", "--allow-empty", f"--message={message}")


def findings(answer: Answer) -> list[str]:
    """Return the lines that DIF001 says."""
    return [line for line in answer.text.splitlines() if "error DIF001: " in line]


# By hand instead of by `retire`


@pytest.mark.parametrize("command", COMMANDS)
def test_an_environment_shut_out_by_hand(repository: Path, fairlead: Fairlead, git: Git, command: str) -> None:
    """The overlay is still there, and would go: the line of the page is named, nothing is deleted."""
    shut_out(repository)
    answer = fairlead(*command.split(), root=repository)
    assert answer.code != 0
    (found,) = findings(answer)
    assert found.startswith(
        f"{ORDERS}:31:3: error DIF001: the page shuts prod out, and the last commit has prod/orders"
    )
    assert "coffeemesh-orders 1.0" in found
    assert "; run `fairlead retire orders-service --env prod`" in found
    assert git(repository, "status", "--porcelain").splitlines() == [f" M {ORDERS}"]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_overlay_that_is_gone_as_well(repository: Path, fairlead: Fairlead, command: str) -> None:
    """What `retire` needs and the disk lacks has to be brought back first."""
    shut_out(repository)
    shutil.rmtree(repository / OVERLAY)
    (found,) = findings(fairlead(*command.split(), root=repository))
    assert f"run `git checkout HEAD -- {OVERLAY}`, then `fairlead retire orders-service --env prod`" in found


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_that_is_gone(repository: Path, fairlead: Fairlead, command: str) -> None:
    """Every environment that loses the service is named, not only the first."""
    (repository / ORDERS).unlink()
    found = findings(fairlead(*command.split(), root=repository))
    assert [line.partition(" has ")[2].partition(" ")[0] for line in found] == [
        "dev/orders-service", "local/orders-service", "prod/orders-service", "staging/orders-service",
    ]  # fmt: skip
    assert all(line.startswith(f"{ORDERS}:1:1: error DIF001: the page is gone, and ") for line in found)
    assert all(line.endswith("run `fairlead retire orders-service`") for line in found)


def test_a_service_that_is_gone_altogether(repository: Path, fairlead: Fairlead) -> None:
    """Everything that `retire` needs is named in one command."""
    (repository / ORDERS).unlink()
    for folder in ("base", "overlays/dev", "overlays/staging", "overlays/prod", "overlays/local"):
        shutil.rmtree(repository / folder / "orders-service")
    found = findings(fairlead("generate", "--check", root=repository))
    assert (
        f"run `git checkout HEAD -- {ORDERS} base/orders-service {OVERLAY}`, then `fairlead retire orders-s" in found[2]
    )


def test_a_system_that_drops_an_environment(repository: Path, fairlead: Fairlead) -> None:
    """The place is the system's: there somebody took it away."""
    system = repository / "systems/coffeemesh.yaml"
    lines = system.read_text(encoding="utf-8").splitlines(keepends=True)
    start = lines.index("  staging:\n")
    system.write_text("".join(lines[:start] + lines[lines.index("  prod:\n") :]), encoding="utf-8")
    (found,) = findings(fairlead("generate", root=repository))
    assert found.startswith("systems/coffeemesh.yaml:5:1: error DIF001: system coffeemesh has no staging, and ")


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead, git: Git) -> Path:
    """Return a shop with `cart` released in dev and in qa, committed on main."""
    root = make_shop(
        tmp_path / "shop",
        gitops=FILES["gitops.yaml"].replace("[dev]", "[dev, qa]"),
        environments__qa="production: false\n",
        systems__shop=FILES["systems/shop.yaml"] + "  qa: {cluster: dev, registry: registry.example.com}\n",
        services__cart=FILES["services/cart.yaml"] + "environments: {qa: {namespace: shop-qa}}\n",
    )
    replace(root, "systems/shop.yaml", "{shop: {}}", "{shop: {}, shop-qa: {}}")
    for environment in ("dev", "qa"):
        assert fairlead("bump", "cart", "--env", environment, "--tag", "1.0", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(git, root)
    return root


def test_a_project_that_drops_an_environment(shop: Path, fairlead: Fairlead) -> None:
    """Each service that ran there is named, at the list of environments; what systems share has no record."""
    replace(shop, "gitops.yaml", "[dev, qa]", "[dev]")
    replace(shop, "systems/shop.yaml", "  qa: {cluster: dev, registry: registry.example.com}\n", "")
    replace(shop, "services/cart.yaml", "environments: {qa: {namespace: shop-qa}}\n", "")
    answer = fairlead("generate", root=shop)
    assert len(findings(answer)) == 1
    assert answer.stderr.startswith(
        "gitops.yaml:4:1: error DIF001: the project has no qa, and the last commit has qa/cart"
    )


def test_a_page_without_an_image_of_ours(shop: Path, fairlead: Fairlead, git: Git) -> None:
    """It has no release record, and its Application loses all objects just the same."""
    (shop / "services/mail.yaml").write_text(
        "system: shop\nservice: {type: ExternalName, externalName: smtp.example.com}\n", encoding="utf-8"
    )
    assert fairlead("generate", root=shop).code == 0
    commit(git, shop)
    (shop / "services/mail.yaml").unlink()
    found = findings(fairlead("generate", root=shop))
    assert [line.partition(" has ")[2].partition(":")[0] for line in found] == [
        "dev/mail (an overlay without images of ours)", "qa/mail (an overlay without images of ours)",
    ]  # fmt: skip


def test_an_image_that_the_page_no_longer_uses(repository: Path, fairlead: Fairlead) -> None:
    """Its entry leaves the record with the page's word: that is a change of the page, and no loss of a service."""
    page = repository / "services/thoughts-backend.yaml"
    text = page.read_text(encoding="utf-8")
    start, end = text.index("containers:\n"), text.index("service:\n")
    page.write_text(
        text[:start] + text[end:].replace("    containers: {thoughts-backend-db: null}\n", ""), encoding="utf-8"
    )
    answer = fairlead("generate", root=repository)
    assert (answer.code, findings(answer)) == (0, [])
    assert "release record removed: dev/thoughts-backend thoughts_backend_db" in answer.stdout


def test_an_overlay_that_the_page_still_wants_has_its_own_rule(repository: Path, fairlead: Fairlead) -> None:
    """Nobody took the service out, somebody lost its files: REL004, and as a finding among the others."""
    shutil.rmtree(repository / OVERLAY)
    answer = fairlead("validate", root=repository)
    assert answer.code == 1
    assert f"{OVERLAY}/kustomization.yaml:1:1: error REL004: the last commit has this release record" in answer.stdout
    assert f"; run `git checkout HEAD -- {OVERLAY}`" in answer.stdout
    assert "0 skipped" in answer.stdout


# Renamed


def test_a_renamed_page(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Its objects would get other names, so that everything were made anew."""
    git(repository, "mv", ORDERS, "services/orders.yaml")
    found = findings(fairlead("generate", "--check", root=repository))
    assert len(found) == 4
    hint = "(services/orders.yaml looks like it renamed: all would be made anew as 'orders', beside 'orders-service')"
    assert all(hint in line for line in found)
    remedy = f"; name the page {ORDERS} again, or run `fairlead retire orders-service`"
    assert all(line.endswith(remedy) for line in found)


def test_a_renamed_page_whose_objects_keep_their_name(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Two Applications would own the same objects."""
    git(repository, "mv", ORDERS, "services/orders.yaml")
    replace(repository, "services/orders.yaml", "system: coffeemesh\n", "system: coffeemesh\nname: orders-service\n")
    found = findings(fairlead("generate", "--check", root=repository))
    assert "two Applications would fight over the same objects" in found[0]


def test_a_new_page_that_is_no_likeness(repository: Path, fairlead: Fairlead) -> None:
    """Somebody who deletes one page and adds another one renamed nothing."""
    (repository / ORDERS).unlink()
    (repository / "services/mail.yaml").write_text(
        "system: coffeemesh\nservice: {type: ExternalName, externalName: smtp.example.com}\n", encoding="utf-8"
    )
    assert not [line for line in findings(fairlead("generate", root=repository)) if "renamed" in line]


# Against another branch


@pytest.fixture
def careless(repository: Path, git: Git) -> Path:
    """Return a branch that lost orders-service in prod by a commit past every hook."""
    git(repository, "checkout", "--quiet", "-b", "topic")
    shut_out(repository)
    shutil.rmtree(repository / OVERLAY)
    commit(git, repository, "Take it out")
    return repository


@pytest.fixture
def branch(careless: Path, fairlead: Fairlead, git: Git) -> Path:
    """Return that branch once Argo CD is told as well, so that nothing but the loss is left to say."""
    assert fairlead("generate", root=careless).code == 0
    commit(git, careless, "Tell Argo CD")
    return careless


def test_what_is_committed_is_no_news_against_head(branch: Path, fairlead: Fairlead) -> None:
    """A hook looks at the last commit alone."""
    assert fairlead("validate", root=branch).code == 0


def test_what_argo_cd_is_still_told(careless: Path, fairlead: Fairlead) -> None:
    """Its ApplicationSet still lists the overlay: that follows from the loss, and is not told beside it."""
    answer = fairlead("validate", "--base", "main", root=careless)
    assert answer.code == 1
    assert len(findings(answer)) == 1
    assert "KUS004" not in answer.stdout
    assert len(findings(answer)) == 1


def test_what_a_branch_lost(branch: Path, fairlead: Fairlead) -> None:
    """CI looks at where the branch left the other one, and says what to bring back from there."""
    answer = fairlead("validate", "--base", "main", root=branch)
    assert answer.code == 1
    (found,) = findings(answer)
    assert found.startswith(f"{ORDERS}:31:3: error DIF001: the page shuts prod out, and ")
    assert "(where HEAD left main) has prod/orders-service (" in found
    assert f" -- {OVERLAY}`, then `fairlead retire orders-service --env prod`" in found


def test_what_a_branch_lost_is_data(branch: Path, fairlead: Fairlead) -> None:
    """The same for machines."""
    said: dict[str, Any] = json.loads(fairlead("validate", "--base", "main", "--format", "json", root=branch).stdout)
    assert [(one["rule"], one["environment"], one["place"]["line"]) for one in said["findings"]] == [
        ("DIF001", "prod", 31)
    ]


def test_the_other_branch_may_have_moved_on(branch: Path, fairlead: Fairlead, git: Git) -> None:
    """What main got since is no loss of the branch: compared is where the two parted."""
    git(branch, "checkout", "--quiet", "main")
    shutil.copytree(branch / OVERLAY, branch / "overlays/prod/later")
    commit(git, branch, "Later")
    git(branch, "checkout", "--quiet", "topic")
    assert len(findings(fairlead("validate", "--base", "main", root=branch))) == 1


def test_a_tombstone_that_came_with_the_loss(branch: Path, fairlead: Fairlead, git: Git) -> None:
    """Retired is not lost, on either side of the commit."""
    write_tombstone(branch)
    assert fairlead("validate", "--base", "main", root=branch).code == 0
    commit(git, branch, "Retire it")
    assert fairlead("validate", "--base", "main", root=branch).code == 0


def test_a_tombstone_of_an_earlier_retirement(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """One that the base has already excuses nothing: the service came back since."""
    write_tombstone(repository)
    commit(git, repository, "Retired and released again")
    shut_out(repository)
    assert len(findings(fairlead("generate", root=repository))) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("by: somebody\n", "SPC008"),
        ("- a\n", "SPC008"),
        ("by: [\n", "SPC001"),
        ("{STONE}and: more\n", "SPC008"),
        ("{LATER}", "'when' is 'tomorrow', which is no time with its zone"),
    ],
)
def test_a_tombstone_that_says_nothing_is_none(branch: Path, fairlead: Fairlead, text: str, said: str) -> None:
    """A file made by hand to silence the rule has to say who, when and why."""
    write_tombstone(branch, text.format(STONE=STONE, LATER=STONE.replace("2026-11-21T03:00:00Z", "tomorrow")))
    answer = fairlead("validate", "--base", "main", root=branch)
    assert answer.code == 1
    assert "retired/prod/orders-service.yaml:" in answer.text
    assert said in answer.text


def test_a_tombstone_of_the_living(repository: Path, fairlead: Fairlead) -> None:
    """A service that came back by another way than a bump: a warning, because the tombstone misleads."""
    write_tombstone(repository)
    answer = fairlead("validate", root=repository)
    assert answer.code == 0
    assert "retired/prod/orders-service.yaml:1:1: warning REL006: prod/orders-service is released, and" in answer.stdout


# "Could not check" is never 0


@pytest.mark.parametrize("reference", ["origin/main", "no such", "--all", "-x", "", "HEAD~99", "main\nmain"])
def test_a_base_that_nobody_knows(repository: Path, fairlead: Fairlead, reference: str) -> None:
    """Not fetched, misspelt, or meant as an option of git."""
    answer = fairlead("validate", f"--base={reference}", root=repository)
    assert answer.code == 3
    shown = reference.replace("\n", "\\n")
    assert answer.stderr.startswith(f"--base {shown}: no such commit here; fetch it first")


def test_a_base_without_a_common_commit(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Two histories that never met cannot be compared."""
    git(repository, "checkout", "--quiet", "--orphan", "other")
    commit(git, repository, "Other")
    answer = fairlead("validate", "--base", "main", root=repository)
    assert answer.code == 3
    assert "--base main: it shares no commit with HEAD; name another branch" in answer.stderr


def test_a_base_beyond_a_shallow_clone(branch: Path, fairlead: Fairlead, git: Git, tmp_path: Path) -> None:
    """CI often fetches one commit of each branch: where they parted is not among them."""
    git(branch, "checkout", "--quiet", "main")
    commit(git, branch, "Main moves on")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{branch}", os.fspath(clone))
    git(clone, "checkout", "--quiet", "topic")
    answer = fairlead("validate", "--base", "origin/main", root=clone)
    assert answer.code == 3
    assert "this clone is shallow: run `git fetch --unshallow`" in answer.stderr
    git(clone, "fetch", "--quiet", "--unshallow")
    assert fairlead("validate", "--base", "origin/main", root=clone).code == 1


def test_a_base_outside_of_git(repository: Path, fairlead: Fairlead) -> None:
    """Without a repository there is nothing to compare with; without --base nobody asked."""
    shutil.rmtree(repository / ".git")
    assert fairlead("validate", root=repository).code == 0
    answer = fairlead("validate", "--base", "main", root=repository)
    assert answer.code == 3
    assert "not a git repository" in answer.stderr


def test_a_base_before_the_first_commit(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The same while nothing is committed."""
    shutil.rmtree(repository / ".git")
    git(repository, "init", "--quiet")
    assert fairlead("validate", "--base", "HEAD", root=repository).code == 3


def test_a_base_without_git(
    repository: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And on a machine without git."""
    assert fairlead("validate", root=repository).code == 0
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    answer = fairlead("validate", "--base", "main", root=repository)
    assert (answer.code, answer.stderr) == (3, "no git on the PATH; install it\n")


def test_nothing_new_costs_one_look_at_the_last_commit_and_one_at_the_index(
    repository: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hook's way with nothing to do: two git processes, for the last commit and for the index."""
    assert fairlead("generate", root=repository).code == 0
    started: list[list[str]] = []
    run = process.run

    def counted(argv: list[str], **options: Any) -> process.Completed:
        started.append(argv[1:2])
        return run(argv, **options)

    monkeypatch.setattr(process, "run", counted)
    assert fairlead("generate", "--check", root=repository).code == 0
    assert started == [["ls-tree"], ["ls-files"]]


STONE = """\
by: Test <test@example.com>
when: "2026-11-21T03:00:00Z"
reason: "nobody orders any more"
record: {}
objects: 5
page: true
plan: "3f2a9c"
"""


def write_tombstone(root: Path, text: str = STONE) -> None:
    """Write the tombstone of orders-service in prod."""
    path = root / "retired/prod/orders-service.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("folders", [["services"], ["services", "overlays/dev"], ["services", "overlays/prod/none"]])
def test_an_overlay_outside_of_the_sparse_set_is_added_to_it(
    repository: Path, fairlead: Fairlead, git: Git, folders: list[str]
) -> None:
    """`git checkout` brings back nothing that the sparse set leaves out; what the message says does."""
    git(repository, "update-index", "--refresh")
    git(repository, "sparse-checkout", "set", "systems", "environments", "clusters", *folders)
    answer = fairlead("generate", "--check", root=repository)
    remedy = f"run `git sparse-checkout add {OVERLAY}`; to take"
    assert f"{OVERLAY}/kustomization.yaml:1:1: error REL004" in answer.text, answer.text
    assert remedy in answer.text

    for line in answer.text.splitlines():
        if "git sparse-checkout add" in line:
            git(repository, "sparse-checkout", "add", line.partition("sparse-checkout add ")[2].partition("`")[0])
    assert "REL004" not in fairlead("generate", "--check", root=repository).text
    assert (repository / OVERLAY / "kustomization.yaml").is_file()
