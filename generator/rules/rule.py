"""What a rule is: one small value that knows a fault, why it hurts, and how to mend it.

A rule reports on the object that it is handed and may look at everything in its view. It never sees files:
where a finding's line is, `prove/source.py` works out afterwards from the object and the path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import msgspec

from generator.findings.finding import Severity  # msgspec reads annotations at run time
from generator.kubernetes.manifest import Path
from generator.model.base import Manifest
from generator.roots import Reader

# Who notices: the loader of pages, the gate before kustomize, the rules over built objects, or the proof around them.
Stage = Literal["page", "kustomization", "object", "repository", "proof"]


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's word on one object: the field (`path` inside the object), what is wrong, and the smallest fix.

    `severity` and `remedy` speak only where they differ from the rule's own. `unless` is the (kind, namespace, name) of
    an object that makes the violation void if another overlay of the cluster brings it. `shared` names a thing; the
    violation stands only if another environment of the cluster takes the same.
    """

    path: Path
    message: str
    remedy: str = ""
    severity: Severity | None = None
    unless: tuple[str, str, str] | None = None
    shared: str = ""


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A name in one overlay that another overlay must provide, e.g. the host in `http://users-service`.

    `certain` is False where the text may mean something else: `users.shop` may be a public host. `meant` is the name
    of the namespace where the text has its key.
    """

    object: str
    path: Path
    kind: str
    namespace: str
    name: str
    certain: bool = True
    meant: str = ""


class SyncedRepository(msgspec.Struct, frozen=True, kw_only=True):
    """The repository that Argo CD syncs: its address, the branch that it follows, and paths of folders.

    `promised` are folders that pages render, now or with a first release; `folders` are those that are there.
    """

    url: str
    revision: str = "main"
    promised: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a system may sync: (group, kind) of objects, and the namespaces that it has in the environment.

    `elsewhere` maps the system's namespaces in other environments to one of those.
    """

    system: str
    kinds: frozenset[tuple[str, str]]
    namespaces: frozenset[str]
    elsewhere: Mapping[str, str] = {}


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule over built objects may see: the whole overlay, and the environment's nature.

    `environments` says of every environment whether it is production; `limits` is None where no AppProject of a
    system stands between git and the cluster.
    """

    objects: tuple[Manifest, ...]
    environment: str
    production: bool
    service: str
    external: frozenset[str] = frozenset()  # names that the page says somebody else provides
    environments: Mapping[str, bool] = {}
    repository: SyncedRepository | None = None
    limits: Limits | None = None
    kubernetes: str = ""  # minor version of the cluster: 1.35
    provider: str = "aws"  # whose cluster it is; "none" is one like minikube or kind
    reader: Reader = "environment"  # who builds the overlay
    store: str = ""  # kind of the environment's secretStore
    secrets: frozenset[str] = frozenset()  # names under the page's `secrets:`
    neighbours: frozenset[str] = frozenset()  # the other environments on the cluster
    renamed: Mapping[str, str] = {}  # keys of namespaces -> other names that the cluster has for them
    twins: Mapping[str, tuple[str, str]] = {}  # namespaces of other environments of the cluster -> which, the name here
    modelled: tuple[Manifest, ...] = ()  # what the page renders, a person's own files aside
    texts: dict[int, str] = msgspec.field(default_factory=dict)  # what was spelled out already, by `id` of the object

    def spelled_out(self, manifest: Manifest) -> str:
        """Return everything that an object of the view says as one text, for a quick look before a slow one."""
        if id(manifest) not in self.texts:
            self.texts[id(manifest)] = repr(manifest)
        return self.texts[id(manifest)]


Check = Callable[[Manifest, View], Iterable[Violation]]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule.

    `bad` and `good` are YAML: objects for stages `object` and `repository`, else a page or kustomization.
    `production_only` rules are silent outside production environments. `check` is None where the loader or
    the gate does the noticing; it is asked about objects of these `kinds` (of Kubernetes or of Argo CD), None for all.
    """

    id: str
    title: str
    why: str
    remedy: str
    severity: Severity
    stage: Stage
    bad: str
    good: str
    check: Check | None = None
    kinds: frozenset[str] | None = None
    production_only: bool = False
