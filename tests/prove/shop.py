"""A small repository to prove things about: one system, one service, one environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.conftest import Answer, Fairlead, Git

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


def retire_cart(root: Path, fairlead: Fairlead, git: Git, monkeypatch: pytest.MonkeyPatch) -> tuple[Answer, Answer]:
    """Commit a shop as it is, and retire its cart; return the answers to the two steps."""
    for part in ("NAME", "EMAIL"):
        monkeypatch.setenv(f"GIT_AUTHOR_{part}", "test@example.com")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=As released")
    shown = fairlead("retire", "cart", root=root)
    token = shown.text.partition("--confirm ")[2].split()[0]
    return shown, fairlead("retire", "cart", "--confirm", token, "--reason", "nobody buys here", root=root)
