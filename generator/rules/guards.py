"""Argo CD's guards in production: what keeps an empty render, a lost line or a deleted set from deleting what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.values import items, mapping, text
from generator.rules.argo_examples import application, application_set
from generator.rules.argocd import BLUEPRINTS, FINALIZER, argo_kind, blueprints, in_production, options
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.argocd import Blueprint
    from generator.rules.view import View

_POLICIES = ("create-only", "create-update")


def _automation(manifest: Manifest, view: View) -> Iterator[Violation]:
    for blueprint in blueprints(manifest):
        if in_production(manifest, blueprint, view):
            yield from _unguarded(blueprint)


def _unguarded(blueprint: Blueprint) -> Iterator[Violation]:
    policy = mapping(blueprint.spec.get("syncPolicy"))
    automated = mapping(policy.get("automated"))
    path: Path = (*blueprint.path, "spec", "syncPolicy", "automated")
    if automated.get("allowEmpty") is True:
        yield Violation(
            path=(*path, "allowEmpty"),
            message="`allowEmpty: true` turns off Argo CD's only guard against an empty render: a commit that renders "
            "nothing would delete everything that runs",
            remedy="remove `allowEmpty`",
        )
    if automated.get("prune") is True and "PruneLast=true" not in options(blueprint):
        yield Violation(
            path=(*path, "prune"),
            message="`prune: true` without `PruneLast=true`: what left git is deleted before what takes its place is "
            "healthy",
            remedy="add `PruneLast=true` under `syncPolicy.syncOptions`",
        )


ARG003 = Rule(
    id="ARG003",
    title="Production that an empty or half render may delete",
    why="""With `automated.prune` Argo CD deletes what is not in git any more. Its only guard against a render that
comes out empty, after a lost line in a kustomization or a failing generator, is to refuse a sync that would delete
everything; `allowEmpty: true` turns it off. And without `PruneLast=true` old objects are deleted in the order of waves,
before those that replace them are healthy. Looked at are Applications, and templates of ApplicationSets, whose label
`environment` names a production environment, or none.""",
    remedy="no `allowEmpty`, and `syncOptions: [PruneLast=true]`",
    severity=Severity.ERROR,
    stage="object",
    check=_automation,
    kinds=BLUEPRINTS,
    bad=application("syncPolicy: {automated: {prune: true, allowEmpty: true}, syncOptions: [PruneLast=true]}\n"),
    good=application("syncPolicy: {automated: {prune: true}, syncOptions: [PruneLast=true]}\n"),
)


def _cascades(manifest: Manifest, view: View) -> Iterator[Violation]:
    for blueprint in blueprints(manifest):
        if not in_production(manifest, blueprint, view):
            continue
        yield from _finalizers(blueprint)
        if argo_kind(manifest) == "ApplicationSet" and not blueprint.partial:
            yield from _set_policy(mapping(manifest.get("spec")))


def _finalizers(blueprint: Blueprint) -> Iterator[Violation]:
    who = "each Application made from this template" if blueprint.path else "the Application"
    for number, finalizer in enumerate(items(blueprint.metadata.get("finalizers"))):
        if text(finalizer).partition("/")[0] == FINALIZER:
            yield Violation(
                path=(*blueprint.path, "metadata", "finalizers", number),
                message=f"with the finalizer `{finalizer}`, deleting {who} deletes everything that it deployed",
                remedy="remove the finalizer: an Application that goes by mistake then leaves its objects running",
            )


def _set_policy(spec: dict[object, object]) -> Iterator[Violation]:
    """Yield what lets a set delete: its controller adds the finalizer itself unless told to preserve resources."""
    policy = mapping(spec.get("syncPolicy"))
    path: Path = ("spec", "syncPolicy")
    if policy.get("preserveResourcesOnDeletion") is not True:
        yield Violation(
            path=(*path, "preserveResourcesOnDeletion") if policy else path,
            message="`preserveResourcesOnDeletion` is not true: an Application that the set drops, for an empty list "
            "or a misspelt generator, then deletes everything that it deployed",
        )
    allowed = policy.get("applicationsSync")
    if allowed not in _POLICIES:
        said = f"is `{allowed}`" if text(allowed) else "is not set, which means `sync`"
        yield Violation(
            path=(*path, "applicationsSync") if policy else path,
            message=f"`applicationsSync` {said}: an Application that no generator gives any more is deleted",
        )


ARG004 = Rule(
    id="ARG004",
    title="ApplicationSet or Application that takes production with it",
    why="""An ApplicationSet whose generator fails, or lists nothing for a moment, drops Applications; with the
finalizer, which its controller adds by default, each of them deletes all that it deployed. Whole productions went that
way, by a finalizer in a default template for instance. Three fields stop it: `preserveResourcesOnDeletion: true`,
`applicationsSync: create-update`, and no `resources-finalizer.argocd.argoproj.io`. What is to go then goes by hand, or
by `fairlead retire`.""",
    remedy="`spec.syncPolicy: {applicationsSync: create-update, preserveResourcesOnDeletion: true}`, and no finalizer "
    "in the template",
    severity=Severity.ERROR,
    stage="object",
    check=_cascades,
    kinds=BLUEPRINTS,
    bad=application_set("syncPolicy: {applicationsSync: sync}\n"),
    good=application_set("syncPolicy: {applicationsSync: create-update, preserveResourcesOnDeletion: true}\n"),
)
