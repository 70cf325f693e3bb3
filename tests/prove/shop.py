"""A small repository to prove things about: one system, one service, one environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "gitops.yaml": """\
repoURL: https://git.example.com/shop.git
argocd: {version: 3.5.7}
kubernetesVersion: "1.35"
environments: [dev]
""",
    "environments/dev.yaml": "production: false\n",
    "clusters/dev.yaml": 'region: eu-west-1\naccount: "111122223333"\n',
    "systems/shop.yaml": """\
owner: shop
namespaces: {shop: {}}
environments:
  dev: {cluster: dev, registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com, domain: dev.example.com}
""",
    "services/cart.yaml": """\
system: shop
image: cart
port: 8080
replicas: 2
resources:
  requests: {cpu: 100m, memory: 64Mi}
  limits: {memory: 64Mi}
readinessProbe: {httpGet: /ready}
""",
}


def make_shop(root: Path, **changes: str) -> Path:
    """Write the repository below `root`; `changes` replaces whole files, `__` in a name standing for `/`."""
    files = FILES | {name.replace("__", "/") + ".yaml": text for name, text in changes.items()}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root
