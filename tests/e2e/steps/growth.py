"""A system that comes, with its namespaces and its first service in one commit; and parts of it that go."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.applications import API_VERSION
from tests.e2e.argocd import NAMESPACE
from tests.e2e.audit import events
from tests.e2e.scene import is_hook
from tests.e2e.steps.order import in_order

if TYPE_CHECKING:
    from tests.e2e.api import Object
    from tests.e2e.scene import Scene

_PAGES = Path(__file__).parents[1] / "pages"
_OVERLAY = "overlays/dev/larder"
_SERVICE, _SYSTEM = "dev-larder", "dev-pantry"
_CONVERGE = 240.0
_APPROVED = "argocd.argoproj.io/deletion-approved"


def new_system(scene: Scene) -> str:
    """A system, its namespaces and its first service in one commit converge."""
    for folder, name in (("systems", "pantry"), ("services", "larder")):
        scene.repository.write(f"{folder}/{name}.yaml", (_PAGES / f"{name}.yaml").read_text(encoding="utf-8"))
    scene.repository.fairlead("bump", "larder=1.0.0", "--env", "dev")
    scene.repository.fairlead("generate")
    began = time.monotonic()
    commit = scene.push("A system and its first service")
    scene.settled(commit, [_SERVICE, _SYSTEM], _CONVERGE)
    seconds = time.monotonic() - began
    return f"{seconds:.1f} s from push to Synced and Healthy; {in_order(scene, 'dev', _OVERLAY)}"


def pruned(scene: Scene) -> str:
    """What a page drops is deleted, after everything else of the same sync was changed."""
    ingress = next(each for each in scene.repository.build(_OVERLAY) if each["kind"] == "Ingress")
    scene.repository.edit("services/larder.yaml", r"(?m)^ingress: .*\n", "")
    scene.repository.fairlead("generate")
    scene.repository.fairlead("bump", "larder=1.1.0", "--env", "dev")
    commit = scene.push("No more Ingress")
    seconds = scene.settled(commit, [_SERVICE])
    api = scene.cluster("dev").api
    assert api.live(ingress) is None
    found = events(scene.cluster("dev").audit, "pantry")
    gone = next(each.time for each in found if (each.what, each.resource) == ("deleted", "ingresses"))
    moved = [each.time for each in found if (each.what, each.resource) == ("changed", "deployments")]
    assert any(each < gone for each in moved), "the Ingress went before the Deployment moved"
    return f"{seconds:.1f} s from push to Synced and Healthy"


def retired(scene: Scene) -> str:
    """`fairlead retire` and the commands that it names take a service away, and nothing else."""
    name, service, environment = "local-users-backend", "users-backend", "local"
    objects = [each for each in scene.repository.build(f"overlays/{environment}/{service}") if not is_hook(each)]
    shown = scene.repository.fairlead("retire", service, "--env", environment)
    confirm = re.search(r"--confirm (\w+)", shown)
    assert confirm, shown
    reason = ["--confirm", confirm[1], "--reason", "no longer needed"]
    scene.repository.fairlead("retire", service, "--env", environment, *reason)
    scene.repository.fairlead("generate")
    scene.settled(scene.push(f"Retire {service}"), ["root-local"])
    lost = "app path does not exist"
    scene.until(lost, lambda: lost in " ".join(scene.application(name).conditions.values()), [name])
    seconds = _deleted(scene, name, shown)
    left = [each["kind"] for each in objects if scene.cluster(environment).api.live(each) is not None]
    assert not left, f"left behind: {left}"
    scene.fine(scene.overlays(environment))
    return f"{len(objects)} objects gone {seconds:.1f} s after the Application was deleted"


def _deleted(scene: Scene, name: str, shown: str) -> float:
    """Delete an Application by the commands that were `shown`, and give the seconds until it is gone."""
    finalizers = {"metadata": {"finalizers": ["resources-finalizer.argocd.argoproj.io"]}}
    assert f"patch application {name} --type merge --patch '{json.dumps(finalizers, separators=(',', ':'))}'" in shown
    assert f"delete application {name}" in shown
    api = scene.argocds[-1].cluster.api
    api.merge(_application(name), finalizers)
    api.delete(_application(name))
    return scene.until("the Application gone", lambda: name not in scene.applications(), [name])


def namespace_confirmed(scene: Scene) -> str:
    """A Namespace that its system drops stays until a person confirms, and goes then."""
    archive: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "pantry-archive"}}
    scene.repository.edit("systems/pantry.yaml", r"(?m)^  pantry-archive: .*\n", "")
    scene.repository.fairlead("generate")
    scene.push("No more archive")

    def asks() -> bool:
        return "confirm" in scene.application(_SYSTEM).message

    scene.until("the question", asks, [_SYSTEM])
    said = scene.application(_SYSTEM).message
    api = scene.cluster("dev").api
    assert api.live(archive) is not None, "the Namespace went without a word"
    approval = {"metadata": {"annotations": {_APPROVED: "2030-01-01T00:00:00Z"}}}
    scene.argocds[0].cluster.api.merge(_application(_SYSTEM), approval)
    seconds = scene.until("the Namespace gone", lambda: api.live(archive) is None, [_SYSTEM])
    scene.fine([_SYSTEM])
    return f"it says: {said[:80]}; gone {seconds:.1f} s after the confirmation"


def _application(name: str) -> Object:
    return {"apiVersion": API_VERSION, "kind": "Application", "metadata": {"name": name, "namespace": NAMESPACE}}
