"""What planning and remembering cost as a repository grows: twice the files, twice the steps. Counted, never timed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from generator.change import Change
from generator.disk.tree import Tree
from generator.findings.finding import Finding, Place, Severity
from generator.layout.unit import Unit
from generator.paths import HEADER
from generator.plan.plan import Plan, plan
from generator.plan.rendering import Rendering

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OURS = f"{HEADER}kind: Job\n".encode()


class Counted(str):
    """A path that counts how often anybody looks at it."""

    steps: ClassVar[int] = 0
    __slots__ = ()

    def __hash__(self) -> int:
        Counted.steps += 1
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        Counted.steps += 1
        return super().__eq__(other)

    def split(self, *given: Any) -> list[str]:
        """Count a look at the parts."""
        Counted.steps += 1
        return super().split(*given)


def steps(work: Callable[[int], Callable[[], object]], size: int) -> int:
    """Return how often paths are looked at while a repository of `size` services is worked on; making it is free."""
    run = work(size)
    Counted.steps = 0
    run()
    return Counted.steps


def tree(root: Path, size: int) -> tuple[Tree, list[Counted]]:
    """Return a repository of `size` services with three rendered files each, and their paths."""
    paths = [Counted(f"base/s{number}/{name}.yaml") for number in range(size) for name in ("a", "b", "c")]
    return Tree(root, dict.fromkeys(paths, OURS)), paths


def changes(paths: list[Counted]) -> tuple[Change, ...]:
    """Return a change for each path."""
    return tuple(Change(path=path, before=OURS, after="") for path in paths)


def remembering_changed(root: Path, size: int) -> Callable[[], object]:
    """Every file of the repository changes."""
    repository, paths = tree(root, size)
    rendering, planned = Rendering(repository), Plan(changes=changes(paths))
    return lambda: rendering.remember(planned)


def remembering_new(root: Path, size: int) -> Callable[[], object]:
    """Beside what is there, as many files are new."""
    repository, _ = tree(root, size)
    new = [Counted(f"base/n{number}/a.yaml") for number in range(size)]
    rendering, planned = Rendering(repository), Plan(changes=changes(new))
    return lambda: rendering.remember(planned)


def deleting(root: Path, size: int) -> Callable[[], object]:
    """No page renders any file any more."""
    repository, paths = tree(root, size)
    return lambda: plan(repository, [], paths)


def straying(root: Path, size: int) -> Callable[[], object]:
    """Every file is a stranger's."""
    _, paths = tree(root, size)
    repository = Tree(root, dict.fromkeys(paths, b"kind: Job\n"))
    return lambda: plan(repository, [], paths)


def restyling(root: Path, size: int) -> Callable[[], object]:
    """Half of the files are new, and every record is in the style of a bot."""
    record = f"{HEADER}images:\n- name: web\n  newTag: %s\n"
    paths: list[str] = [Counted(f"overlays/dev/s{number}/kustomization.yaml") for number in range(size)]
    others: list[str] = [Counted(f"base/s{number}/a.yaml") for number in range(size)]
    repository = Tree(root, dict.fromkeys(paths, (record % "'1.0'").encode()))
    files = dict.fromkeys(paths, record % '"1.0"') | dict.fromkeys(others, "")
    unit = Unit(name="all", files=files, overlays=())
    return lambda: plan(repository, [unit], [])


@pytest.mark.parametrize("work", [remembering_changed, remembering_new, deleting, straying, restyling])
def test_twice_the_services_take_twice_the_steps(
    work: Callable[[Path, int], Callable[[], object]], tmp_path: Path
) -> None:
    """Nothing is held against everything else."""
    small, large = (steps(lambda size: work(tmp_path / str(size), size), size) for size in (40, 160))
    assert small > 0
    assert large <= 4.2 * small


def test_a_file_that_is_new_or_strays_keeps_its_unit_from_being_remembered(tmp_path: Path) -> None:
    """The next run has to render it again; its neighbours it need not."""
    repository, _ = tree(tmp_path, 3)
    new = Change(path="base/s0/new.yaml", before=None, after="")
    place = Place("base/s1/a.yaml")
    stray = Finding(rule="KUS004", severity=Severity.ERROR, place=place, message="", remedy="")
    rendering = Rendering(repository)
    rendering.remember(Plan(changes=(new,), strays=(stray,)))
    assert Rendering(repository).stale() == {"s0", "s1"}
