"""Manifests as careful people write them: no rule has anything to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.kubernetes.objects import kind, name, namespace
from generator.rules.references import references
from generator.rules.runner import violations
from generator.rules.unprovided import unknown

from .examples import view

STREAMS = sorted((Path(__file__).parent / "healthy").glob("*.yaml"))


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.stem)
def test_healthy_objects_raise_no_alarm(stream: Path) -> None:
    """Neither errors nor warnings."""
    seen = view(stream.read_text())
    assert [f"{rule.id} {one['kind']} {said.message}" for rule, one, said in violations(seen)] == []


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.stem)
def test_healthy_references_are_known(stream: Path) -> None:
    """Each stream provides the Services that it names, or lists them as external."""
    seen = view(stream.read_text())
    provided = {(namespace(one), name(one)) for one in seen.objects if kind(one) == "Service"}
    assert [said.message for _, said in unknown(references(seen.objects), provided, seen.external)] == []
