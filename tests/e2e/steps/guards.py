"""What Argo CD must not do: fight an autoscaler, delete what merely vanished, or empty a service."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.e2e.applications import API_VERSION, owning_sets
from tests.e2e.argocd import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.api import Object
    from tests.e2e.argocd import ArgoCD
    from tests.e2e.scene import Scene

# How long nothing may happen, while Argo CD is asked again and again.
_QUIET = 10.0


def autoscaled(scene: Scene) -> str:
    """Replicas that an autoscaler set are no drift, and stay."""
    frontend = _deployment("frontend")
    api = scene.cluster("staging").api
    api.merge(frontend, {"spec": {"replicas": 5}}, "/scale")
    _quiet(scene, "staging-frontend", lambda: scene.live("staging", frontend)["spec"]["replicas"] == 5)
    return f"5 replicas for {_QUIET:.0f} s, Synced all the time"


def self_healed(scene: Scene) -> str:
    """A change by hand to what the pages say is undone."""
    users = _deployment("users-backend")
    container = scene.live("dev", users)["spec"]["template"]["spec"]["containers"][0]
    patch = {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "by-hand:1"}
    scene.cluster("dev").api.patch(users, [patch])

    def healed() -> bool:
        found = scene.live("dev", users)["spec"]["template"]["spec"]["containers"][0]
        return bool(found["image"] == container["image"])

    seconds = scene.until("the image healed", healed, ["dev-users-backend"])
    scene.fine(["dev-users-backend"])
    return f"{seconds:.1f} s"


def vanished_overlay(scene: Scene) -> str:
    """A service whose overlay vanished from git keeps its Application and every object."""
    name, overlay = "local-users-backend", "overlays/local/users-backend"
    objects = [scene.live("local", manifest) for manifest in scene.repository.build(overlay)]
    scene.repository.remove(overlay)
    scene.repository.edit("argocd/local/applicationsets/local-thoughts.yaml", rf"\n *- path: {overlay}\n", "\n")
    commit = scene.push("An overlay lost")
    scene.settled(commit, ["root-local"])
    scene.until("an error told", lambda: bool(scene.application(name).conditions), [name])
    _quiet(scene, "", lambda: _all_there(scene, "local", objects) and name in scene.applications())
    assert "app path does not exist" in " ".join(scene.application(name).conditions.values())
    scene.undo()
    scene.fine([name])
    return f"{len(objects)} objects stay; the Application says that its path does not exist"


def empty_render(scene: Scene) -> str:
    """An overlay that builds to nothing is refused, and no object is deleted."""
    name, overlay = "dev-thoughts-backend", "overlays/dev/thoughts-backend"
    objects = [scene.live("dev", manifest) for manifest in scene.repository.build(overlay)]
    for path in scene.repository.files(overlay):
        scene.repository.remove(path)
    scene.repository.write(f"{overlay}/kustomization.yaml", "resources: [nothing.yaml]\n")
    scene.repository.write(f"{overlay}/nothing.yaml", "# Nothing.\n")
    scene.push("An overlay without objects")
    scene.until("the refusal", lambda: bool(scene.application(name).conditions), [name])
    _quiet(scene, "", lambda: _all_there(scene, "dev", objects))
    said = " ".join(scene.application(name).conditions.values())
    assert "wipe out" in said, said
    scene.undo()
    scene.fine([name])
    return f"{len(objects)} objects stay; auto-sync will not wipe out all resources"


def broken_overlay(scene: Scene) -> str:
    """An overlay that cannot be built is an error of its Application alone, and every object stays."""
    name, overlay = "dev-users-backend", "overlays/dev/users-backend"
    objects = [scene.live("dev", manifest) for manifest in scene.repository.build(overlay)]
    scene.repository.write(f"{overlay}/kustomization.yaml", "resources: [\n")
    scene.push("An overlay that cannot be built")
    told = scene.until("the error", lambda: "ComparisonError" in scene.application(name).conditions, [name])
    assert _all_there(scene, "dev", objects)
    others = set(scene.services("dev")) - {name}
    assert all(scene.application(each).fine for each in others), scene.told(others)
    scene.undo()
    scene.fine([name])
    return f"told after {told:.1f} s, {len(objects)} objects stay"


def deleted_set(scene: Scene) -> str:
    """The root Application brings a deleted ApplicationSet back, and no workload is made anew meanwhile."""
    frontend = _deployment("frontend")
    uid = scene.live("dev", frontend)["metadata"]["uid"]
    hub = scene.argocds[0]
    metadata = {"name": "dev-thoughts", "namespace": NAMESPACE}
    gone = {"apiVersion": API_VERSION, "kind": "ApplicationSet", "metadata": metadata}
    old = (hub.cluster.api.live(gone) or {})["metadata"]["uid"]
    hub.cluster.api.delete(gone)
    owners = {"dev-frontend", "dev-thoughts-backend", "dev-users-backend"}
    back = scene.until("the ApplicationSet back", lambda: _owned_anew(hub, owners, old), ["root-hub"])
    scene.fine(owners)
    assert scene.live("dev", frontend)["metadata"]["uid"] == uid, "the Deployment was made anew"
    return f"back after {back:.1f} s"


def _owned_anew(argocd: ArgoCD, names: set[str], old: str) -> bool:
    """Return whether all these Applications belong to a set, and that set is not the old one."""
    owners = owning_sets(argocd)
    return all(owners.get(name, old) != old for name in names)


def _quiet(scene: Scene, name: str, holds: Callable[[], bool]) -> None:
    """Ask Argo CD to look again and again for a while; raises AssertionError when it does not hold any more."""
    until = time.monotonic() + _QUIET
    while time.monotonic() < until:
        scene.refresh()
        time.sleep(1)
        assert holds(), f"it did not stay\n{scene.told([name] if name else [])}"
        assert not name or scene.application(name).sync == "Synced", scene.told([name])


def _all_there(scene: Scene, environment: str, objects: list[Object]) -> bool:
    return all(scene.live(environment, each)["metadata"]["uid"] == each["metadata"]["uid"] for each in objects)


def _deployment(name: str) -> Object:
    metadata = {"name": name, "namespace": "example"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}
