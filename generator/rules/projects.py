"""AppProjects: the fence between a file in git and the rest of the clusters, and what stands outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.values import items, mapping, text
from generator.rules.argo_examples import application, project
from generator.rules.argocd import BLUEPRINTS, argo_kind, blueprints, generators, is_templated
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.argocd import Blueprint
    from generator.rules.view import View

_REACH = "a pull request could then reach Argo CD's own settings and every cluster"
_FIXED = "name a fixed project of your own"
# Generators whose values stand in files that people of any team may change.
_WRITTEN = frozenset({"git", "scmProvider", "pullRequest", "plugin"})


def _fence(manifest: Manifest, _view: View) -> Iterator[Violation]:
    for blueprint in blueprints(manifest):
        yield from _project(blueprint)
        if any(generator.word in _WRITTEN for generator in generators(manifest)):
            yield from _destination(blueprint)
    if argo_kind(manifest) == "ApplicationSet":
        yield from _patch(mapping(manifest.get("spec")))
    if argo_kind(manifest) == "AppProject":
        yield from _open(mapping(manifest.get("spec")))


def _project(blueprint: Blueprint) -> Iterator[Violation]:
    named = blueprint.spec.get("project")
    if blueprint.partial and named is None:
        return
    path = (*blueprint.path, "spec", "project") if blueprint.spec else blueprint.path
    if is_templated(named):
        message = f"project `{named}` is filled in by a generator: whoever writes what the generator reads chooses it"
        yield Violation(path=path, message=f"{message}; {_REACH}", remedy=_FIXED)
    elif not text(named) or named == "default":
        said = "project `default`, which" if named else "no project: that means `default`, which"
        yield Violation(path=path, message=f"{said} usually allows everything; {_REACH}", remedy=_FIXED)


def _destination(blueprint: Blueprint) -> Iterator[Violation]:
    destination = mapping(blueprint.spec.get("destination"))
    for key in ("server", "name"):
        if is_templated(destination.get(key)):
            yield Violation(
                path=(*blueprint.path, "spec", "destination", key),
                message=f"destination `{key}: {destination[key]}` is filled in from git: whoever writes there chooses "
                "the cluster",
                remedy="one ApplicationSet for each cluster, with a fixed destination",
            )


def _patch(spec: dict[Any, Any]) -> Iterator[Violation]:
    if "project" in text(spec.get("templatePatch")):
        yield Violation(
            path=("spec", "templatePatch"),
            message=f"`templatePatch` speaks of `project`: a generator could choose it; {_REACH}",
            remedy=_FIXED,
        )


def _open(spec: dict[Any, Any]) -> Iterator[Violation]:
    for number, destination in enumerate(items(spec.get("destinations"))):
        where = mapping(destination)
        if where.get("namespace") == "*" and "*" in {text(where.get("server")), text(where.get("name"))}:
            yield _wide(("destinations", number), "every namespace of every cluster is a destination", "clusters")
    for number, url in enumerate(items(spec.get("sourceRepos"))):
        if url == "*":
            yield _wide(("sourceRepos", number), "every repository is a source", "repositories")
    for number, kind in enumerate(items(spec.get("clusterResourceWhitelist"))):
        if mapping(kind).get("kind") == "*" and mapping(kind).get("group") == "*":
            yield _wide(("clusterResourceWhitelist", number), "every cluster-wide object is allowed", "kinds")


def _wide(path: Path, what: str, listed: str) -> Violation:
    return Violation(path=("spec", *path), message=f"{what}; {_REACH}", remedy=f"list the {listed} that it needs")


ARG007 = Rule(
    id="ARG007",
    title="Application outside any fence",
    why="""An AppProject says which repositories, clusters, namespaces and kinds an Application may use. The project
`default` allows everything unless somebody closed it; a project that a generator fills in is chosen by whoever writes
the folder or file that it reads; and one with `*` for everything fences nothing. Then a pull request to one service can
change Argo CD's own roles.""",
    remedy=_FIXED,
    severity=Severity.ERROR,
    stage="object",
    check=_fence,
    kinds=BLUEPRINTS | {"AppProject"},
    bad=application(project="default"),
    good=application() + "---\n" + project("sourceRepos: [https://git.example.com/shop.git]\n"),
)
