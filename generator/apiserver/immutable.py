"""What an object that is there lets nobody change: the earlier one is applied for real, then the new one over it, dry.

Whatever the server refuses of the new object only because the earlier one is there, Argo CD could not sync: selectors
of Deployments, templates of Jobs, most of a StatefulSet, and what rules of a CRD compare with the old value. Each is
tried in a namespace of its own, so that environments, clusters and other runs do not meet.
"""

from __future__ import annotations

import contextlib
import secrets
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from generator.apiserver.causes import hear
from generator.apiserver.client import Response
from generator.apiserver.dry_run_request import Question
from generator.apiserver.locate_field import without
from generator.apiserver.namespaces import ensure
from generator.apiserver.network import addresses
from generator.apiserver.session import Session  # msgspec reads annotations at run time
from generator.kubernetes.manifest import Path, at, show
from generator.model.base import Manifest
from generator.prove.check import ObjectFault
from generator.prove.compare import ABSENT, fields
from generator.prove.compare import show as show_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.apiserver.discovery import Resource
    from generator.apiserver.refusal import RefusalCause

# Kinds whose names mean something to the server: they cannot be tried under another one.
_NAMED = frozenset({"Namespace", "CustomResourceDefinition", "APIService"})
# What decides over other requests must never be there for real: it would judge those of every run.
_JUDGING = "admissionregistration.k8s.io/"
# A namespace in which nothing ever is.
_EMPTY = "nothing-before"
_LONGEST_NAME = 253
# A change of more fields than this is reported whole.
_MOST_FIELDS = 24
_REMEDIES = {
    "Deployment": "keep the old value; with another one the Deployment has to be deleted and made again: give it "
    "another `name:`, so that the new one runs before the old one goes",
    "Job": "keep the old value; or give the Job another name: a Job that ran is not run again",
    "StatefulSet": "keep the old value; or `kubectl delete --cascade=orphan` the StatefulSet right before the sync",
    "PersistentVolumeClaim": "keep the old value; or make a claim of another name and move the data",
}
_REMEDY = "keep the old value; or give the object another name, so that a new one is made beside the old"
_ANNOTATION = "argocd.argoproj.io/"
# After these a hook is gone before the next one comes; the first is what Argo CD does without any policy.
_GONE_BEFORE = frozenset({"BeforeHookCreation", "HookSucceeded"})


class ObjectChange(msgspec.Struct, frozen=True):
    """An object that ran before, and what it is to become."""

    before: Manifest
    question: Question


def is_replaced(manifest: Manifest) -> bool:
    """Return whether Argo CD deletes the old object first: a hook, or one that a person lets it recreate."""
    annotations = at(manifest, ("metadata", "annotations")) or {}
    options = _words(annotations.get(f"{_ANNOTATION}sync-options"))
    policy = _words(annotations.get(f"{_ANNOTATION}hook-delete-policy"))
    hook = f"{_ANNOTATION}hook" in annotations and (not policy or bool(policy & _GONE_BEFORE))
    return hook or "Force=true" in options


def _words(text: object) -> set[str]:
    return {word.strip() for word in str(text or "").split(",")} - {""}


def refused_changes(session: Session, change: ObjectChange) -> Iterator[ObjectFault]:
    """Yield each field that cannot become what it is to become; raises ToolError when the server goes away."""
    before, new = _anywhere(change.before, change.question.manifest)
    with _trial(session, before) as trial:
        for refusal in trial.refusals(new) if trial else ():
            paths = list(_culprits(trial, before, new, refusal)) if trial else []
            for path in paths or [refusal.path or ()]:
                yield _fault(change, path, refusal.message)


@contextlib.contextmanager
def _trial(session: Session, before: Manifest) -> Iterator[Trial | None]:
    """Let an earlier object stand while inside; None where the server does not take it: then it cannot run anywhere."""
    resource = session.resource(str(before.get("apiVersion")), str(before.get("kind")))
    if resource is None or before.get("kind") in _NAMED or str(before.get("apiVersion")).startswith(_JUDGING):
        yield None
        return
    trial = Trial(session, f"before-{secrets.token_hex(6)}")  # stays, empty, for as long as the server lives
    ensure(session.client, [trial.place, _EMPTY] if resource.namespaced else [])
    standing = trial.apply(before, trial.place, dry_run=False)
    try:
        yield trial if standing.status < HTTPStatus.BAD_REQUEST else None
    finally:
        session.client.delete(resource.path(trial.place, _named(before, resource, trial.place)["metadata"]["name"]))


