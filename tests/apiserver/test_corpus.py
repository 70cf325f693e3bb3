"""What a schema check passes and a real API server refuses, case by case: see corpus/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.apiserver.server import stop_all
from tests.apiserver.cases import Case, corpus, make_repository
from tests.apiserver.conftest import KUBERNETES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Fairlead

CASES = corpus()


@pytest.fixture(scope="module")
def report(judging: Path, tmp_path_factory: pytest.TempPathFactory, fairlead: Fairlead) -> Iterator[dict[str, Any]]:
    """Judge all cases in one repository, and give what `validate --api-server` says."""
    assert judging.is_dir()
    root = make_repository(tmp_path_factory.mktemp("corpus"), CASES, KUBERNETES)
    assert fairlead("generate", root=root).code == 0
    answer = fairlead("validate", "--api-server", "--format", "json", root=root)
    assert answer.code == 1, answer.stderr
    yield msgspec.json.decode(answer.stdout)
    stop_all()


def test_kubeconform_passes_the_whole_corpus(report: dict[str, Any]) -> None:
    """Every object is checked against its schema, and no schema speaks against any."""
    assert report["objectsChecked"] >= len(CASES)
    assert report["skipped"] == 0
    assert [found["message"] for found in report["findings"] if found["rule"].startswith("SCH")] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_server_refuses_it_at_the_line_that_a_person_wrote(case: Case, report: dict[str, Any]) -> None:
    """Place and words are exact; other versions than 1.35 may find other words for the same places."""
    said = [
        (f"{place['file']}:{place['line']}:{place['column']}", found["message"])
        for found in report["findings"]
        if found["rule"] == "API001" and _is_of(case, (place := found["place"])["file"])
    ]
    found, expected = [f"{place} {message}" for place, message in said], list(case.expected)
    if KUBERNETES != "1.35":
        found, expected = [place for place, _ in said], [line.partition(" ")[0] for line in expected]
    assert sorted(set(found)) == sorted(set(expected))


def test_nothing_else_is_refused(report: dict[str, Any]) -> None:
    """All that the server said belongs to a case."""
    refused = [found["place"]["file"] for found in report["findings"] if found["rule"] == "API001"]
    assert [file for file in refused if not any(_is_of(case, file) for case in CASES)] == []


def _is_of(case: Case, file: str) -> bool:
    return file == f"services/{case.name}.yaml" or file.startswith(f"overlays/dev/{case.name}/")
