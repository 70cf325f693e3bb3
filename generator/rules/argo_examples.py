"""The plain Argo CD objects around the one interesting line of each rule's `bad` and `good`."""

from __future__ import annotations

from textwrap import indent

REPOSITORY = "https://git.example.com/shop.git"
_DESTINATION = "{name: shop-prod, namespace: shop}"
_SOURCE = f"source: {{repoURL: {REPOSITORY}, targetRevision: main, path: overlays/prod/web}}\n"
_TEMPLATED = f"source: {{repoURL: {REPOSITORY}, targetRevision: main, path: '{{{{ .path.path }}}}'}}\n"
_GENERATOR = f"- git: {{repoURL: {REPOSITORY}, revision: main, directories: [{{path: overlays/prod/web}}]}}\n"
GO = "goTemplate: true\ngoTemplateOptions: [missingkey=error]\n"


def application(spec: str = "", source: str = _SOURCE, project: str = "shop") -> str:
    """Return an Application with these lines in its `spec`."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: {project}
  destination: {_DESTINATION}
{indent(source + spec, "  ")}"""


def application_set(spec: str = "", head: str = GO, generator: str = _GENERATOR, project: str = "shop") -> str:
    """Return an ApplicationSet with these lines in its `spec`; `head` says how its template is read."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: prod-shop, namespace: argocd}}
spec:
{indent(head + spec, "  ")}  generators:
{indent(generator, "  ")}  template:
    metadata: {{name: "prod-{{{{ .path.basename }}}}"}}
    spec:
      project: {project!r}
      destination: {_DESTINATION}
{indent(_TEMPLATED, "      ")}"""


def project(spec: str) -> str:
    """Return an AppProject with these lines in its `spec`."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: shop, namespace: argocd}}
spec:
{indent(spec, "  ")}"""
