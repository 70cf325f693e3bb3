"""The pages around the services: the project, its systems, environments and clusters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from generator.model.aws import Certificate, Region
from generator.model.base import Model, Raw
from generator.model.gates import Duration, Gates
from generator.model.host import Domain, ObjectName, Registry
from generator.model.page import FileName

Layer = dict[str, Any]
KubernetesVersion = Annotated[str, Meta(pattern="^1\\.[0-9]{2}$", description='Kubernetes minor version, e.g. "1.35"')]
AccountId = Annotated[str, Meta(pattern="^[0-9]{12}$", description="AWS account id, 12 digits, quoted")]


# An empty one is for services that know whom to tell, such as a webhook.
Recipient = Annotated[
    str, Meta(pattern="^(\\S|\\S[^\\n]*\\S)?(?!\\n)$", description="whom the service tells, without spaces around it")
]
Recipients = dict[str, Recipient]

GroupKind = Annotated[
    str,
    Meta(
        pattern="^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Z][A-Za-z0-9]*$",
        max_length=150,
        description="API group and kind, e.g. apps/StatefulSet; the kind alone in the core group",
    ),
]


# Words that end up in projects as patterns and in printed commands: no space, no star, and no line break at their end,
# which `$` alone would let through.
Word = Annotated[str, Meta(pattern="^[!-~]+(?!\\n)$", max_length=2000, description="printable, without spaces")]
ClusterName = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z0-9][A-Za-z0-9._:/@-]*(?!\\n)$",
        max_length=500,
        description="the name or ARN under which Argo CD has the cluster",
    ),
]
ServerAddress = Annotated[
    str,
    Meta(
        pattern="^(https?://|arn:)[A-Za-z0-9._:/~-]+(?!\\n)$",
        max_length=500,
        description="the address of an API server, e.g. https://kubernetes.default.svc, or the ARN of one in EKS",
    ),
]


class Destination(Model):
    """A cluster as Argo CD knows it: exactly one of its registered name and its server's address."""

    name: ClusterName | None = None
    server: ServerAddress | None = None


class Instance(Model):
    """One Argo CD. `destination` is how it knows the cluster it runs in; an EKS capability needs a name there.

    `settings` keeps in `argocd-cm` what the order of syncs needs; `notifications` holds the notification services
    (`slack: {token: $slack-token}`) that systems name, with keys of `argocd-notifications-secret` in place of values.
    Neither is possible where AWS manages Argo CD. `extraResources` lists a person's own files in
    `argocd/<instance>/resources/`.
    """

    environments: list[str] = []
    destination: Destination | None = None
    settings: bool = True
    notifications: dict[str, Raw] = {}
    extraResources: list[FileName] = []


class Retry(Model):
    """How Argo CD tries a failed sync again: at most `limit` times, with pauses that grow by `factor`."""

    limit: Annotated[int, Meta(ge=0, le=100)] = 5
    duration: Duration = "5s"
    factor: Annotated[int, Meta(ge=1, le=10)] = 2
    maxDuration: Duration = "3m"


class Sync(Model):
    """What Argo CD may do by itself in an environment: sync a commit, delete what left git, undo changes by hand."""

    automated: bool = True
    prune: bool = True
    selfHeal: bool = True
    retry: Retry = Retry()


class SecretStore(Model, kw_only=True):
    """Where the values behind `secrets:` come from.

    External Secrets reads a `ClusterSecretStore` or a `SecretStore` called `name`; the Secrets Store CSI driver reads
    its `provider` through a `SecretProviderClass`; `File` is a git-ignored YAML file at `path`, for a laptop. `prefix`
    is put before every entry that pages name, but for ARNs; `{env}` in it is the environment.
    """

    kind: Literal["ClusterSecretStore", "SecretStore", "SecretProviderClass", "File"]
    name: ObjectName | None = None
    provider: Literal["aws"] = "aws"
    path: str | None = None
    prefix: Annotated[str, Meta(max_length=200, description="what entries begin with, e.g. {env}/")] = ""
    refreshInterval: Duration = "1h0m0s"


class ArgoCD(Model):
    """The Argo CD that syncs the repository; its version decides the kustomize version.

    Each of `instances` is an Argo CD of its own with its own root Application in `argocd/<instance>/`; without one
    nothing is rendered there. The instance that names no environments takes all that no other names.
    """

    version: Annotated[str, Meta(pattern="^[0-9]+\\.[0-9]+\\.[0-9]+$", description="three numbers, e.g. 3.5.7")]
    namespace: Annotated[
        str, Meta(pattern="^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(?!\\n)$", description="the name of a namespace")
    ] = "argocd"
    instances: dict[str, Instance] = {}


class GitOps(Model, kw_only=True):
    """`gitops.yaml`: what holds for the whole repository. `environments` are listed in the order of promotion."""

    repoURL: Word
    targetRevision: Word = "main"
    argocd: ArgoCD
    kubernetesVersion: KubernetesVersion
    environments: Annotated[list[str], Meta(min_length=1)]


class Environment(Model):
    """`environments/<name>.yaml`: what the environment's name means everywhere; `gates` is what a release must pass.

    Releases are promoted into it and out of it unless `promotion: false`.
    """

    production: bool = False
    promotion: bool = True
    sync: Sync = Sync()
    gates: Gates = Gates()
    defaults: Layer = {}


class Cluster(Model):
    """`clusters/<name>.yaml`: where pods run. Without AWS (`provider: none`: minikube, kind) it has no region.

    Argo CD knows it by the page's name unless `destination` says otherwise. Without AWS `ingressClassName` is the class
    that stands in for `alb` and for none, and with `loadBalancers` something there makes load balancers (MetalLB, k3s).
    """

    provider: Literal["aws", "none"] = "aws"
    region: Region | None = None
    account: AccountId | None = None
    kubernetesVersion: KubernetesVersion | None = None
    destination: Destination | None = None
    ingressClassName: ObjectName | None = None
    loadBalancers: bool = False


class Namespace(Model):
    """A namespace of a system and what guards it. `quota` is a ResourceQuota's `hard`, `limitRange` its raw limits.

    Its key is what pages call it; `name` is what it is called in the cluster, and `{env}` in it the environment.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100, description="its name, e.g. shop-{env}")] | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    podSecurity: Literal["privileged", "baseline", "restricted"] | None = None
    defaultDeny: bool = False
    quota: dict[str, str | int] = {}
    limitRange: list[Raw] = []


class SystemEnvironment(Model, kw_only=True):
    """Where a system runs in one environment. `certificate` is an ACM ARN; `domain` ends every `subdomain`.

    Without a `registry` images keep their bare names, as minikube and kind load them. `secretStore` is where the values
    behind `secrets:` come from.
    """

    cluster: str
    registry: Registry | None = None
    domain: Domain | None = None
    certificate: Certificate | None = None
    secretStore: SecretStore | None = None
    notifications: Recipients = {}
    namespaces: dict[str, Layer] = {}
    defaults: Layer = {}


class System(Model):
    """`systems/<name>.yaml`: services that belong together. The first namespace is the services' default.

    `kinds` are what people's own resources may be, beside the kinds that pages render: `apps/StatefulSet`, or `Pod` of
    the core group. `notifications` says whom Argo CD tells about a failed sync or a sick service, by way of which
    notification service: `{slack: thoughts-alerts}`.
    """

    owner: str
    namespaces: Annotated[dict[str, Namespace], Meta(min_length=1)]
    environments: dict[str, SystemEnvironment]
    kinds: list[GroupKind] = []
    notifications: Recipients = {}
    defaults: Layer = {}
