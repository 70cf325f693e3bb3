"""`fairlead explain`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from tests.cli.conftest import Say


def test_each_value_names_its_line(say: Say) -> None:
    """Built-in defaults too; the whole is YAML."""
    said = say("explain", "web", "prod")
    lines = {line.split("#")[0].strip(): line.partition("# ")[2] for line in said.out.splitlines()}
    assert said.code == 0
    assert lines["maxReplicas: 8"] == "services/web.yaml:8"
    assert lines["revisionHistoryLimit: 5"] == "built-in defaults:6"
    assert yaml.safe_load(said.out)["autoscaling"] == {"minReplicas": 2, "maxReplicas": 8, "cpu": 70, "memory": 80}


def test_the_comments_stand_in_one_column(say: Say) -> None:
    """A person reads down the column."""
    columns = {line.index("  # ") for line in say("explain", "web").out.splitlines() if "  # " in line.rstrip()}
    starts = {line.rindex("# ") for line in say("explain", "web").out.splitlines() if "# " in line}
    assert len(starts) == 1
    assert columns


def test_without_an_environment_it_is_the_base(say: Say) -> None:
    """What only an environment says is absent."""
    assert "autoscaling" not in say("explain", "web").out


def test_as_data(say: Say) -> None:
    """A list of leaves, each with its path as a list."""
    leaves = json.loads(say("explain", "web", "prod", "--format", "json").out)
    assert {
        "path": ["autoscaling", "cpu"],
        "value": 70,
        "file": "services/web.yaml",
        "line": 8,
        "column": 56,
    } in leaves


def test_a_value_that_is_overruled_says_by_what(say: Say) -> None:
    """With what is rendered in its place, and why."""
    lines = say("explain", "web", "prod").out.splitlines()
    said = next(line.partition("# ")[2] for line in lines if line.startswith("replicas:"))
    assert said == "services/web.yaml:4; not rendered: an autoscaler decides the number of pods"
    leaves = json.loads(say("explain", "web", "prod", "--format", "json").out)
    leaf = next(each for each in leaves if each["path"] == ["replicas"])
    assert (leaf["rendered"], leaf["why"]) == ("nothing", "an autoscaler decides the number of pods")
