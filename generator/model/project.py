"""The pages around the services: the project, its systems, environments and clusters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from generator.model.base import Model, Raw
from generator.model.gates import Gates

Layer = dict[str, Any]
KubernetesVersion = Annotated[str, Meta(pattern="^1\\.[0-9]{2}$", description='Kubernetes minor version, e.g. "1.35"')]
AccountId = Annotated[str, Meta(pattern="^[0-9]{12}$", description="AWS account id, 12 digits, quoted")]


class ArgoCD(Model):
    """The Argo CD that syncs the repository; its version decides the kustomize version."""

    version: Annotated[str, Meta(pattern="^[0-9]+\\.[0-9]+\\.[0-9]+$", description="three numbers, e.g. 3.5.7")]
    namespace: str = "argocd"


class GitOps(Model, kw_only=True):
    """`gitops.yaml`: what holds for the whole repository. `environments` are listed in the order of promotion."""

    repoURL: str
    targetRevision: str = "main"
    argocd: ArgoCD
    kubernetesVersion: KubernetesVersion
    environments: Annotated[list[str], Meta(min_length=1)]


class Environment(Model):
    """`environments/<name>.yaml`: what the environment's name means everywhere; `gates` is what a release must pass."""

    production: bool = False
    gates: Gates = Gates()
    defaults: Layer = {}


class Cluster(Model):
    """`clusters/<name>.yaml`: where pods run."""

    region: str
    account: AccountId
    kubernetesVersion: KubernetesVersion | None = None


class Namespace(Model):
    """A namespace of a system and what guards it. `quota` is a ResourceQuota's `hard`, `limitRange` its raw limits."""

    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    podSecurity: Literal["privileged", "baseline", "restricted"] | None = None
    defaultDeny: bool = False
    quota: dict[str, str | int] = {}
    limitRange: list[Raw] = []


class SystemEnvironment(Model, kw_only=True):
    """Where a system runs in one environment. `certificate` is an ACM ARN; `domain` ends every `subdomain`."""

    cluster: str
    registry: str
    domain: str | None = None
    certificate: str | None = None
    namespaces: dict[str, Layer] = {}
    defaults: Layer = {}


class System(Model):
    """`systems/<name>.yaml`: services that belong together. The first namespace is the services' default."""

    owner: str
    namespaces: Annotated[dict[str, Namespace], Meta(min_length=1)]
    environments: dict[str, SystemEnvironment]
    defaults: Layer = {}
