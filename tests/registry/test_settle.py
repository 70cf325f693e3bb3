from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.findings.progress import Silent
from generator.layout.release import Release
from generator.model.page import is_suppressible
from generator.records.move import Move
from generator.registry.images import (
    Copied,
    OverwriteError,
    UnreachableError,
    copy_images,
    settle_images,
)
from generator.rules.catalogue import BY_ID

from .images import digest_of, push
from .memory import Memory
from .server import closed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings.finding import Finding
    from generator.tools.registry import Registry

    from .server import Server

DEV = "222233334444.dkr.ecr.eu-west-1.amazonaws.com"
PROD = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
ONE, TWO = (f"sha256:{digit * 64}" for digit in "12")


def move(release: Release | None = None, image: str = "shop/web") -> Move:
    """Return a move of one image of the service `web` to prod."""
    after = release or Release(newTag="1.0.0")
    return Move(service="web", environment="prod", image=image, before=None, after=after)


def image_findings(registry: Registry, moves: Sequence[Move], source: str | None, target: str) -> list[Finding]:
    """Return what the gate finds that looks images up and copies none."""
    findings, copied = settle_images(registry, "check", moves, source, target, Silent())
    assert copied == []
    return findings


def said(memory: Memory, release: Release | None = None, source: str | None = DEV) -> list[str]:
    """Return what the check says about one move from dev to prod."""
    return [found.message for found in image_findings(memory, [move(release)], source, PROD)]


def test_an_image_that_is_there_is_fine() -> None:
    """The same tag, the same digest in both registries."""
    memory = Memory()
    memory.hold(f"{DEV}/shop/web:1.0.0", ONE)
    memory.hold(f"{PROD}/shop/web:1.0.0", ONE)
    assert said(memory) == []


def test_an_image_that_is_missing_is_found() -> None:
    """The finding says where it is, and both ways to bring it here."""
    memory = Memory()
    memory.hold(f"{DEV}/shop/web:1.0.0", ONE)
    [found] = image_findings(memory, [move()], DEV, PROD)
    assert str(found) == (
        f"overlays/prod/web/kustomization.yaml:1:1: error WRK002: shop/web:1.0.0 is not in {PROD} (found in {DEV}); "
        "replicate first, or let promotions do it: `gates: {image: copy}` in environments/prod.yaml"
    )
    assert found.environment == "prod"


def test_an_image_that_is_nowhere_is_found() -> None:
    """It was never pushed, or has been cleaned up."""
    assert said(Memory()) == [f"shop/web:1.0.0 is not in {PROD}, nor in {DEV}"]


@pytest.mark.parametrize("source", [None, PROD])
def test_one_registry_has_the_image_or_not(source: str | None) -> None:
    """A bump has no source, and two environments may share a registry: nothing else is asked."""
    memory = Memory()
    assert said(memory, source=source) == [f"shop/web:1.0.0 is not in {PROD}"]
    memory.hold(f"{PROD}/shop/web:1.0.0", ONE)
    assert said(memory, source=source) == []
    assert memory.asked == [f"{PROD}/shop/web:1.0.0"] * 2


def test_a_tag_of_another_image_is_found() -> None:
    """It would start, and nobody has tried it."""
    memory = Memory()
    memory.hold(f"{DEV}/shop/web:1.0.0", ONE)
    memory.hold(f"{PROD}/shop/web:1.0.0", TWO)
    assert said(memory) == [f"shop/web:1.0.0 is {TWO} in {PROD} and {ONE} in {DEV}"]


def test_an_image_that_only_the_target_has_is_fine() -> None:
    """The source's may have been cleaned up since it was promoted the first time."""
    memory = Memory()
    memory.hold(f"{PROD}/shop/web:1.0.0", ONE)
    assert said(memory) == []


@pytest.mark.parametrize("release", [Release(newTag=f"1.0.0@{ONE}"), Release(newTag="1.0.0", digest=ONE)])
def test_a_digest_in_the_release_decides(release: Release) -> None:
    """It says what the tag must be; the source is not even asked."""
    memory = Memory()
    memory.hold(f"{PROD}/shop/web:1.0.0", TWO)
    assert said(memory, release) == [f"shop/web:1.0.0 is {TWO} in {PROD}, and the release says {ONE}"]
    memory.hold(f"{PROD}/shop/web:1.0.0", ONE)
    assert said(memory, release) == []
    assert {reference.partition("/")[0] for reference in memory.asked} == {PROD}


