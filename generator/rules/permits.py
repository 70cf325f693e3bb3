"""What AppProjects refuse of a person's own Applications: one that is not there, a source, a destination.

Both stand in the folder of one Argo CD, so nothing else needs to be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.controller.permission import ApplicationDestination, is_destination_permitted, is_source_permitted
from generator.findings.nearest import did_you_mean
from generator.kubernetes.objects import name
from generator.kubernetes.values import mapping, text
from generator.rules.argocd import argo_kind, blueprints, is_templated, sources
from generator.rules.repository import shown
from generator.rules.rule import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.argocd import Blueprint
    from generator.rules.view import View

_NOTHING = "Argo CD refuses the Application and syncs nothing"


def unpermitted(manifest: Manifest, view: View) -> Iterator[Violation]:
    """Yield what the AppProjects of an Argo CD refuse of an Application, or of what a set makes; ours fit theirs."""
    if not argo_kind(manifest).startswith("Application") or _is_rendered(manifest, view):
        return
    projects = {name(each): each for each in view.objects if argo_kind(each) == "AppProject"}
    for blueprint in blueprints(manifest):
        named, path = text(blueprint.spec.get("project")), (*blueprint.path, "spec", "project")
        if is_templated(named) or named in {"", "default"}:
            continue  # ARG007
        if named in projects:
            yield from _of_sources(blueprint, projects[named])
            yield from _of_destination(blueprint, projects[named])
        else:
            yield _absent(named, path, projects, view)


def _is_rendered(manifest: Manifest, view: View) -> bool:
    me = argo_kind(manifest), name(manifest)
    return len(view.objects) == len(view.modelled) or any((argo_kind(each), name(each)) == me for each in view.modelled)


def _absent(named: str, path: Path, projects: dict[str, Manifest], view: View) -> Violation:
    guess = did_you_mean(named, projects)
    return Violation(
        path=path,
        message=f"project `{named}` does not exist in argocd/{view.service}: {_NOTHING}",
        remedy=f"{guess} name one of {_listed(projects)}, or add an AppProject under `extraResources`".lstrip(),
    )


def _listed(projects: dict[str, Manifest]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(projects))


def _of_sources(blueprint: Blueprint, project: Manifest) -> Iterator[Violation]:
    for source in sources(blueprint):
        address = text(source.spec.get("repoURL"))
        if address and not is_templated(address) and not is_source_permitted(project, address):
            yield Violation(
                path=(*source.path, "repoURL"),
                message=f"AppProject `{name(project)}` takes nothing from {shown(address)}: {_NOTHING}",
                remedy=_other("sourceRepos"),
            )


def _of_destination(blueprint: Blueprint, project: Manifest) -> Iterator[Violation]:
    given = mapping(blueprint.spec.get("destination"))
    if not given or any(map(is_templated, given.values())):
        return
    there = ApplicationDestination(
        text(given.get("name")) or None, text(given.get("server")) or None, text(given.get("namespace"))
    )
    if bool(there.name) != bool(there.server) and is_destination_permitted(project, there) is False:
        yield Violation(
            path=(*blueprint.path, "spec", "destination"),
            message=f"{there} is no destination of AppProject `{name(project)}`: {_NOTHING}",
            remedy=_other("destinations"),
        )


def _other(word: str) -> str:
    return f"add it under `{word}:` of an AppProject of your own, or name a project that has it"
