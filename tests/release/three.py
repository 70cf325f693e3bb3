"""A repository of three environments, and the text of release records in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.repo.story import Story

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENTS = ("dev", "staging", "prod")
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
_PLACES = "".join(f"  {name}: {{cluster: eu, registry: {REGISTRY}}}\n" for name in ENVIRONMENTS)
PAGES = {
    "gitops.yaml": """\
repoURL: https://git.example.com/shop.git
argocd: {version: 3.5.7}
kubernetesVersion: "1.35"
environments: [dev, staging, prod]
""",
    "clusters/eu.yaml": 'region: eu-west-1\naccount: "111122223333"\n',
    "systems/shop.yaml": f"owner: shop\nnamespaces: {{shop: {{}}}}\nenvironments:\n{_PLACES}",
    **{f"environments/{name}.yaml": "production: false\n" for name in ENVIRONMENTS},
}
HOLD = """\
by: Dev <dev@example.com>
reason: 1.4.3 loses orders
since: "2026-11-01T12:00:00Z"
until: "2026-12-01T12:00:00Z"
record: {web: "1.4.2"}
"""


def page(name: str, more: str = "") -> dict[str, str]:
    """Return the page of a service by its path."""
    return {f"services/{name}.yaml": f"system: shop\nimage: {name}\nport: 8080\n{more}"}


def path(environment: str, service: str = "web") -> str:
    """Return the path of an overlay's kustomization."""
    return f"overlays/{environment}/{service}/kustomization.yaml"


def record(**tags: str) -> str:
    """Return a kustomization with a release for each image."""
    entries = "".join(f'- name: {image}\n  newTag: "{tag}"\n' for image, tag in tags.items())
    return f"kind: Kustomization\nimages:\n{entries}" if tags else "kind: Kustomization\n"


def three(root: Path) -> Story:
    """Begin a story with the pages and the service `web`, in one commit."""
    story = Story(root)
    story.commit(PAGES | page("web"), "Pages")
    return story