def test_a_digest_alone_is_looked_for() -> None:
    """No tag is asked for where the release has none."""
    memory = Memory()
    memory.hold(f"{DEV}/shop/web@{ONE}", ONE)
    assert said(memory, Release(digest=ONE)) == [f"shop/web@{ONE} is not in {PROD} (found in {DEV})"]
    memory.hold(f"{PROD}/shop/web@{ONE}", ONE)
    assert said(memory, Release(digest=ONE)) == []


def test_a_digest_that_no_tag_names_any_more_can_be_copied() -> None:
    """The source's tag is gone, the image itself is there."""
    memory = Memory()
    memory.hold(f"{DEV}/shop/web@{ONE}", ONE)
    findings, done = settle_images(memory, "copy", [move(Release(newTag=f"1.0.0@{ONE}"))], DEV, PROD, Silent())
    assert (findings, memory.tags) == ([], {f"{PROD}/shop/web:1.0.0": ONE})
    assert [one.digest for one in done] == [ONE]


def test_a_tag_that_is_another_image_in_the_source_is_not_copied() -> None:
    """The release says one image and the source's tag another: a person has to say which is meant."""
    memory = Memory()
    memory.hold(f"{DEV}/shop/web:1.0.0", TWO)
    findings, done = settle_images(memory, "copy", [move(Release(newTag=f"1.0.0@{ONE}"))], DEV, PROD, Silent())
    assert (len(findings), done, memory.copies) == (1, [], [])
    assert f"there it is {TWO}, not {ONE}" in findings[0].message


def test_a_finding_keeps_everything_from_being_copied() -> None:
    """Of two images one cannot go, so neither does."""
    memory = Memory()
    memory.hold(f"{DEV}/shop/web:1.0.0", ONE)
    moves = [move(), move(image="shop/web-migrations")]
    findings, done = settle_images(memory, "copy", moves, DEV, PROD, Silent())
    assert [found.message for found in findings] == [f"shop/web-migrations:1.0.0 is not in {PROD}, nor in {DEV}"]
    assert (done, memory.copies) == ([], [])


def test_a_tag_that_somebody_else_takes_meanwhile_is_refused() -> None:
    """Between the copy and the second look another writer was faster: the registry decides, and it is told."""

    class Raced(Memory):
        def copy(self, source: str, target: str) -> None:
            super().copy(source, target)
            self.hold(target, TWO)

    memory = Raced()
    memory.hold(f"{DEV}/shop/web:1.0.0", ONE)
    with pytest.raises(OverwriteError, match=f"was copied as {ONE} and is {TWO} now"):
        copy_images(memory, [move()], DEV, PROD, Silent())


