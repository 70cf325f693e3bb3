"""What teams run today, said by pages: without patches, without files of one's own, field by field."""

from __future__ import annotations

import pytest
import yaml

from tests.adopt.adoption import PROMISED, SETS, WORKLOADS, documents, measure, sets
from tests.adopt.fields import compare
from tests.adopt.table import PAGE, page, perfect, promised
from tests.generated import hold_current

# The share of objects that are field-perfect, of the kinds that the promise is about: the figure of docs/adoption.md,
# to be raised with each field that finds a word.
AT_LEAST = {"Deployment": 0.96, "CronJob": 1.0, "Service": 1.0, "Ingress": 1.0, "HorizontalPodAutoscaler": 1.0}

PAGES = sorted(path.relative_to(SETS).as_posix() for path in SETS.glob("*/services/*.yaml"))


def test_the_sets_hold_enough_workloads() -> None:
    """Sixty workloads in the shapes of nineteen teams: fewer would prove a case, not the kind."""
    kinds = [each["kind"] for name in sets() for each in documents((SETS / name / "original.yaml").read_text())]

    assert len(sets()) == 19
    assert sum(kind in WORKLOADS for kind in kinds) >= 60


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_a_patch(path: str) -> None:
    """A patch or a file of one's own would hide that a page cannot say something."""
    said = yaml.safe_load((SETS / path).read_bytes())

    assert not said.keys() & {"patches", "extraResources"}


@pytest.mark.parametrize("kind", PROMISED)
def test_pages_say_what_teams_run(kind: str) -> None:
    """So many objects of a kind are, built by kustomize, what their team applies today."""
    good, count = perfect(promised([measure(name) for name in sets()], kind))

    assert good / count >= AT_LEAST[kind]


@pytest.mark.parametrize("name", sets())
def test_pages_render_nothing_that_the_team_does_not_run(name: str) -> None:
    """An object too many would be made at the first sync."""
    assert measure(name).surplus == ()


def test_the_documented_table_is_what_is_measured() -> None:
    """The page is written by scripts/adoption."""
    hold_current(PAGE, page(PAGE.read_text(encoding="utf-8")))


def test_a_default_of_kubernetes_is_no_difference() -> None:
    """The API server fills it in on both sides."""
    spare = {"kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}}
    whole = {"port": 80, "targetPort": 80, "protocol": "TCP"}
    full = {"kind": "Service", "metadata": {"name": "web"}, "spec": {"type": "ClusterIP", "ports": [whole]}}

    assert compare(spare, full).perfect


@pytest.mark.parametrize(
    ("built", "missing", "added"),
    [
        ({"data": {"a": "1"}}, [("data", "b")], []),
        ({"data": {"a": "1", "b": "3"}}, [("data", "b")], []),
        ({"data": {"a": "1", "b": "2", "c": "3"}}, [], [("data", "c")]),
    ],
    ids=["left out", "another value", "one more"],
)
def test_a_difference_is_told_by_its_field(
    built: dict[str, object], missing: list[object], added: list[object]
) -> None:
    """A field left out, a field with another value, a field that the original does not have."""
    head = {"kind": "ConfigMap", "metadata": {"name": "web"}}
    difference = compare({**head, "data": {"a": "1", "b": "2"}}, {**head, **built})

    assert [list(difference.missing), list(difference.added)] == [missing, added]


def test_the_marks_of_an_owner_are_counted_apart() -> None:
    """Fairlead labels what it renders; that is no field of the team's."""
    head = {"kind": "ConfigMap", "metadata": {"name": "web"}}
    labels = {"app.kubernetes.io/managed-by": "fairlead", "app.kubernetes.io/part-of": "shop"}
    difference = compare(head, {**head, "metadata": {"name": "web", "labels": labels}})

    assert difference.perfect
    assert len(difference.ours) == 2
