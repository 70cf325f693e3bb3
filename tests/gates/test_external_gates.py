"""The gates that look at the world: asked once a run, and without effect in a dry run."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import msgspec
import pytest

from generator.findings.progress import Silent
from generator.gates.external_gates import Guard
from generator.gates.gate import Candidate
from generator.gates.image import Rehearsal
from generator.inputs.load import load
from generator.records.move import Move
from generator.registry import images as registries
from tests.registry.memory import Memory
from tests.release.stage import DIGEST, START, Stage, release
from tests.release.three import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.inputs.project import Project
    from generator.repo.clone import Clone

STAGING, PROD = "111122223333.dkr.ecr.eu-west-1.amazonaws.com", "444455556666.dkr.ecr.eu-west-1.amazonaws.com"


class Folder:
    """Stands for a clone: the folder where a command runs, and how often all of its files were asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.times = 0

    def whole(self) -> None:
        """Count."""
        self.times += 1


@pytest.fixture
def clone(tmp_path: Path) -> Folder:
    """Return a clone."""
    return Folder(tmp_path)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Return the registries, which are one table; staging has web 2."""
    table = Memory()
    table.hold(f"{STAGING}/web:2", DIGEST)

    @contextmanager
    def opened(*_: str) -> Iterator[Memory]:
        yield table

    monkeypatch.setattr(registries, "open_registry", opened)
    return table


def project(gates: str) -> Project:
    """Return pages on which prod has gates, and a registry of its own."""
    place = f"  prod: {{cluster: eu, registry: {STAGING}}}\n"
    system = PAGES["systems/shop.yaml"].replace(place, place.replace(STAGING, PROD))
    pages = {"systems/shop.yaml": system, "environments/prod.yaml": f"production: false\ngates: {gates}\n"}
    return load(Stage(pages).tree)


def candidate(*, moves: bool = True, source: str | None = "staging") -> Candidate:
    """Return web 2 on its way into prod."""
    move = Move(service="web", environment="prod", image="web", before=release("1"), after=release("2"))
    return Candidate(environment="prod", service="web", source=source, moves=(move,) if moves else ())


def refusals(guard: Guard, clone: Folder, gates: str, asked: Candidate | None = None) -> list[str]:
    """Ask, and give what is said."""
    return [str(each) for each in guard.refusals(cast("Clone", clone), project(gates), START, asked or candidate())]


def test_without_gates_nobody_is_asked(clone: Folder, memory: Memory) -> None:
    """Neither a registry nor a command."""
    assert refusals(Guard(Silent(), dry_run=False), clone, "{}") == []
    assert (memory.asked, clone.times) == ([], 0)


def test_what_does_not_move_is_not_asked_about(clone: Folder, memory: Memory) -> None:
    """There is nothing to refuse."""
    gates = '{image: check, command: {args: ["false"]}}'
    assert refusals(Guard(Silent(), dry_run=False), clone, gates, candidate(moves=False)) == []
    assert (memory.asked, clone.times) == ([], 0)


def test_an_image_that_is_not_there_refuses(clone: Folder, memory: Memory) -> None:
    """With the rule that says so, and where it is."""
    (said,) = refusals(Guard(Silent(), dry_run=False), clone, "{image: check}")
    assert said.startswith(f"prod/web: image: WRK002: web:2 is not in {PROD} (found in {STAGING})")
    assert memory.copies == []


def test_from_outside_there_is_no_other_registry(clone: Folder, memory: Memory) -> None:
    """A bump past the environments before."""
    (said,) = refusals(Guard(Silent(), dry_run=False), clone, "{image: check}", candidate(source=None))
    assert said.startswith(f"prod/web: image: WRK002: web:2 is not in {PROD}")
    assert all(reference.startswith(PROD) for reference in memory.asked)


def test_what_is_overridden_is_not_asked(clone: Folder, memory: Memory) -> None:
    """It may be down; what was not asked is said all the same, for the commit."""
    asked = msgspec.structs.replace(candidate(), overridden=frozenset({"image", "command"}))
    said = refusals(Guard(Silent(), dry_run=False), clone, '{image: check, command: {args: ["false"]}}', asked)
    assert [text.split("; ")[0] for text in said] == [
        "prod/web: image: no registry was asked",
        "prod/web: command: false was not run",
    ]
    assert (memory.asked, clone.times) == ([], 0)


def test_an_image_is_brought_there_where_the_gate_says_so(clone: Folder, memory: Memory) -> None:
    """Once."""
    guard = Guard(Silent(), dry_run=False)
    assert refusals(guard, clone, "{image: copy}") == []
    assert refusals(guard, clone, "{image: copy}") == []
    assert memory.copies == [f"{PROD}/web:2"]


def test_a_dry_run_passes_as_the_real_one_would_and_copies_nothing(clone: Folder, memory: Memory) -> None:
    """The image could be copied."""
    assert refusals(Guard(Silent(), dry_run=True), clone, "{image: copy}") == []
    assert memory.copies == []
    assert memory.digest(f"{PROD}/web:2") is None


def test_a_dry_run_refuses_as_the_real_one_would(clone: Folder, memory: Memory) -> None:
    """There is no image to copy."""
    memory.tags.clear()
    said = [refusals(Guard(Silent(), dry_run=dry_run), clone, "{image: copy}") for dry_run in (True, False)]
    assert said[0] == said[1] != []


def test_a_rehearsal_knows_what_it_would_have_copied(memory: Memory) -> None:
    """Everything else is as it is."""
    rehearsal = Rehearsal(memory)
    rehearsal.copy(f"{STAGING}/web@{DIGEST}", f"{PROD}/web:2")

    assert rehearsal.digest(f"{PROD}/web:2") == rehearsal.digest(f"{STAGING}/web:2") == DIGEST
    assert rehearsal.digest(f"{PROD}/web:3") is None
    assert memory.copies == []


def test_a_registry_is_asked_once_a_run_whatever_it_says(clone: Folder, memory: Memory) -> None:
    """Attempts repeat; a yes and a no both hold."""
    guard = Guard(Silent(), dry_run=False)
    first = refusals(guard, clone, "{image: check}")
    asked = len(memory.asked)
    assert refusals(guard, clone, "{image: check}") == first != []
    assert len(memory.asked) == asked


def test_a_registry_is_asked_anew_where_the_page_asks_something_else_of_it(clone: Folder, memory: Memory) -> None:
    """What another gate is asked makes no difference."""
    guard = Guard(Silent(), dry_run=False)
    refusals(guard, clone, "{image: check}")
    asked = len(memory.asked)
    refusals(guard, clone, "{image: check, digest: required}")
    assert len(memory.asked) == asked
    refusals(guard, clone, "{image: copy}")
    assert len(memory.asked) > asked


def test_other_moves_are_asked_about_anew(clone: Folder, memory: Memory) -> None:
    """Somebody was faster, and the release now goes from another one."""
    guard = Guard(Silent(), dry_run=False)
    refusals(guard, clone, "{image: check}")
    asked = len(memory.asked)
    move = Move(service="web", environment="prod", image="web", before=release("1.5"), after=release("2"))
    refusals(guard, clone, "{image: check}", Candidate(environment="prod", service="web", moves=(move,)))
    assert len(memory.asked) > asked


def test_a_command_is_asked_once_a_run_with_every_file_at_hand(clone: Folder) -> None:
    """What it prints is shown when it refuses."""
    script = clone.root / "smoke"
    script.write_text("#!/bin/sh\necho $FAIRLEAD_IMAGES | tee -a said\nexit 7\n", encoding="utf-8")
    script.chmod(0o755)
    guard = Guard(Silent(), dry_run=False)
    first = refusals(guard, clone, "{command: {args: [./smoke]}}")
    again = refusals(guard, clone, "{command: {args: [./smoke]}}")

    assert (
        first
        == again
        == ["prod/web: command: ./smoke ended with 7; to go all the same: --override command --reason TEXT\n  web:2"]
    )
    assert (clone.root / "said").read_text(encoding="utf-8") == "web:2\n"
    assert clone.times == 1


@pytest.mark.parametrize("form", ["a link to a shell", "a folder that is a link", "a pipe", "a folder"])
def test_a_program_that_is_no_file_of_the_repository_is_not_run(clone: Folder, tmp_path: Path, form: str) -> None:
    """A link counts for what it leads to."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    script = outside / "smoke"
    script.write_text(f"#!/bin/sh\ntouch {outside}/ran\n", encoding="utf-8")
    script.chmod(0o755)
    (clone.root / "checks").mkdir()
    program = clone.root / "checks/smoke"
    if form == "a link to a shell":
        program.symlink_to(script)
    elif form == "a folder that is a link":
        program.parent.rmdir()
        program.parent.symlink_to(outside)
    elif form == "a pipe":
        os.mkfifo(program)
    elif form == "a folder":
        program.mkdir()
    said = refusals(Guard(Silent(), dry_run=False), clone, "{command: {args: [checks/smoke]}}")
    assert len(said) == 1
    assert "checks/smoke is no file of the repository, nor the name of a program on the PATH: it was not run" in said[0]
    assert not (outside / "ran").exists()