class Counted(Silent):
    """Keeps what a run tells of its stages."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.steps = 0

    def stage(self, title: str, total: int) -> None:
        """Keep it."""
        self.told.append((title, total))

    def advance(self, steps: int = 1) -> None:
        """Count it."""
        self.steps += steps


def test_progress_counts_looks_and_copies() -> None:
    """One of two images is missing."""
    memory, progress = Memory(), Counted()
    memory.hold(f"{DEV}/shop/web:1.0.0", ONE)
    memory.hold(f"{PROD}/shop/orders:1.0.0", ONE)
    settle_images(memory, "copy", [move(), move(image="shop/orders")], DEV, PROD, progress)
    assert progress.told == [("look images up", 2), ("copy images", 1)]
    assert progress.steps == 3


TAGS = st.sampled_from(["1.0.0", "1.0.1"])
HELD = st.dictionaries(
    st.tuples(st.sampled_from([DEV, PROD]), st.sampled_from(["shop/web", "shop/orders"]), TAGS),
    st.sampled_from([ONE, TWO]),
)
RELEASES = st.one_of(
    st.builds(Release, newTag=TAGS),
    st.builds(Release, digest=st.sampled_from([ONE, TWO])),
    st.builds(lambda tag, digest: Release(newTag=f"{tag}@{digest}"), TAGS, st.sampled_from([ONE, TWO])),
)
MOVES = st.lists(st.builds(move, RELEASES, st.sampled_from(["shop/web", "shop/orders"])), max_size=4)


def filled(held: dict[tuple[str, str, str], str]) -> Memory:
    """Return registries that hold these images."""
    memory = Memory()
    for (host, image, tag), digest in held.items():
        memory.hold(f"{host}/{image}:{tag}", digest)
    return memory


@given(HELD, MOVES)
def test_no_tag_ever_changes(held: dict[tuple[str, str, str], str], moves: list[Move]) -> None:
    """Whatever is there stays; and where there is a finding, nothing comes."""
    memory = filled(held)
    before = dict(memory.tags)
    try:
        findings, done = settle_images(memory, "copy", moves, DEV, PROD, Silent())
    except OverwriteError:  # two moves want one tag for two images
        findings, done = [], []
    assert before.items() <= memory.tags.items()
    assert not (findings and (done or memory.copies))


@given(HELD, MOVES)
def test_what_was_settled_stays_settled(held: dict[tuple[str, str, str], str], moves: list[Move]) -> None:
    """After a copy the check finds nothing, and another copy brings nothing."""
    memory = filled(held)
    try:
        findings, _ = settle_images(memory, "copy", moves, DEV, PROD, Silent())
    except OverwriteError:
        return
    if not findings:
        assert image_findings(memory, moves, DEV, PROD) == []
        assert settle_images(memory, "copy", moves, DEV, PROD, Silent()) == ([], [])


@given(HELD, MOVES)
def test_a_check_changes_nothing_and_is_no_milder(held: dict[tuple[str, str, str], str], moves: list[Move]) -> None:
    """Each finding of a copy is one of the check."""
    memory = filled(held)
    findings, done = settle_images(memory, "check", moves, DEV, PROD, Silent())
    assert (done, memory.copies) == ([], [])
    try:
        milder, _ = settle_images(memory, "copy", moves, DEV, PROD, Silent())
    except OverwriteError:
        milder = []
    assert set(milder) <= set(findings)


def test_missing_images_are_brought_to_a_real_registry(registry: Registry, source: Server, target: Server) -> None:
    """Of three images one is there already; the others come, and then the check is silent."""
    images = ["shop/web", "shop/orders", "shop/orders-migrations"]
    digests = {image: push(source.address, image, "1.0.0", image.encode()) for image in images}
    push(target.address, "shop/orders", "1.0.0", b"shop/orders")
    moves = [move(image=image) for image in images]
    findings, done = settle_images(registry, "copy", moves, source.address, target.address, Silent())
    brought = ["shop/web", "shop/orders-migrations"]
    assert (findings, done) == ([], [Copied(image=image, tag="1.0.0", digest=digests[image]) for image in brought])
    assert image_findings(registry, moves, source.address, target.address) == []


def test_a_real_check_copies_nothing(registry: Registry, source: Server, target: Server) -> None:
    """The target is asked and not changed."""
    push(source.address, "shop/web", "1.0.0")
    findings, done = settle_images(registry, "check", [move()], source.address, target.address, Silent())
    assert ([found.rule for found in findings], done) == (["WRK002"], [])
    assert target.asked("GET /v2/shop/web/manifests/1.0.0 404")
    assert target.pushes() == []


def test_a_real_tag_of_another_image_is_refused(registry: Registry, source: Server, target: Server) -> None:
    """`copy` is refused like `check`, and the target's tag is untouched."""
    push(source.address, "shop/web", "1.0.0", b"one")
    other = push(target.address, "shop/web", "1.0.0", b"two")
    findings, done = settle_images(registry, "copy", [move()], source.address, target.address, Silent())
    assert (len(findings), done) == (1, [])
    assert digest_of(target.address, "shop/web", "1.0.0") == other


@pytest.mark.parametrize("mode", ["check", "copy"])
def test_an_unreachable_registry_is_no_finding(registry: Registry, source: Server, mode: str) -> None:
    """Neither the target nor the source may pass for one that has no images."""
    push(source.address, "shop/web", "1.0.0")
    with closed() as address:
        for registries in ((source.address, address), (address, source.address)):
            with pytest.raises(UnreachableError):
                settle_images(registry, mode, [move()], *registries, Silent())  # type: ignore[arg-type]


def test_no_page_can_suppress_the_rule() -> None:
    """It is a gate: a promotion may pass it with a reason, a page may not."""
    assert BY_ID["WRK002"].remedy
    assert not is_suppressible("WRK002")