class Trial(msgspec.Struct, frozen=True):
    """Where an earlier object stands: a namespace of its own, or for a cluster-wide object a name of its own."""

    session: Session
    place: str

    def refusals(self, manifest: Manifest) -> list[RefusalCause]:
        """Return what is refused only because the earlier object is there."""
        there = hear(manifest, partial(self.apply, place=self.place, dry_run=True))
        alone = hear(manifest, partial(self.apply, place=_EMPTY, dry_run=True)) if there else ()
        return [each for each in there if each not in alone]

    def apply(self, manifest: Manifest, place: str, *, dry_run: bool) -> Response:
        """Apply an object at a place; one of a kind that the server lacks is refused."""
        resource = self.session.resource(str(manifest.get("apiVersion")), str(manifest.get("kind")))
        if resource is None:
            return Response(HTTPStatus.NOT_FOUND, {})
        return self.session.apply(_named(manifest, resource, place), resource, place, dry_run=dry_run)


def _named(manifest: Manifest, resource: Resource, place: str) -> Manifest:
    """Return an object under its name at a place: namespaces keep the names of cluster-wide objects apart no more."""
    if resource.namespaced:
        return manifest
    metadata = manifest["metadata"]
    return manifest | {"metadata": metadata | {"name": f"{place}.{metadata.get('name')}"[:_LONGEST_NAME]}}


def _culprits(trial: Trial, before: Manifest, new: Manifest, refusal: RefusalCause) -> Iterator[Path]:
    """Yield the changed fields behind a complaint: each is tried alone, and those that the server refuses count."""
    changed = _changed(before, new, refusal.path or ())
    if len(changed) == 1:
        yield changed[0]
    elif len(changed) <= _MOST_FIELDS:
        yield from (path for path in changed if trial.refusals(_with(before, path, at(new, path))))


def _changed(before: Manifest, new: Manifest, around: Path) -> list[Path]:
    """Return the changed fields below a field, or else around it: the server may name what it made of another one."""
    changed = [path for path, _, _ in fields(at(before, around), at(new, around), around)]
    return changed if changed or not around else _changed(before, new, around[:-1])


def _with(value: Any, path: Path, other: Any) -> Any:
    """Return a copy of a value with `other` at a path; None takes what is there away."""
    if not path:
        return other
    step, *rest = path
    if isinstance(value, list):
        number = int(step)
        return [*value[:number], _with(value[number], tuple(rest), other), *value[number + 1 :]]
    inner = _with((value or {}).get(step), tuple(rest), other)
    kept = {key: each for key, each in (value or {}).items() if key != step}
    return kept if inner is None else kept | {step: inner}


def _anywhere(before: Manifest, new: Manifest) -> tuple[Manifest, Manifest]:
    """Return both objects such that the earlier one can stand on this server.

    It gets other addresses and ports of nodes than it asks for; an address that does not change is none of the change.
    """
    asked = addresses(before)
    kept = [path for path in asked if at(before, path) == at(new, path)]
    return without(_without_node_ports(before), asked), without(new, kept)


def _without_node_ports(manifest: Manifest) -> Manifest:
    """Return a Service without the ports of nodes that it asks for: the server keeps each for one Service alone."""
    ports = at(manifest, ("spec", "ports"))
    if manifest.get("kind") != "Service" or not isinstance(ports, list):
        return manifest
    free = [{key: value for key, value in port.items() if key != "nodePort"} for port in ports]
    return manifest | {"spec": manifest["spec"] | {"ports": free}}


def _fault(change: ObjectChange, path: Path, message: str) -> ObjectFault:
    new = change.question.manifest
    old, wanted = (show_value(_value(manifest, path)) for manifest in (change.before, new))
    field = f"{show(path)}: " if path else ""
    return ObjectFault(path, f"{field}{message}: {old} -> {wanted}", _REMEDIES.get(str(new.get("kind")), _REMEDY))


def _value(manifest: Manifest, path: Path) -> Any:
    found = at(manifest, path)
    return ABSENT if found is None else found
