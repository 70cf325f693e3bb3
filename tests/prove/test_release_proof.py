"""The proof of a release edit: the real kustomize builds both sides, and only the images that move may differ."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build.wrapper import Wrapper
from generator.disk.tree import Tree, read
from generator.findings.progress import Silent
from generator.inputs.load import load
from generator.layout.release import Release
from generator.prove.release_proof import MoveProver, Proven
from generator.release.bump_edit import bump
from tests.examples import examples
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from generator.records.move import Move
    from tests.conftest import Fairlead

CART = FILES["services/cart.yaml"]
RECORD = "overlays/dev/cart/kustomization.yaml"
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
TAGS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", fullmatch=True)

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\n"


@pytest.fixture
def released(tmp_path: Path, fairlead: Fairlead) -> Callable[..., Tree]:
    """Return a maker of shops with these pages and own files, where all of it runs 1.4.2 in dev.

    They are snapshots: none of their files is where their root says.
    """

    def released(own: Mapping[str, str] | None = None, **pages: str) -> Tree:
        root = make_shop(tmp_path, **{f"services__{name}": text for name, text in pages.items()})
        for path, text in (own or {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        names = sorted(path.stem for path in (root / "services").iterdir())
        for name in names:
            answer = fairlead("bump", name, "--env", "dev", "--tag", "1.4.2", root=root)
            assert answer.code == 0, answer.text
        assert fairlead("generate", root=root).code == 0
        return Tree(Path("/nowhere"), read(root).files)

    return released


def moved(tree: Tree, **tags: str) -> tuple[Tree, tuple[Move, ...]]:
    """Return the snapshot after services got other tags, and the moves."""
    moves: tuple[Move, ...] = ()
    project = load(tree)
    for name, tag in tags.items():
        page = project.page(name)
        edit = bump(tree, project, page, "dev", {project.service(page, "dev").page.image or "": Release(newTag=tag)})
        tree = tree.after((change.path, change.after) for change in edit.changes)
        moves += edit.moves
    return tree, moves


def proven(before: Tree, after: Tree, moves: Sequence[Move]) -> Proven:
    """Prove moves."""
    return MoveProver(Silent()).prove(load(before), before, after, moves)


def said(found: Proven) -> list[str]:
    """Return the rule and message of each finding."""
    return [f"{finding.rule} {finding.message}" for finding in found.findings]


def edited(tree: Tree, path: str, old: str, new: str) -> Tree:
    """Return a snapshot with a text in one file replaced."""
    text = tree.files[path].decode()
    assert old in text
    return tree.after([(path, text.replace(old, new))])


# What is proven


def test_a_bump_is_proven(released: Callable[..., Tree]) -> None:
    """Every object is compared, and the difference is the one line of the image."""
    before = released()
    after, moves = moved(before, cart="1.5.0")
    found = proven(before, after, moves)
    assert found.findings == ()
    assert found.objects == 2
    assert found.difference.startswith("--- a/dev/cart/Deployment/shop/cart\n+++ b/dev/cart/Deployment/shop/cart\n@@ ")
    changed = [line for line in found.difference.splitlines()[2:] if line[0] in "+-"]
    assert changed == [f"-      - image: {REGISTRY}/cart:1.4.2", f"+      - image: {REGISTRY}/cart:1.5.0"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, fairlead: Fairlead) -> Tree:
    """Return a snapshot of a shop that runs cart 1.4.2."""
    root = make_shop(tmp_path_factory.mktemp("shop"))
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.4.2", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    return Tree(Path("/nowhere"), read(root).files)


@given(first=TAGS, second=TAGS)
@settings(max_examples=examples(20), deadline=None)
def test_any_tag_is_proven(shop: Tree, first: str, second: str) -> None:
    """Whatever the tags are, from one to the other exactly one line of one object differs."""
    before, _ = moved(shop, cart=first)
    after, moves = moved(before, cart=second)
    found = proven(before, after, moves)
    assert [finding for finding in found.findings if finding.rule != "WRK001"] == []
    assert len(re.findall(r"^[-+] ", found.difference, re.MULTILINE)) == 2 * len(moves)


def test_services_with_one_image_are_kept_apart(released: Callable[..., Tree]) -> None:
    """Two services run the same image; the one that does not move is no part of it."""
    before = released(worker=CART)
    after, moves = moved(before, cart="1.5.0")
    found = proven(before, after, moves)
    assert found.findings == ()
    assert "dev/worker" not in found.difference
    after, moves = moved(before, cart="1.5.0", worker="1.6.0")
    found = proven(before, after, moves)
    assert found.findings == ()
    assert found.objects == 4
    assert f"+      - image: {REGISTRY}/cart:1.6.0" in found.difference.partition("b/dev/worker")[2]


def test_many_services_are_proven_together(released: Callable[..., Tree]) -> None:
    """More than one wrapper holds; where one service does not come out right, it is the one that is named."""
    names = [f"cart{number:02}" for number in range(20)]
    before = released(**{name: CART.replace("image: cart", f"image: {name}") for name in names})
    after, moves = moved(before, **dict.fromkeys(names, "1.5.0"))
    found = proven(before, after, moves)
    assert found.findings == ()
    assert found.objects == 40
    path = "overlays/dev/cart07/kustomization.yaml"
    found = proven(before, edited(after, path, "images:\n", "namePrefix: new-\nimages:\n"), moves)
    assert {finding.place.file for finding in found.findings} == {path}


def test_a_persons_own_files_are_part_of_both_builds(released: Callable[..., Tree]) -> None:
    """A patch and a resource that do not touch the image stay out of the way."""
    page = CART + "environments: {dev: {patches: [ready.yaml], extraResources: [note.yaml]}}\n"
    patch = f"{DEPLOYMENT}spec: {{minReadySeconds: 5}}\n"
    note = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note, namespace: shop}\ndata: {image: cart}\n"
    before = released(
        {"overlays/dev/cart/patches/ready.yaml": patch, "overlays/dev/cart/resources/note.yaml": note}, cart=page
    )
    after, moves = moved(before, cart="1.5.0")
    found = proven(before, after, moves)
    assert (found.findings, found.objects) == ((), 3)


def test_a_container_that_is_not_rendered_yet_may_wait(released: Callable[..., Tree]) -> None:
    """The page has a new image, which must have a release before anything is rendered: the build stays as it is."""
    before = released()
    resources = "{requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 64Mi}}"
    page = f"{CART}containers: {{worker: {{image: worker, resources: {resources}}}}}\n"
    before = before.after([("services/cart.yaml", page)])
    project = load(before)
    edit = bump(before, project, project.page("cart"), "dev", {"worker": Release(newTag="2.0")})
    after = before.after((change.path, change.after) for change in edit.changes)
    found = proven(before, after, edit.moves)
    assert (found.findings, found.difference) == ((), "")


# What is refused


def test_anything_else_that_changes_is_named(released: Callable[..., Tree]) -> None:
    """Field, both values, object, and the line of the record."""
    before = released()
    after, moves = moved(before, cart="1.5.0")
    after = edited(after, RECORD, "images:\n", "replicas:\n- {name: cart, count: 7}\nimages:\n")
    (finding,) = proven(before, after, moves).findings
    assert (finding.rule, finding.object, finding.environment) == ("DIF005", "Deployment/shop/cart", "dev")
    assert finding.message == "spec.replicas: with the new images alone it is 2, kustomize builds 7"
    assert (finding.place.file, finding.place.line) == (RECORD, 11)


def test_no_more_than_a_screen_of_fields(released: Callable[..., Tree]) -> None:
    """Twenty fields are named, and how many more there are."""
    before = released(cart=f"{CART}env: {{{', '.join(f'NOTE_{number:02}: old' for number in range(25))}}}\n")
    after, moves = moved(before, cart="1.5.0")
    path = "/spec/template/spec/containers/0/env/{}/value"
    values = "".join(f"    - {{op: replace, path: {path.format(number)}, value: new}}\n" for number in range(25))
    patch = f"patches:\n- target: {{kind: Deployment}}\n  patch: |\n{values}"
    after = edited(after, RECORD, "images:\n", f"{patch}images:\n")
    found = said(proven(before, after, moves))
    assert len(found) == 20
    assert sum("(5 more fields differ)" in text for text in found) == 1


@pytest.mark.parametrize("image", [f"{REGISTRY}/cart:1.4.2", "example.com/cart:9"])
def test_a_patch_that_names_the_image_is_found(released: Callable[..., Tree], image: str) -> None:
    """The entry of the record matches no container then, and the old image would run on."""
    page = CART + "environments: {dev: {patches: [image.yaml]}}\n"
    before = released({"overlays/dev/cart/patches/image.yaml": f"{DEPLOYMENT}spec: {{}}\n"}, cart=page)
    spec = f"spec: {{template: {{spec: {{containers: [{{name: cart, image: '{image}'}}]}}}}}}"
    before = edited(before, "overlays/dev/cart/patches/image.yaml", "spec: {}", spec)
    after, moves = moved(before, cart="1.5.0")
    found = said(proven(before, after, moves))
    wanted = (
        f'DIF005 spec.template.spec.containers[0].image: with the new images alone it is "{REGISTRY}/cart:1.5.0", '
        f'kustomize builds "{REGISTRY}/cart:1.4.2"'
        if image.startswith(REGISTRY)
        else f"DIF006 `images[].name: cart` matches no container; rendered images are: {image}"
    )
    assert found == [wanted]


def test_a_persons_own_resource_moves_along(released: Callable[..., Tree]) -> None:
    """A job of one's own that runs the service's image gets the new one: kustomize replaces images everywhere."""
    page = CART + "environments: {dev: {extraResources: [job.yaml]}}\n"
    pod = "{restartPolicy: Never, containers: [{name: job, image: IMAGE}]}"
    forced = "annotations: {argocd.argoproj.io/sync-options: Force=true}"
    metadata = f"{{name: job, namespace: shop, {forced}}}"
    job = f"apiVersion: batch/v1\nkind: Job\nmetadata: {metadata}\nspec: {{template: {{spec: {pod}}}}}\n"
    path = "overlays/dev/cart/resources/job.yaml"
    before = released({path: job.replace("IMAGE", '"example.com/job:1"')}, cart=page)
    before = edited(before, path, '"example.com/job:1"', "cart")
    after, moves = moved(before, cart="1.5.0")
    found = proven(before, after, moves)
    assert found.findings == ()
    assert f"+      - image: {REGISTRY}/cart:1.5.0" in found.difference
    assert "Job/shop/job" in found.difference


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("base/cart/deployment.yaml", "replicas: 3"),
        ("overlays/dev/worker/kustomization.yaml", "resources"),
    ],
)
def test_files_of_others_must_not_change(released: Callable[..., Tree], path: str, text: str) -> None:
    """A base that was there, or an overlay that does not move: other builds would show it, and nobody makes them."""
    before = released(worker=CART, cart=CART.replace("replicas: 2", "replicas: 3"))
    after, moves = moved(before, cart="1.5.0")
    after = edited(after, path, text, f"{text} # changed")
    places = [finding.place.file for finding in proven(before, after, moves).findings if finding.rule == "DIF005"]
    assert places == [path]


def test_what_must_not_be_built_is_not_built(released: Callable[..., Tree], monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate comes first."""
    before = released()
    after, moves = moved(before, cart="1.5.0")
    after = edited(after, RECORD, "images:\n", "generators: [evil.yaml]\nimages:\n")
    monkeypatch.setattr(Wrapper, "build", None)
    assert [finding.rule for finding in proven(before, after, moves).findings] == ["KUS001"]


