"""Reading an API server's audit log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.audit import became, events, made

if TYPE_CHECKING:
    from pathlib import Path

JOB = {"resource": "jobs", "namespace": "shop", "name": "migrations"}
DONE = {"status": {"conditions": [{"type": "Complete", "status": "True"}]}}


def _said(time: str, about: dict[str, str], **more: Any) -> dict[str, Any]:
    common = {"verb": "create", "requestURI": "/apis", "responseStatus": {"code": 201}}
    return common | {"stageTimestamp": f"2026-01-01T00:00:{time}Z", "objectRef": about} | more


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log in the order in which answers ended, which is not that of their moments."""
    lines = [
        _said(
            "03.000002",
            {**JOB, "subresource": "status"},
            verb="patch",
            responseStatus={"code": 200},
            responseObject=DONE,
        ),
        _said("01.000001", JOB),
        _said("00.000001", JOB, requestURI="/apis?dryRun=All"),
        _said("00.000002", JOB, responseStatus={"code": 409}),
        _said("02.000001", {**JOB, "subresource": "status"}, verb="patch", responseStatus={"code": 200}),
        _said("00.000003", {**JOB, "namespace": "elsewhere"}),
    ]
    path = tmp_path / "audit.log"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def test_only_what_was_done_in_the_namespace_counts(log: Path) -> None:
    """No dry runs, no refusals, no other namespaces; in the order of time."""
    told = [(event.what, event.resource) for event in events(log, "shop")]

    assert told == [("made", "jobs"), ("changed", "jobs/status"), ("changed", "jobs/status")]


def test_an_object_was_made_when_the_server_said_created(log: Path) -> None:
    """Server-side apply makes objects by a patch; the answer's code tells."""
    assert made(events(log, "shop"), "jobs", "migrations").time == "2026-01-01T00:00:01.000001Z"


def test_a_condition_came_with_the_first_status_that_has_it(log: Path) -> None:
    """The status before said nothing of it."""
    assert became(events(log, "shop"), "jobs", "migrations", "Complete").time == "2026-01-01T00:00:03.000002Z"


def test_what_never_happened_is_told(log: Path) -> None:
    """A step that waits for it fails with these words."""
    with pytest.raises(AssertionError, match="jobs migrations never became Failed"):
        became(events(log, "shop"), "jobs", "migrations", "Failed")
