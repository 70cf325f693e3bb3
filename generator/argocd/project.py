"""AppProjects: from which repository, into which namespaces of which clusters, and what kinds of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.argocd.application import API_VERSION, PLATFORM, ROOT
from generator.argocd.policy import CONFIRMED
from generator.argocd.window import shared_windows, windows
from generator.render import KINDS, NAMESPACE, SHARED_KINDS
from generator.render.common import SYNC_WAVE, ownership

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.inputs.scope import InstanceScope
    from generator.model.base import Manifest

GroupKind = tuple[str, str]

# Projects must be there before anything that names them.
_WAVE = {SYNC_WAVE: "-2"}

RENDERED: frozenset[GroupKind] = frozenset(group_kind for group_kind, _ in KINDS)

# What controllers make of it: a project that does not know a kind hides it from the Application's tree, pods and their
# logs included (argo-cd v3.5.7, controller/appcontroller.go:618).
_SEEN: tuple[GroupKind, ...] = (
    ("", "Endpoints"),
    ("", "Pod"),
    ("apps", "ReplicaSet"),
    ("discovery.k8s.io", "EndpointSlice"),
    ("elbv2.k8s.aws", "TargetGroupBinding"),
)

# What a system's shared overlay holds inside its namespaces.
_SHARED: frozenset[GroupKind] = frozenset(group_kind for group_kind, _ in SHARED_KINDS) - {NAMESPACE}

# What the root Application brings; a person's own resources there are Applications and their like.
OF_ARGOCD: tuple[GroupKind, ...] = (
    ("", "ConfigMap"),
    ("argoproj.io", "AppProject"),
    ("argoproj.io", "Application"),
    ("argoproj.io", "ApplicationSet"),
)


def allowed_kinds(more: Iterable[str] = ()) -> frozenset[GroupKind]:
    """Return the (group, kind) of all objects that a system may sync; `more` are the `kinds:` of its page."""
    return frozenset((*RENDERED, *_SEEN, *(_group_kind(text) for text in more)))


def system_project(scope: InstanceScope, system: str) -> Manifest:
    """Return the project of a system's services: its own namespaces, its own clusters, no cluster-wide object."""
    places = [place for place in scope.places if place.system == system]
    spec = {
        "description": f"Services of {system}",
        "sourceRepos": [scope.repository],
        "destinations": _unique(
            {**place.cluster, "namespace": namespace} for place in places for namespace in place.namespaces
        ),
        "clusterResourceWhitelist": [],
        "namespaceResourceWhitelist": _listed(allowed_kinds(places[0].kinds)),
    }
    return _project(scope, system, system, {**spec, **_closed(window for place in places for window in windows(place))})


def platform_project(scope: InstanceScope) -> Manifest:
    """Return the project of what systems share: the only one that may create Namespaces.

    Their names are not listed: one that left its page would then belong to nobody and stay, or wait for a person,
    whichever Argo CD saw first, the project or the namespace.
    """
    spec = {
        "description": "Namespaces of all systems, and what guards them",
        "sourceRepos": [scope.repository],
        "destinations": _unique(
            {**place.cluster, "namespace": namespace} for place in scope.places for namespace in place.namespaces
        ),
        "clusterResourceWhitelist": _listed([NAMESPACE]),
        "namespaceResourceWhitelist": _listed(_SHARED),
    }
    return _project(scope, PLATFORM, PLATFORM, {**spec, **_closed(shared_windows(scope.places))})


def root_project(scope: InstanceScope) -> Manifest:
    """Return the project of the root Application: Argo CD's own objects, in its own namespace."""
    spec = {
        "description": "What Argo CD itself reads",
        "sourceRepos": [scope.repository],
        "destinations": [{**scope.here, "namespace": scope.namespace}],
        "clusterResourceWhitelist": [],
        "namespaceResourceWhitelist": _listed(OF_ARGOCD),
    }
    return _project(scope, ROOT, ROOT, spec)


def _project(scope: InstanceScope, name: str, part_of: str, spec: dict[str, Any]) -> Manifest:
    return {
        "apiVersion": API_VERSION,
        "kind": "AppProject",
        "metadata": {
            "name": name,
            "namespace": scope.namespace,
            "labels": ownership(part_of),
            "annotations": {**_WAVE, **CONFIRMED},
        },
        "spec": spec,
    }


def _closed(windows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    listed = list(windows)
    return {"syncWindows": listed} if listed else {}


def _group_kind(text: str) -> GroupKind:
    group, _, kind = text.rpartition("/")
    return group, kind


def _listed(kinds: Iterable[GroupKind]) -> list[dict[str, str]]:
    return [{"group": group, "kind": kind} for group, kind in sorted(kinds)]


def _unique(destinations: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return list({tuple(each.items()): each for each in destinations}.values())
