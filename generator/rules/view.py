"""What a rule over built objects may see: the objects of an overlay, and what surrounds them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from generator.model.base import Manifest
from generator.roots import Reader


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