def test_an_overlay_must_build(released: Callable[..., Tree]) -> None:
    """Kustomize's own words, without the paths of the throw-away folder."""
    before = released()
    after, moves = moved(before, cart="1.5.0")
    after = edited(after, RECORD, "images:\n", "patches: [{patch: '{kind: Pod, metadata: {name: x}}'}]\nimages:\n")
    (finding,) = proven(before, after, moves).findings
    assert (finding.rule, finding.place.line) == ("ARG010", 10)
    assert "no resource matches strategic merge patch" in finding.message
    assert "fairlead-moves" not in finding.message


# Rules


def test_a_new_error_is_refused(released: Callable[..., Tree]) -> None:
    """A tag that moves is an error that only the bump brings."""
    before = released()
    after, moves = moved(before, cart="latest")
    (finding,) = proven(before, after, moves).findings
    assert (finding.rule, str(finding.place)) == ("WRK001", f"{RECORD}:9:11")


def test_an_old_error_keeps_nobody(released: Callable[..., Tree]) -> None:
    """Away from a tag that moves one may go, be it to another: a rollback must not fail for an old fault."""
    before, _ = moved(released(), cart="latest")
    for tag in ("1.4.1", "stable"):
        after, moves = moved(before, cart=tag)
        assert proven(before, after, moves).findings == ()


