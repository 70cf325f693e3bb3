"""Services that ran before Fairlead came, and two environments in one cluster."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.e2e.scene import images

if TYPE_CHECKING:
    from tests.e2e.api import Object
    from tests.e2e.scene import Scene

_PAGES = Path(__file__).parents[1] / "pages"
_NAMESPACE = "pantry"
_ADOPTED = "dev-ledger"
_TWO = ("dev", "staging")
_CONVERGE = 240.0
_TAG, _NEXT = "2.3.1", "2.4.0"
_PODS = {"app.kubernetes.io/name": "ledger", "app.kubernetes.io/component": "api"}


def adopted(scene: Scene) -> str:
    """A Deployment, a Service and an Ingress that were applied by hand are adopted, and no pod restarts."""
    api = scene.cluster("dev").api
    by_hand = list(yaml.safe_load_all((_PAGES / "ledger.live.yaml").read_text(encoding="utf-8")))
    before = [api.apply(manifest) for manifest in by_hand]
    scene.until("two pods by hand", lambda: len(_ready(scene)) == before[0]["spec"]["replicas"])
    pods = _ready(scene)
    scene.repository.write("services/ledger.yaml", (_PAGES / "ledger.yaml").read_text(encoding="utf-8"))
    scene.repository.fairlead("bump", f"ledger={_TAG}", "--env", "dev")
    scene.repository.fairlead("generate")
    seconds = scene.settled(scene.push("Adopt the ledger"), [_ADOPTED])
    found = _ready(scene)
    assert found == pods, f"pods were replaced: {pods} by {found}"
    for manifest in before:
        live = scene.live("dev", manifest)
        assert live["metadata"]["uid"] == manifest["metadata"]["uid"], f"{manifest['kind']} was made anew"
        assert live["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "fairlead"
    return f"{seconds:.1f} s from push to Synced and Healthy, {len(pods)} pods as before; {_moved(scene, pods)}"


def shared_cluster(scene: Scene) -> str:
    """Two environments are synced into two namespaces of one cluster, and a bump in one leaves the other as it is."""
    for folder, name in (("systems", "bakery"), ("services", "oven")):
        scene.repository.write(f"{folder}/{name}.yaml", (_PAGES / f"{name}.yaml").read_text(encoding="utf-8"))
    for environment in _TWO:
        scene.repository.fairlead("bump", "oven=1.0.0", "--env", environment)
    scene.repository.fairlead("generate")
    commit = scene.push("Two environments on one cluster")
    seconds = scene.settled(commit, [f"{each}-{name}" for each in _TWO for name in ("bakery", "oven")], _CONVERGE)
    before, built = _objects(scene, "staging"), scene.repository.build("overlays/staging/oven")
    scene.repository.fairlead("bump", "oven=1.1.0", "--env", "dev")
    scene.settled(scene.push("Bump one of two"), ["dev-oven"])
    assert _images(scene, "dev") == ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/oven:1.1.0"]
    assert scene.repository.build("overlays/staging/oven") == built
    assert _objects(scene, "staging") == before, "the other environment changed"
    return (
        f"{seconds:.1f} s from push to Synced and Healthy; a bump in dev leaves {len(before)} objects of staging alone"
    )


def _objects(scene: Scene, environment: str) -> dict[str, tuple[str, object]]:
    """Return uid and spec of each live object of the oven in one environment, by kind; both are on one cluster."""
    api = scene.cluster("dev").api
    found = {each["kind"]: api.live(each) for each in scene.repository.build(f"overlays/{environment}/oven")}
    assert all(live and live["metadata"]["namespace"] == f"bakery-{environment}" for live in found.values())
    return {kind: (live["metadata"]["uid"], live["spec"]) for kind, live in found.items() if live}


def _images(scene: Scene, environment: str) -> list[str]:
    made = scene.repository.build(f"overlays/{environment}/oven")
    deployment = next(each for each in made if each["kind"] == "Deployment")
    return images(scene.cluster("dev").api.live(deployment) or deployment)


def _moved(scene: Scene, pods: set[str]) -> str:
    """Bump what was adopted: its pods are the page's from now on."""
    scene.repository.fairlead("bump", f"ledger={_NEXT}", "--env", "dev")
    began = time.monotonic()
    scene.settled(scene.push("Bump the ledger"), [_ADOPTED])
    scene.until("other pods", lambda: len(_ready(scene)) == len(pods) and not _ready(scene) & pods, [_ADOPTED])
    return f"its first bump {time.monotonic() - began:.1f} s"


def _ready(scene: Scene) -> set[str]:
    """Return the uids of the ledger's pods that are ready, with the number of restarts."""
    found = scene.cluster("dev").api.all("v1", "Pod", _NAMESPACE)
    return {_identity(pod) for pod in found if _PODS.items() <= pod["metadata"]["labels"].items() and _is_ready(pod)}


def _identity(pod: Object) -> str:
    restarts = sum(each["restartCount"] for each in pod["status"].get("containerStatuses", []))
    return f"{pod['metadata']['uid']} {restarts}"


def _is_ready(pod: Object) -> bool:
    conditions = pod.get("status", {}).get("conditions", [])
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]
