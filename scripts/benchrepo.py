"""A repository of made-up services for the benchmark: one system, three environments, seven objects a service."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENTS = ("dev", "staging", "prod")
FIRST_TAG = "1.0.0"

_GITOPS = """\
repoURL: https://git.example.com/shop/gitops.git
argocd: {version: 3.5.7, instances: {hub: {}}}
kubernetesVersion: "1.35"
environments: [dev, staging, prod]
"""

_CLUSTER = 'region: eu-west-1\naccount: "111122223333"\n'

_SYSTEM = """\
owner: shop
namespaces: {shop: {podSecurity: baseline}}
environments:
"""

_PLACE = """\
  %(env)s:
    cluster: shop-%(env)s
    registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com
    domain: %(env)s.shop.example.com
    certificate: arn:aws:acm:eu-west-1:111122223333:certificate/3c5e7a90-41d2-4b8f-8a6e-9d2b1f0c4e37
"""

# Deployment, Service, Ingress, HorizontalPodAutoscaler, PodDisruptionBudget, ConfigMap, ServiceAccount.
_PAGE = """\
system: shop
image: team%(team)d/%(name)s
port: 8080
env:
  LOG_LEVEL: info
  UPSTREAM_URL: http://%(upstream)s
configMap:
  data:
    FEATURES: "checkout,search,%(name)s"
    TIMEOUT_SECONDS: "%(timeout)d"
service: {port: 80}
ingress:
  className: alb
  scheme: internal
  subdomain: %(name)s
livenessProbe: {httpGet: /healthz, initialDelaySeconds: 5, periodSeconds: 30}
readinessProbe: {httpGet: /ready, periodSeconds: 10}
resources:
  requests: {cpu: 100m, memory: 128Mi}
  limits: {cpu: 500m, memory: 256Mi}
autoscaling: {minReplicas: 2, maxReplicas: 4, cpu: 70}
podDisruptionBudget: {maxUnavailable: 1}
serviceAccount: {role: %(name)s}
environments:
  dev:
    env: {LOG_LEVEL: debug}
  prod:
    autoscaling: {minReplicas: 3, maxReplicas: 12}
    resources:
      requests: {cpu: 250m, memory: 256Mi}
      limits: {cpu: "1", memory: 512Mi}
"""


def make(root: Path, services: int, fairlead: Path) -> None:
    """Make a committed, rendered repository at `root` with every service released to every environment."""
    _write_pages(root, services)
    names = [_name(number) for number in range(services)]
    for environment in ENVIRONMENTS:
        run([str(fairlead), "bump", *names, "--env", environment, "--tag", FIRST_TAG], root)
    run([str(fairlead), "generate"], root)
    run(["git", "init", "--quiet"], root)
    commit(root)


def commit(root: Path) -> None:
    """Commit everything there is."""
    run(["git", "add", "--all"], root)
    author = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com"]
    run(["git", *author, "-c", "gc.auto=0", "commit", "--quiet", "--message", "benchmark"], root)


def push_to(root: Path, remote: Path) -> None:
    """Commit what changed, and give the repository an empty remote that it pushes to."""
    commit(root)
    run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)], root)
    run(["git", "remote", "add", "origin", str(remote)], root)
    run(["git", "push", "--quiet", "origin", "HEAD:main"], root)
    for key, value in (("user.name", "benchmark"), ("user.email", "benchmark@example.com")):
        run(["git", "config", key, value], root)


def commits(remote: Path) -> int:
    """Count the commits of the remote's branch."""
    return int(run(["git", "rev-list", "--count", "main"], remote))


def unrender(root: Path) -> None:
    """Leave only what people and releases wrote: the pages, and the kustomizations with their records."""
    for folder in ("base", "argocd"):
        shutil.rmtree(root / folder, ignore_errors=True)
    for path in (root / "overlays").glob("*/*/*.yaml"):
        if path.name != "kustomization.yaml":
            path.unlink()


def forget(root: Path) -> None:
    """Empty Fairlead's cache of this repository."""
    shutil.rmtree(root / ".git" / "fairlead", ignore_errors=True)


def set_tag(root: Path, number: int, environment: str, tag: str) -> None:
    """Change one tag the way a bot does: one line of one file."""
    path = root / "overlays" / environment / _name(number) / "kustomization.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = [f'  newTag: "{tag}"\n' if line.startswith("  newTag:") else line for line in lines]
    path.write_text("".join(moved), encoding="utf-8")


def run(argv: list[str], root: Path) -> bytes:
    """Run a command that must succeed, and give what it printed."""
    return subprocess.run(argv, cwd=root, check=True, stdout=subprocess.PIPE).stdout


def _write_pages(root: Path, services: int) -> None:
    pages = {"gitops.yaml": _GITOPS}
    places = "".join(_PLACE % {"env": environment} for environment in ENVIRONMENTS)
    pages["systems/shop.yaml"] = _SYSTEM + places
    for environment in ENVIRONMENTS:
        pages[f"environments/{environment}.yaml"] = f"production: {str(environment == 'prod').lower()}\n"
        pages[f"clusters/shop-{environment}.yaml"] = _CLUSTER
    for number in range(services):
        pages[f"services/{_name(number)}.yaml"] = _PAGE % {
            "name": _name(number),
            "team": number % 7,
            "upstream": _name((number + 1) % services),
            "timeout": 5 + number % 20,
        }
    for path, text in pages.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def _name(number: int) -> str:
    return f"service-{number:04d}"