def test_a_link_inside_of_the_repository_is_fine(clone: Folder) -> None:
    """It leads to a file of it."""
    (clone.root / "real").write_text("#!/bin/sh\n", encoding="utf-8")
    (clone.root / "real").chmod(0o755)
    (clone.root / "smoke").symlink_to("real")
    assert refusals(Guard(Silent(), dry_run=False), clone, "{command: {args: [./smoke]}}") == []


def test_a_name_is_never_looked_for_in_the_repository(clone: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the PATH says: an empty or relative entry means the folder in which the command runs."""
    (clone.root / "true").write_text("#!/bin/sh\ntouch ran\n", encoding="utf-8")
    (clone.root / "true").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "x/..", os.environ["PATH"]]))
    assert refusals(Guard(Silent(), dry_run=False), clone, '{command: {args: ["true"]}}') == []
    assert not (clone.root / "ran").exists()


def test_a_command_that_is_content_refuses_nothing(clone: Folder) -> None:
    """Exit code 0 is all it takes."""
    assert refusals(Guard(Silent(), dry_run=False), clone, '{command: {args: ["true"]}}') == []


def test_both_are_told(clone: Folder, memory: Memory) -> None:
    """Who mends one wants to know of the other."""
    said = refusals(Guard(Silent(), dry_run=False), clone, '{image: check, command: {args: ["false"]}}')
    assert [line.split(":")[1].strip() for line in said] == ["image", "command"]
    assert memory.copies == []
