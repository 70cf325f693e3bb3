"""The Applications that an Argo CD has once it has read the repository: declared ones, and those that its sets make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.controller.application import API_VERSION, Application
from generator.controller.checkout import Checkout
from generator.controller.git_generator import GeneratorContext
from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.template import render_deep
from generator.controller.parameters import parameters_of
from generator.findings.finding import Place
from generator.kubernetes.manifest import at
from generator.preview.declared import declaration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.model.base import Manifest
    from generator.preview.declared import Declaration, Declared

FINALIZER = "resources-finalizer.argocd.argoproj.io"

# What a set's template and its own fields may say; anything else in a set is not worked out here.
_KNOWN = frozenset(
    {
        "goTemplate", "goTemplateOptions", "generators", "template", "syncPolicy", "ignoreApplicationDifferences",
        "preservedFields", "strategy", "applyNestedSelectors",
    }
)  # fmt: skip
# With these a set never deletes an Application that it no longer makes.
_KEEPING = frozenset({"create-only", "create-update"})


class Unexpanded(msgspec.Struct, frozen=True, kw_only=True):
    """An ApplicationSet (or a whole instance) whose Applications are unknown, and why.

    `certain` says that Argo CD fails on it too; otherwise it may well make Applications that are not shown.
    """

    name: str
    place: Place
    why: str
    certain: bool = False


class Expansion(msgspec.Struct, frozen=True, kw_only=True):
    """The Applications of an instance, root first, each set's in the order of its parameters; and what is unknown."""

    applications: tuple[Application, ...]
    unexpanded: tuple[Unexpanded, ...]


def applications(tree: Tree, instance: str) -> list[Application]:
    """Return every Application that the Argo CD `instance` has once it has read `tree`, as its controllers make them.

    Pure: `tree` holds everything, and nothing is run. Sets that are not worked out here are left out;
    `expanded` tells of them. Raises InputError for an instance that cannot be read.
    """
    return list(expanded(Checkout(tree.files), declaration(tree, instance)).applications)


def expanded(checkout: Checkout, declared: Declaration) -> Expansion:
    """Expand what an instance declares against the repository."""
    found = [
        Application(manifest=each.manifest, place=each.place, owner_annotations=each.annotations)
        for each in declared.applications
    ]
    unexpanded = [
        Unexpanded(name=declared.instance, place=place, why=f"its kustomization changes what it lists, by `{key}`")
        for place, key in declared.changed
    ]
    for each in declared.sets:
        try:
            found += _made(each, _scene(each, checkout, declared))
        except ExpansionError as error:
            unexpanded.append(Unexpanded(name=each.name, place=each.place, why=str(error), certain=True))
        except UnsupportedError as error:
            unexpanded.append(Unexpanded(name=each.name, place=each.place, why=str(error)))
    root = declared.root
    ordered = sorted(found, key=lambda each: root is None or each.manifest is not root.manifest)
    return Expansion(applications=tuple(ordered), unexpanded=tuple(unexpanded))


def _scene(each: Declared, checkout: Checkout, declared: Declaration) -> GeneratorContext:
    """Return what a set is expanded against.

    The repository's address and branch are those that the root is read from.
    """
    if declared.root is None:
        raise UnsupportedError(
            f"no Application reads argocd/{declared.instance}, so the repository's address is unknown"
        )
    source = at(declared.root.manifest, ("spec", "source"))
    options = tuple(at(each.manifest, ("spec", "goTemplateOptions")) or ())
    go = bool(at(each.manifest, ("spec", "goTemplate")))
    return GeneratorContext(
        checkout, str(source.get("repoURL")), str(source.get("targetRevision") or ""), options if go else None
    )


def _made(each: Declared, scene: GeneratorContext) -> Iterator[Application]:
    spec = each.manifest.get("spec") or {}
    for key in spec:
        if key not in _KNOWN:
            raise UnsupportedError(f"`{key}`")
    policy = spec.get("syncPolicy") or {}
    keeps = policy.get("applicationsSync") in _KEEPING
    sets = [found for generator in spec.get("generators") or () for found in parameters_of(generator, scene)]
    return iter([_application(each, spec.get("template") or {}, found, scene, keeps=keeps) for found in sets])


def _application(
    each: Declared, template: dict[str, Any], parameters: dict[str, Any], scene: GeneratorContext, *, keeps: bool
) -> Application:
    rendered = render_deep(template, parameters, scene.options) if parameters else template
    metadata = {**rendered.get("metadata", {}), "namespace": at(each.manifest, ("metadata", "namespace")) or ""}
    preserved = at(each.manifest, ("spec", "syncPolicy", "preserveResourcesOnDeletion"))
    if parameters and not preserved and not metadata.get("finalizers"):
        metadata["finalizers"] = [FINALIZER]
    manifest: Manifest = {
        "apiVersion": API_VERSION,
        "kind": "Application",
        "metadata": metadata,
        "spec": rendered.get("spec", {}),
    }
    return Application(
        manifest=manifest, place=each.place, made_by=each.name, keeps=keeps, owner_annotations=each.annotations
    )
