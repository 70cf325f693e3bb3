"""The commits of an environment, sorted by service, and read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.history.history_reader import Lineage
from tests.release.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.history.release_history import ReleaseStep


class Stream:
    """The steps of dev, newest first, and how many of them were read."""

    def __init__(self, *services: str) -> None:
        stage = Stage()
        self.steps = [stage.step("dev", service, None, {}, {}) for service in services]
        self.read = 0

    def __iter__(self) -> Iterator[ReleaseStep]:
        for step in self.steps:
            self.read += 1
            yield step


def test_the_steps_of_a_service_come_in_their_order() -> None:
    """Those of others are left out, and kept for who asks later."""
    stream = Stream("web", "orders", "web", "orders")
    lineage = Lineage(iter(stream))

    assert list(lineage.of("web")) == [stream.steps[0], stream.steps[2]]
    assert list(lineage.of("orders")) == [stream.steps[1], stream.steps[3]]
    assert stream.read == 4


def test_it_is_read_no_further_than_somebody_asks() -> None:
    """And what was read is not read again."""
    stream = Stream("orders", "web", "web")
    lineage = Lineage(iter(stream))

    assert next(lineage.of("web")) is stream.steps[1]
    assert next(lineage.of("web")) is stream.steps[1]
    assert next(lineage.of("orders")) is stream.steps[0]
    assert stream.read == 2


def test_two_may_read_at_once() -> None:
    """Neither takes a step away from the other."""
    stream = Stream("web", "web", "web")
    lineage = Lineage(iter(stream))
    one, other = lineage.of("web"), lineage.of("web")

    pairs = [(next(one), next(other)) for _ in range(3)]
    assert pairs == [(step, step) for step in stream.steps]
    assert list(one) == list(other) == []


def test_a_service_without_history_has_no_steps() -> None:
    """To know that takes all of them."""
    stream = Stream("web")
    assert list(Lineage(iter(stream)).of("orders")) == []
    assert stream.read == 1
