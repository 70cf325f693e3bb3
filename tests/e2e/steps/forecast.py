"""What `fairlead argocd plan` says without a cluster, against what real ApplicationSet controllers made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.e2e import applications
from tests.e2e.scene import ABSENT

if TYPE_CHECKING:
    from tests.e2e.scene import Scene

_DESTINATION = ("name", "server", "namespace")


def planned(scene: Scene) -> str:
    """`fairlead argocd plan` gives each Application's instance, name, project, path and destination as they are."""
    plan = json.loads(scene.repository.fairlead("argocd", "plan", "--format", "json"))
    said = {each["name"]: _said(each) for each in plan["applications"]}
    assert len(said) == len(plan["applications"]), "two Applications of one name"
    made = {
        name: _made(argocd.name, found)
        for argocd in scene.argocds
        for name, found in applications.applications(argocd).items()
    }
    # An ApplicationSet makes no Application for a cluster that its Argo CD does not know.
    unmade = said.keys() - made.keys()
    assert unmade == scene.services(ABSENT).keys(), f"planned, but not made: {sorted(unmade)}"
    wrong = [f"{name}: planned {said.get(name)}, made {made[name]}" for name in made if said.get(name) != made[name]]
    assert not wrong, "\n".join([f"{len(wrong)} differ", *wrong])
    return f"{len(made)} Applications; {len(unmade)} more for clusters that are not there"


def _said(planned: dict[str, Any]) -> dict[str, Any]:
    destination = {key: planned["destination"][key] for key in _DESTINATION if planned["destination"].get(key)}
    source = {key: planned["source"][key] for key in ("repoURL", "path", "targetRevision")}
    return {"instance": planned["instance"], "project": planned["project"], "destination": destination, **source}


def _made(instance: str, found: applications.Application) -> dict[str, Any]:
    return {"instance": instance, "project": found.project, "destination": found.destination, **found.source}
