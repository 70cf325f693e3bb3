"""Sync options that replace objects instead of changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.objects import SERVING
from generator.rules.argocd import SYNC_OPTIONS, blueprints, options, own_options
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

_KEPT = SERVING | {"Namespace", "PersistentVolumeClaim", "Service"}
_ARGO = frozenset({"Application", "ApplicationSet", "AppProject"})

_REPLACE, _FORCE = "Replace=true", "Force=true"
_HARM = {
    _REPLACE: "writes the whole object anew at every sync: what an autoscaler or a controller set there is lost, and a "
    "field that must not change fails the sync",
    _FORCE: "deletes the object and creates it again when the API server refuses a change: its pods, its address or "
    "its data go with it",
}
_BOTH = "together delete the object and create it again at every sync: its pods, its address or its data go with it"


def _replaced(manifest: Manifest, _view: View) -> Iterator[Violation]:
    if what := _harm(own_options(manifest)):
        yield Violation(path=("metadata", "annotations", SYNC_OPTIONS), message=what)
    for blueprint in blueprints(manifest):
        if what := _harm(options(blueprint)):
            yield Violation(
                path=(*blueprint.path, "spec", "syncPolicy", "syncOptions"),
                message=f"for every object of the Application: {what}",
                remedy="take it out; on a Job, which cannot be changed, set it as an annotation of that Job",
            )


def _harm(asked: Collection[str]) -> str:
    found = [option for option in (_REPLACE, _FORCE) if option in asked]
    if len(found) > 1:
        return f"`{_REPLACE}` and `{_FORCE}` {_BOTH}"
    return f"`{found[0]}` {_HARM[found[0]]}" if found else ""


_ANNOTATED = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: orders
  namespace: shop
  annotations: {argocd.argoproj.io/sync-options: "%s"}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 8Gi}}}
"""

ARG005 = Rule(
    id="ARG005",
    title="Sync option that deletes and recreates",
    why="""`Force=true` lets Argo CD delete an object and create it again; `Replace=true` writes it whole instead of
merging, and the two together delete and recreate at every sync. For a workload that is an outage, for a Service a new
address, for a claim the end of the data, for a Namespace the end of everything in it. A Job, whose template cannot be
changed, may have it.""",
    remedy="take the option out; a field that cannot change wants a new object under a new name",
    severity=Severity.ERROR,
    stage="object",
    check=_replaced,
    kinds=_KEPT | _ARGO,
    bad=_ANNOTATED % "Force=true",
    good=_ANNOTATED % "Prune=confirm,Delete=confirm",
)
