"""A small repository as Argo CD reads it: one instance, one project, one set over two overlays. Nothing but files."""

from __future__ import annotations

from pathlib import Path

from generator.disk.tree import Tree
from generator.yamlio import dump

URL = "https://git.example.com/shop.git"
CLUSTER = {"name": "dev", "namespace": "shop"}
AUTOMATED = {"automated": {"prune": True, "selfHeal": True}, "syncOptions": ["PruneLast=true"]}


def application(name: str, path: str, project: str = "shop", **spec: object) -> dict[str, object]:
    """Return an Application of this repository."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "project": project,
            "source": {"repoURL": URL, "targetRevision": "main", "path": path},
            "destination": CLUSTER,
            "syncPolicy": AUTOMATED,
            **spec,
        },
    }


def application_set(name: str, *generators: dict[str, object], **spec: object) -> dict[str, object]:
    """Return an ApplicationSet of this repository, with Go's templates unless told otherwise."""
    template = application("dev-{{ .path.basename }}", "{{ .path.path }}")
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": list(generators),
            "syncPolicy": {"applicationsSync": "create-update", "preserveResourcesOnDeletion": True},
            "template": {"metadata": {"name": "dev-{{ .path.basename }}"}, "spec": template["spec"]},
            **spec,
        },
    }


def folders(*paths: str, **more: object) -> dict[str, object]:
    """Return a generator over folders of this repository."""
    return {"git": {"repoURL": URL, "revision": "main", "directories": [{"path": path} for path in paths], **more}}


def project(name: str, **spec: object) -> dict[str, object]:
    """Return an AppProject that lets in this repository, and objects of all kinds in namespace shop of dev."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {"sourceRepos": [URL], "destinations": [CLUSTER], **spec},
    }


def kustomization(*resources: str, **more: object) -> str:
    """Return a kustomization."""
    value = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": list(resources)}
    return dump({**value, **more})


def config_map(name: str, namespace: str = "shop", **annotations: str) -> str:
    """Return a ConfigMap; `__` in the name of an annotation of Argo CD stands for a dash."""
    found = {f"argocd.argoproj.io/{key.replace('__', '-')}": value for key, value in annotations.items()}
    metadata = {"name": name, "namespace": namespace, **({"annotations": found} if found else {})}
    return dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"key": name}})


def job(name: str, level: str, team: str = "shop", **annotations: str) -> str:
    """Return a Job whose pods have a variable; `__` in the name of an annotation of Argo CD stands for a dash."""
    found = {f"argocd.argoproj.io/{key.replace('__', '-')}": value for key, value in annotations.items()}
    container = {"name": name, "image": "registry.example.com/seed:1", "env": [{"name": "LEVEL", "value": level}]}
    metadata = {"name": name, "namespace": "shop", "labels": {"team": team}, "annotations": found}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    return dump({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {"template": template}})


ROOT = application(
    "root", "argocd/hub", "root", destination={"server": "https://kubernetes.default.svc", "namespace": "argocd"}
)
ROOT_PROJECT = project("root", destinations=[{"server": "https://kubernetes.default.svc", "namespace": "argocd"}])

GITOPS = f"""\
repoURL: {URL}
argocd: {{version: 3.5.7}}
kubernetesVersion: "1.35"
environments: [dev]
"""


def hub(*objects: dict[str, object], **files: str) -> dict[str, str]:
    """Return the files of a repository whose instance declares `objects` beside the root; `__` in a name is a `/`."""
    declared = [ROOT, ROOT_PROJECT, *objects]
    names = [f"{number}.yaml" for number in range(len(declared))]
    found = {f"argocd/hub/{name}": dump(each) for name, each in zip(names, declared, strict=True)}
    beside = {name.replace("__", "/"): text for name, text in files.items()}
    return {"gitops.yaml": GITOPS, "argocd/hub/kustomization.yaml": kustomization(*names), **found, **beside}


def overlay(name: str, *texts: str) -> dict[str, str]:
    """Return the files of `overlays/dev/<name>`."""
    files = {f"overlays/dev/{name}/{number}.yaml": text for number, text in enumerate(texts)}
    listed = kustomization(*(f"{number}.yaml" for number in range(len(texts))))
    return {f"overlays/dev/{name}/kustomization.yaml": listed, **files}


def shop(*more: dict[str, object]) -> dict[str, str]:
    """Return the files of a whole repository: project shop, and a set over the overlays web and api."""
    made = application_set("dev-shop", folders("overlays/dev/web", "overlays/dev/api"))
    files = hub(project("shop"), made, *more)
    return files | overlay("web", config_map("web")) | overlay("api", config_map("api"))


def tree_of(files: dict[str, str]) -> Tree:
    """Return a tree that is nowhere on a disk."""
    return Tree(Path("/nowhere"), {path: text.encode() for path, text in sorted(files.items())})


def write(root: Path, files: dict[str, str]) -> None:
    """Write files below `root`."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