def test_an_error_that_the_page_allows_is_none(released: Callable[..., Tree]) -> None:
    """As everywhere, by name and with a reason."""
    before = released(cart=CART + "suppress: [{rule: WRK001, reason: dev follows the branch}]\n")
    after, moves = moved(before, cart="latest")
    assert proven(before, after, moves).findings == ()


# Where there is nothing to compare with


def test_a_first_release_is_checked_whole(released: Callable[..., Tree]) -> None:
    """It must be what its page says; the difference is everything that it builds."""
    whole = released()
    before = Tree(whole.root, {path: data for path, data in whole.files.items() if not path.startswith("overlays/")})
    after, moves = moved(before, cart="1.5.0")
    found = proven(before, after, moves)
    assert (found.findings, found.objects) == ((), 2)
    assert found.difference.startswith("--- /dev/null\n+++ b/dev/cart/")
    assert f"+      - image: {REGISTRY}/cart:1.5.0\n" in found.difference


def test_a_first_release_shows_a_persons_own_files(released: Callable[..., Tree]) -> None:
    """They may be there before it; what they bring is in the difference too."""
    note = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note, namespace: shop}\n"
    page = CART + "environments: {dev: {extraResources: [note.yaml]}}\n"
    whole = released({"overlays/dev/cart/resources/note.yaml": note}, cart=page)
    before = whole.after([(RECORD, None)])
    after, moves = moved(before, cart="1.5.0")
    found = proven(before, after, moves)
    assert found.findings == ()
    assert "+++ b/dev/cart/ConfigMap/shop/note\n" in found.difference


