"""From the bootstrap command to clusters that hold what the pages say."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import yaml

from generator.findings.errors import ToolError
from generator.tools import process
from tests.e2e.api import RefusedError
from tests.e2e.applications import application_sets
from tests.e2e.audit import events
from tests.e2e.equality import differences
from tests.e2e.scene import ABSENT, CLUSTERS, is_hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.api import Object
    from tests.e2e.applications import Application
    from tests.e2e.argocd import ArgoCD
    from tests.e2e.scene import Scene

_NO_CLUSTER = re.compile(r"there are no clusters with this name: \S+-prod")
_FIRST = 180.0


def bootstrap(scene: Scene) -> str:
    """One command for each Argo CD makes every Application, and no other."""
    for argocd in scene.argocds:
        _bootstrap(scene, argocd)
    wanted = set(scene.roots()) | {name for environment in CLUSTERS for name in scene.overlays(environment)}
    wanted |= {name for name in scene.overlays(ABSENT) if name not in scene.services(ABSENT)}
    scene.until("all Applications made", lambda: set(scene.applications()) >= wanted, scene.roots())
    found = set(scene.applications())
    assert found == wanted, f"Applications that nobody asked for: {', '.join(sorted(found - wanted))}"
    return f"{len(found)} Applications"


def local_secrets(scene: Scene) -> str:
    """`fairlead secrets` gives the local cluster the Secrets that its services name, from a file that git ignores."""
    example = yaml.safe_load(scene.repository.fairlead("secrets", "--env", "local", "--example"))
    values = {entry: f"value of {entry}" for entry in example}
    scene.repository.write("secrets.local.yaml", yaml.safe_dump(values))
    printed = scene.repository.fairlead("secrets", "--env", "local")
    secrets = [each for each in yaml.safe_load_all(printed) if each]
    api = scene.cluster("local").api
    namespaces = {secret["metadata"]["namespace"] for secret in secrets}
    scene.until("the namespaces", lambda: all(api.get("v1", "Namespace", name) for name in namespaces))
    for secret in secrets:
        api.apply(secret)
    assert "secrets.local.yaml" not in scene.repository.tracked()
    return f"{len(secrets)} Secrets of {len(values)} values"


def synced(scene: Scene) -> str:
    """Every Application of a cluster that is there becomes Synced and Healthy."""
    scene.all_fine(_FIRST)
    found = scene.applications()
    counts = [f"{sum(name in found for name in scene.overlays(each))} in {each}" for each in CLUSTERS]
    return ", ".join(counts)


def unreachable(scene: Scene) -> str:
    """What is for clusters that Argo CD does not know says so, and the roots are Synced all the same."""
    shared = set(scene.overlays(ABSENT)) - set(scene.services(ABSENT))
    said = {name: " ".join(scene.application(name).conditions.values()) for name in shared}
    for argocd in scene.argocds:
        sets = application_sets(argocd)
        said |= {f"set {name}": " ".join(sets[name].values()) for name in sets if name.startswith(f"{ABSENT}-")}
    silent = {name: words for name, words in said.items() if not _NO_CLUSTER.search(words)}
    assert not silent, f"no word of a missing cluster: {silent}"
    roots = scene.roots()
    scene.until("the roots Synced", lambda: all(scene.application(name).sync == "Synced" for name in roots), roots)
    return f"{len(said)} Applications and sets say so, {len(roots)} roots Synced"


def equal(scene: Scene) -> str:
    """Each object in the clusters is what kustomize builds, field by field, both ways."""
    wrong, count = [], 0
    for environment in CLUSTERS:
        for name, path in scene.overlays(environment).items():
            built = scene.repository.build(path)
            count += len(built)
            wrong += [line for manifest in built for line in _differences(scene, environment, manifest)]
            wrong += _beyond(scene.application(name), built)
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong])
    return f"{count} objects"


def judged(scene: Scene) -> str:
    """`fairlead validate --api-server` has nothing to say against the repository."""
    return scene.repository.fairlead("validate", "--api-server").strip().splitlines()[-1]


def accepted(scene: Scene) -> str:
    """The API server takes every object of every overlay in a dry run, those of clusters that are not there too."""
    refused, count = [], 0
    for folder in (*scene.repository.folders("overlays/*/*"), *scene.repository.folders("argocd/*")):
        for manifest in scene.repository.build(folder):
            count += 1
            try:
                _ask(scene, folder.split("/")[1], manifest)
            except RefusedError as refusal:
                refused.append(f"{folder}: {manifest['kind']} {manifest['metadata']['name']}: {refusal}")
    assert not refused, "\n".join([f"{len(refused)} objects refused", *refused])
    return f"{count} objects"


def _ask(scene: Scene, place: str, manifest: Object) -> None:
    """Ask the server of an environment or an Argo CD; where there is none, another one as for a new object."""
    if place in CLUSTERS:
        scene.cluster(place).api.apply(manifest, dry=True)
    elif place in scene.clusters:
        scene.clusters[place].api.apply(manifest, dry=True)
    else:
        scene.cluster("dev").api.completed(manifest)


def _bootstrap(scene: Scene, argocd: ArgoCD) -> None:
    folder = scene.repository.root / "argocd" / argocd.name
    argv = [
        os.fspath(scene.machine.programs / "kubectl"),
        *("--kubeconfig", os.fspath(argocd.cluster.kubeconfig), "apply", "--server-side"),
        *("-f", os.fspath(folder / "projects" / "root.yaml"), "-f", os.fspath(folder / "root.yaml")),
    ]
    ended = process.run(argv, env={"HOME": os.fspath(scene.machine.state)})
    if ended.returncode:
        raise ToolError(f"kubectl apply says: {ended.stderr.strip()}")


def _differences(scene: Scene, environment: str, manifest: Object) -> list[str]:
    cluster = scene.cluster(environment)
    found = _job(scene, environment, manifest) if is_hook(manifest) else scene.live(environment, manifest)
    return differences(manifest, cluster.api.completed(manifest), found)


def _beyond(application: Application, built: list[Object]) -> Iterator[str]:
    """Yield the objects that only one of an Application and the model has; hooks come and go."""
    wanted = {(each["kind"], each["metadata"]["name"]): is_hook(each) for each in built}
    hooks = {key for key, hook in wanted.items() if hook}
    for kind, name in sorted((application.resources.keys() ^ wanted.keys()) - hooks):
        yield f"{application.name}: {kind} {name} is not in both"


def _job(scene: Scene, environment: str, manifest: Object) -> Object:
    """Return a hook as the server stored it first: it is gone seconds after it ended."""
    metadata = manifest["metadata"]
    for event in reversed(events(scene.cluster(environment).audit, metadata["namespace"])):
        if event.what == "made" and event.about("jobs", metadata["name"]):
            return event.body
    raise AssertionError(f"Job {metadata['name']} was never made in {environment}")
