"""Argo CD's own objects as the rules see them: Applications, the templates of ApplicationSets, and what both read.

A template is an Application whose values may still be holes (`{{ .path.path }}`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.kubernetes.manifest import at
from generator.kubernetes.objects import group
from generator.kubernetes.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
FINALIZER = "resources-finalizer.argocd.argoproj.io"
_ENVIRONMENT = "environment"

# https://argo-cd.readthedocs.io/en/release-3.5/operator-manual/applicationset/Generators/
_SOURCES = (("source",), ("sourceHydrator", "drySource"))


# Kinds of which Applications are made.
BLUEPRINTS = frozenset({"Application", "ApplicationSet"})


class Blueprint(NamedTuple):
    """An Application, or a template of one: its path in the object, and what it says.

    `partial` is the template of a single generator, which only adds to the template of its ApplicationSet.
    """

    path: Path
    metadata: dict[Any, Any]
    spec: dict[Any, Any]
    partial: bool = False


class Generator(NamedTuple):
    """One generator of an ApplicationSet: its path in the object, its word (`git`) and what stands under it."""

    path: Path
    word: str
    spec: dict[Any, Any]


class SourceField(NamedTuple):
    """Something that an Application renders: its path in the object, and what it says."""

    path: Path
    spec: dict[Any, Any]


def argo_kind(manifest: Manifest) -> str:
    """Return the kind of an object of Argo CD, the empty text for any other."""
    return text(manifest.get("kind")) if group(manifest) == "argoproj.io" else ""


def blueprints(manifest: Manifest) -> Iterator[Blueprint]:
    """Yield the Application that an object is, or the templates that an ApplicationSet holds."""
    kind = argo_kind(manifest)
    if kind == "Application":
        yield _blueprint(manifest, ())
    if kind == "ApplicationSet":
        yield _blueprint(manifest, ("spec", "template"))
        for generator in generators(manifest):
            if "template" in generator.spec:
                yield _blueprint(manifest, (*generator.path, "template"), partial=True)


def _blueprint(manifest: Manifest, path: Path, *, partial: bool = False) -> Blueprint:
    found = mapping(at(manifest, path))
    return Blueprint(path, mapping(found.get("metadata")), mapping(found.get("spec")), partial)


def generators(manifest: Manifest) -> Iterator[Generator]:
    """Yield the generators of an ApplicationSet, those inside `matrix` and `merge` after them."""
    if argo_kind(manifest) == "ApplicationSet":
        yield from _generators(mapping(manifest.get("spec")).get("generators"), ("spec", "generators"))


def _generators(listed: Any, path: Path) -> Iterator[Generator]:
    for number, each in enumerate(items(listed)):
        for word, spec in mapping(each).items():
            if isinstance(word, str) and isinstance(spec, dict):
                here = (*path, number, word)
                yield Generator(here, word, spec)
                yield from _generators(spec.get("generators"), (*here, "generators"))


def sources(blueprint: Blueprint) -> Iterator[SourceField]:
    """Yield the sources of an Application, in its order."""
    for path in _SOURCES:
        found = at(blueprint.spec, path)
        if isinstance(found, dict):
            yield SourceField((*blueprint.path, "spec", *path), found)
    for number, source in enumerate(items(blueprint.spec.get("sources"))):
        if isinstance(source, dict):
            yield SourceField((*blueprint.path, "spec", "sources", number), source)


def options(blueprint: Blueprint) -> list[str]:
    """Return the sync options of an Application; what is no text is empty."""
    return [text(option).strip() for option in items(mapping(blueprint.spec.get("syncPolicy")).get("syncOptions"))]


def own_options(manifest: Manifest) -> list[str]:
    """Return the sync options that an object asks for itself."""
    annotations = mapping(mapping(manifest.get("metadata")).get("annotations"))
    return [option.strip() for option in text(annotations.get(SYNC_OPTIONS)).split(",")]


def in_production(manifest: Manifest, blueprint: Blueprint, view: View) -> bool:
    """Return whether Applications made from this are production.

    The label `environment` decides, the template's before the object's own. Without it, or with a value that is no
    environment, they are what the view is: all of an Argo CD that syncs any production.
    """
    for metadata in (blueprint.metadata, mapping(manifest.get("metadata"))):
        environment = text(mapping(metadata.get("labels")).get(_ENVIRONMENT))
        if environment in view.environments:
            return view.environments[environment]
    return view.production


def is_templated(value: Any) -> bool:
    """Return whether a value has a hole that a generator fills."""
    return "{{" in text(value)
