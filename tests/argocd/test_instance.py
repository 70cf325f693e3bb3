"""Which Argo CD syncs what, and where a finding about its objects points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.enrolment import roster
from generator.inputs.load import load
from generator.inputs.scope import environments_of
from generator.kubernetes.manifest import ObjectId
from generator.prove.source import instance_source
from tests.argocd.conftest import objects

if TYPE_CHECKING:
    from generator.disk.tree import Tree
    from tests.argocd.conftest import Objects


def test_the_instance_that_names_no_environments_takes_the_others(shop: Tree) -> None:
    """The instance that names no environments takes the others."""
    project = load(shop)
    assert environments_of(project, "hub") == ("staging", "prod")
    assert environments_of(project, "lab") == ("dev",)


def test_no_name_of_an_application_or_set_is_used_twice(shop: Tree) -> None:
    """No name of an application or set is used twice."""
    names = [key for instance in ("hub", "lab") for key in objects(shop, instance) if key[0].startswith("Application")]
    assert len(names) == len(set(names))


def test_the_root_looks_after_itself(hub: Objects) -> None:
    """The root looks after itself."""
    spec = hub["Application", "root-hub"]["spec"]
    assert spec["source"]["path"] == "argocd/hub"
    assert spec["destination"] == {"name": "management", "namespace": "gitops"}


def test_without_a_word_argo_cd_runs_where_it_is(shop: Tree) -> None:
    """Without a word Argo CD runs where it is."""
    root = objects(shop, "lab")["Application", "root-lab"]["spec"]
    assert root["destination"]["server"] == "https://kubernetes.default.svc"


def test_a_finding_points_at_the_line_of_the_page_behind_it(shop: Tree) -> None:
    """A finding points at the line of the page behind it."""
    project = load(shop)
    source = instance_source(project, "hub", roster(project, shop))
    id_ = ObjectId("argoproj.io", "AppProject", "gitops", "shop")
    place, written = source.place(id_, ("spec", "syncWindows", 0, "schedule"))
    assert (str(place), written) == ("environments/prod.yaml:10:16", True)


def test_a_finding_about_the_repository_points_at_gitops_yaml(shop: Tree) -> None:
    """A finding about the repository points at `gitops.yaml`."""
    project = load(shop)
    source = instance_source(project, "hub", roster(project, shop))
    id_ = ObjectId("argoproj.io", "ApplicationSet", "gitops", "prod-shop")
    place, written = source.place(id_, ("spec", "template", "spec", "source", "targetRevision"))
    assert (place.file, place.line, written) == ("gitops.yaml", 2, True)
