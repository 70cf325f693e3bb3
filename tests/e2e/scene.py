"""All that a step works with: clusters, Argo CDs, the repository; pushing, waiting, and looking."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from tests.e2e import applications as argo
from tests.e2e.argocd import ArgoCD
from tests.e2e.control_plane import Cluster, Machine
from tests.e2e.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.e2e.api import Object
    from tests.e2e.applications import Application

# Environment -> the cluster that it runs in. Nobody knows a cluster of prod.
CLUSTERS = {"dev": "hub", "staging": "staging", "local": "local"}
ABSENT = "prod"
_PAUSE = 0.2
_SECONDS = 90.0


class StuckError(Exception):
    """What was waited for did not come; the text says what is there instead."""


class Scene(msgspec.Struct, frozen=True):
    """The stage on which everything plays."""

    machine: Machine
    clusters: Mapping[str, Cluster]
    argocds: tuple[ArgoCD, ...]
    repository: Repository

    def cluster(self, environment: str) -> Cluster:
        """Return the cluster of an environment."""
        return self.clusters[CLUSTERS[environment]]

    def overlays(self, environment: str) -> dict[str, str]:
        """Return the Applications that the repository's overlays ask for: name -> path."""
        found = self.repository.folders(f"overlays/{environment}/*")
        return {f"{environment}-{path.rpartition('/')[2]}": path for path in found}

    def services(self, environment: str) -> dict[str, str]:
        """Return those of services alone, which have a base."""
        bases = {path.rpartition("/")[2] for path in self.repository.folders("base/*")}
        return {name: path for name, path in self.overlays(environment).items() if path.rpartition("/")[2] in bases}

    def roots(self) -> list[str]:
        """Return the names of the root Applications."""
        return [f"root-{argocd.name}" for argocd in self.argocds]

    def applications(self) -> dict[str, Application]:
        """Return the Applications of all Argo CDs by name."""
        return {name: found for each in self.argocds for name, found in argo.applications(each).items()}

    def application(self, name: str) -> Application:
        """Return one Application; raises AssertionError when there is none."""
        found = self.applications()
        assert name in found, f"no Application {name}; there are {', '.join(sorted(found))}"
        return found[name]

    def push(self, message: str) -> str:
        """Push what changed in the clone, tell every Argo CD, and give the commit."""
        commit = self.repository.push(message)
        self.refresh()
        return commit

    def undo(self) -> str:
        """Push the revert of the last commit, tell every Argo CD, and give the commit."""
        commit = self.repository.undo()
        self.refresh()
        return commit

    def refresh(self) -> None:
        """Tell every Argo CD that there is something new."""
        for each in self.argocds:
            argo.refresh(each)

    def until(self, what: str, test: Callable[[], bool], about: Iterable[str] = (), seconds: float = _SECONDS) -> float:
        """Wait until it is so, and give the seconds that took; raises StuckError with the state of `about` else."""
        began = time.monotonic()
        while not test():
            if time.monotonic() - began > seconds:
                raise StuckError(f"not within {seconds:g} s: {what}\n{self.told(about)}")
            time.sleep(_PAUSE)
        return time.monotonic() - began

    def settled(self, commit: str, names: Iterable[str], seconds: float = _SECONDS) -> float:
        """Wait until a sync has brought the commit to these Applications and all is fine; give the seconds."""
        wanted = set(names)

        def all_have() -> bool:
            found = self.applications()
            return all(name in found and found[name].has(commit) for name in wanted)

        return self.until(f"{len(wanted)} Applications at {commit[:8]}", all_have, wanted, seconds)

    def fine(self, names: Iterable[str], seconds: float = _SECONDS) -> float:
        """Wait until these Applications are Synced and Healthy, whatever was synced last; give the seconds."""
        wanted = set(names)

        def all_fine() -> bool:
            found = self.applications()
            return all(name in found and found[name].fine for name in wanted)

        return self.until(f"{len(wanted)} Applications Synced and Healthy", all_fine, wanted, seconds)

    def all_fine(self, seconds: float = _SECONDS) -> float:
        """Wait until every Application of a cluster that is there is Synced and Healthy."""
        return self.fine([name for environment in CLUSTERS for name in self.overlays(environment)], seconds)

    def told(self, names: Iterable[str]) -> str:
        """Return how these Applications are."""
        found = self.applications()
        return "\n".join(str(found.get(name, f"{name}: no such Application")) for name in sorted(names))

    def live(self, environment: str, manifest: Object) -> Object:
        """Return the object that an environment's cluster has; raises AssertionError when it has none."""
        found = self.cluster(environment).api.live(manifest)
        assert found is not None, f"no {manifest['kind']} {manifest['metadata']['name']} in {environment}"
        return found

    def snapshot(self, environment: str) -> dict[tuple[str, str, str], Object]:
        """Return every object of an environment's overlays as it is, but for hooks, which come and go."""
        taken = {}
        for path in self.overlays(environment).values():
            for manifest in self.repository.build(path):
                if not is_hook(manifest):
                    metadata = manifest["metadata"]
                    key = (manifest["kind"], metadata.get("namespace", ""), metadata["name"])
                    taken[key] = self.live(environment, manifest)
        return taken


def is_hook(manifest: Object) -> bool:
    """Return whether Argo CD runs an object as a hook."""
    return "argocd.argoproj.io/hook" in manifest["metadata"].get("annotations", {})


def images(deployment: Object) -> list[str]:
    """Return the images of a Deployment's containers."""
    return [container["image"] for container in deployment["spec"]["template"]["spec"]["containers"]]
