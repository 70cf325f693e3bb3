"""A service as the renderers see it: its merged page, its names, and where it is placed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from generator.model.page import Page
from generator.model.project import Namespace, SecretStore


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """What an environment gives to the services of one system. The base has none of it.

    Without AWS region and account are empty; without a registry `registry` is. `renamed` are the keys of the system's
    namespaces that have another name there.
    """

    environment: str
    production: bool
    cluster: str
    provider: Literal["aws", "none"] = "aws"
    region: str
    account: str
    kubernetes_version: str
    registry: str
    domain: str | None
    certificate: str | None
    ingress_class: str | None = None
    load_balancers: bool = False
    secret_store: SecretStore | None = None
    renamed: frozenset[str] = frozenset()


def find_nobody(_name: str) -> Service | None:
    """Return None: no other service is known."""
    return None


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One service in one environment; `placement` is None in the base, `files` are the repository's by path.

    `namespace` is a name in the cluster; it is empty in the base where environments name it apart. `own` is
    what the page's own part for the environment says, before it is merged. Of the other services `find_service` gives
    the one of a name, `find_config_map` the one that renders a ConfigMap of that name in the same namespace.
    """

    name: str
    system: str
    namespace: str
    page: Page
    placement: Placement | None
    own: Mapping[str, Any] = {}
    files: Mapping[str, bytes] = {}
    find_service: Callable[[str], Service | None] = find_nobody
    find_config_map: Callable[[str], Service | None] = find_nobody

    @property
    def workload(self) -> str:
        """Name of the Deployment, and value of the label `app`."""
        return self.page.name or self.name

    @property
    def selector(self) -> dict[str, str]:
        """Labels that find the pods of the Deployment; selectors are immutable, so one label unless the page says."""
        return self.page.selector or {"app": self.workload}


class SharedNamespaces(msgspec.Struct, frozen=True, kw_only=True):
    """What the services of one system share in one environment; `namespaces` are by their names in the cluster."""

    system: str
    placement: Placement
    namespaces: dict[str, Namespace]