def test_a_first_release_with_an_error_is_refused(released: Callable[..., Tree]) -> None:
    """At the line of the page, as `validate` would say it."""
    whole = released()
    before = Tree(whole.root, {path: data for path, data in whole.files.items() if not path.startswith("overlays/")})
    after, moves = moved(before, cart="latest")
    (finding,) = proven(before, after, moves).findings
    assert (finding.rule, finding.place.file) == ("WRK001", RECORD)


def test_an_overlay_that_did_not_build_is_checked_whole(released: Callable[..., Tree]) -> None:
    """A bot wrote a number, so there is no build to compare with; the bump mends it."""
    before = edited(released(), RECORD, '"1.4.2"', "1.10")
    after, moves = moved(before, cart="1.5.0")
    found = proven(before, after, moves)
    assert (found.findings, found.objects) == ((), 2)
    found = proven(before, edited(after, RECORD, "images:\n", "replicas:\n- {name: cart, count: 7}\nimages:\n"), moves)
    assert {finding.rule for finding in found.findings} == {"KUS004", "PRF001"}


# How it works


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the number of overlays in each build that was made."""
    made: list[int] = []
    build = Wrapper.build

    def counted(self: Wrapper, folder: Path, targets: Sequence[Path], *, whole: bool = False) -> list[str]:
        made.append(len(targets))
        return build(self, folder, targets, whole=whole)

    monkeypatch.setattr(Wrapper, "build", counted)
    return made


def test_a_proof_is_remembered(released: Callable[..., Tree], builds: list[int]) -> None:
    """Before the next attempt to push, what others changed elsewhere needs no build; what they changed here does."""
    before = released(worker=CART)
    after, moves = moved(before, cart="1.5.0")
    project, prover = load(before), MoveProver(Silent())
    builds.clear()
    first = prover.prove(project, before, after, moves)
    assert builds == [1, 1]
    elsewhere = [("overlays/dev/worker/kustomization.yaml", "kind: Kustomization\n"), ("services/worker.yaml", CART)]
    assert prover.prove(project, before.after(elsewhere), after.after(elsewhere), moves) is first
    assert builds == [1, 1]
    here = [("base/cart/service.yaml", before.files["base/cart/service.yaml"].decode() + "# new\n")]
    assert prover.prove(project, before.after(here), after.after(here), moves).findings == ()
    assert builds == [1, 1, 1, 1]


def test_a_page_whose_config_map_is_used_is_part_of_a_proof(released: Callable[..., Tree]) -> None:
    """It may roll the pods of the service that moves."""
    worker = CART + "configMap: {data: {A: b}}\n"
    before = released(cart=CART + "envFrom:\n- configMapRef: {name: worker}\n", worker=worker)
    after, moves = moved(before, cart="1.5.0")
    prover = MoveProver(Silent())
    first = prover.prove(load(before), before, after, moves)
    assert first.findings == ()
    assert prover.prove(load(before), before, after, moves) is first
    changed = [("services/worker.yaml", worker.replace("A: b", "A: c"))]
    assert prover.prove(load(before.after(changed)), before.after(changed), after.after(changed), moves) is not first


def test_a_kind_outside_of_the_short_document_is_built_with_the_whole_one(
    released: Callable[..., Tree], builds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The short document might merge it otherwise."""
    before = released()
    after, moves = moved(before, cart="1.5.0")
    builds.clear()
    left_out = frozenset({("apps/v1", "Deployment")})
    monkeypatch.setattr("generator.build.wrapper.openapi_left_out", lambda _: left_out)
    assert proven(before, after, moves).findings == ()
    assert builds == [1, 1, 1, 1]


def test_unreadable_output_is_no_proof(released: Callable[..., Tree], monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read was not compared."""
    before = released()
    after, moves = moved(before, cart="1.5.0")

    def garbled(_: Wrapper, folder: Path, targets: Sequence[Path], *, whole: bool = False) -> list[str]:
        assert folder
        assert not whole
        return ["a: b\n"] if "before" in str(targets[0]) else ["a: [\n"]

    monkeypatch.setattr(Wrapper, "build", garbled)
    (finding,) = proven(before, after, moves).findings
    assert finding.rule == "ARG010"
    assert "unreadable output" in finding.message


def test_without_moves_there_is_nothing_to_prove(shop: Tree, builds: list[int]) -> None:
    """A hold alone builds nothing."""
    assert proven(shop, shop, ()) == Proven()
    assert builds == []
