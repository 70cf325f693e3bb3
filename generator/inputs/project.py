"""The loaded project: typed pages, the layers behind every service, and where each service is placed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import InputError, UsageError
from generator.findings.nearest import nearest
from generator.inputs.configmaps import unfit_config_maps
from generator.inputs.consistency import contradictions
from generator.inputs.dependencies import Dependencies
from generator.inputs.fault import placed
from generator.inputs.layers import Layer, Layers
from generator.inputs.namespaces import name_everywhere, names_in, namespaces_in
from generator.inputs.neighbours import Neighbours, spot_of
from generator.inputs.passed import unfit_passed
from generator.inputs.service_page import ServicePage
from generator.model.page import Page
from generator.model.project import Cluster, Environment, GitOps, System
from generator.model.service import Placement, Service, SharedNamespaces
from generator.yamlio import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding


class Project(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything that pages say, positions kept; `services` are the pages asked for, `names` those of all services.

    `files` are those of the whole repository by path: pages name some of them. `read_page` reads the page of a service
    that was not asked for, None where it cannot be read; `dependencies` tells which of them another one needs.
    """

    gitops: GitOps
    systems: Mapping[str, System]
    environments: Mapping[str, Environment]
    clusters: Mapping[str, Cluster]
    services: Mapping[str, ServicePage]
    names: frozenset[str]
    documents: Mapping[str, Document]
    defaults: Document
    files: Mapping[str, bytes]
    dependencies: Dependencies
    read_page: Callable[[str], ServicePage | None]

    def page(self, name: str) -> ServicePage:
        """Return a service's page; raises UsageError with the nearest name when there is none."""
        if name in self.services:
            return self.services[name]
        near = nearest(name, self.names)
        raise UsageError(f"no service '{name}'" + (f"; did you mean '{near}'?" if near else ""))

    def environments_of(self, page: ServicePage) -> tuple[str, ...]:
        """Return the environments where a service may run, in the order of promotion."""
        places = self.systems[page.system].environments
        return tuple(env for env in self.gitops.environments if env in places and env not in page.excluded)

    def route_of(self, page: ServicePage) -> tuple[str, ...]:
        """Return the environments through which a service is promoted, in their order."""
        return tuple(env for env in self.environments_of(page) if self.environments[env].promotion)

    @property
    def promoted(self) -> tuple[str, ...]:
        """The environments that releases are promoted through, in their order."""
        known = self.environments
        return tuple(env for env in self.gitops.environments if env in known and known[env].promotion)

    def require_environment(self, page: ServicePage, environment: str) -> None:
        """Raise UsageError with the nearest name when the service cannot run in `environment`."""
        known = self.environments_of(page)
        if environment not in known:
            near = nearest(environment, known)
            hint = f"did you mean '{near}'?" if near else f"it runs in: {', '.join(known)}"
            raise UsageError(f"{page.name} does not run in '{environment}'; {hint}")

    def placement(self, system: str, environment: str) -> Placement:
        """Return what an environment provides to a system's services."""
        place = self.systems[system].environments[environment]
        cluster = self.clusters[place.cluster]
        return Placement(
            environment=environment,
            production=self.environments[environment].production,
            cluster=place.cluster,
            provider=cluster.provider,
            region=cluster.region or "",
            account=cluster.account or "",
            kubernetes_version=cluster.kubernetesVersion or self.gitops.kubernetesVersion,
            registry=place.registry or "",
            domain=place.domain,
            certificate=place.certificate,
            ingress_class=cluster.ingressClassName,
            load_balancers=cluster.loadBalancers,
            secret_store=place.secretStore,
            renamed=frozenset(key for key, name in self.namespaces(system, environment).items() if key != name),
        )

    def namespaces(self, system: str, environment: str) -> dict[str, str]:
        """Return the names that a system's namespaces have in an environment, by their keys."""
        return names_in(self.systems[system], environment)

    def layers(self, page: ServicePage, environment: str | None) -> Layers:
        """Return the layers of a page: built-in < environment < system < system there < page < page there."""
        layers = tuple(layer for layer in self._layers(page, environment) if layer.values)
        return Layers(layers if _has_service(page, layers) else tuple(_without_service(layers)))

    def _layers(self, page: ServicePage, environment: str | None) -> Iterator[Layer]:
        yield Layer(self.defaults, (), self.defaults.value)
        if environment is not None:
            system = self.documents[f"systems/{page.system}.yaml"]
            yield _layer(self.documents[f"environments/{environment}.yaml"], ("defaults",))
            yield _layer(system, ("defaults",))
            yield _layer(system, ("environments", environment, "defaults"))
        own = {key: value for key, value in page.document.value.items() if key not in {"system", "environments"}}
        yield Layer(page.document, (), own)
        if environment is not None:
            yield _layer(page.document, ("environments", environment))

    def service(self, page: ServicePage, environment: str | None) -> Service:
        """Return a service as an environment (None: the base) sees it; raises InputError for an unfit merged page."""
        layers = self.layers(page, environment)
        merged = self._typed(layers, environment)
        placement = self.placement(page.system, environment) if environment else None
        found = contradictions(page.name, merged, placement, self.systems[page.system].namespaces, layers)
        found += unfit_passed(merged, placement, layers)
        found += [placed(fault, layers) for fault in unfit_config_maps(merged, page.name, self.files)]
        if found:
            raise InputError([_seen_in(finding, environment) for finding in found])
        service = Service(
            name=page.name,
            system=page.system,
            namespace=self._namespace(page, merged, environment),
            page=merged,
            placement=placement,
            own=_layer(page.document, ("environments", environment)).values if environment else {},
            files=self.files,
        )
        return msgspec.structs.replace(
            service,
            find_service=partial(self.neighbours.beside, environment),
            find_config_map=partial(self.neighbours.renderer, page.name, spot_of(self, service, environment)),
        )

    @cached_property
    def neighbours(self) -> Neighbours:
        """The services that pages refer to, whether they were asked for or not."""
        return Neighbours(self)

    def _namespace(self, page: ServicePage, merged: Page, environment: str | None) -> str:
        """Return the name of a service's namespace; in the base the empty text where environments name it apart."""
        system = self.systems[page.system]
        key = merged.namespace or next(iter(system.namespaces))
        return name_everywhere(system, key) if environment is None else self.namespaces(page.system, environment)[key]

    def _typed(self, layers: Layers, environment: str | None) -> Page:
        try:
            return msgspec.convert(layers.merged, Page)
        except msgspec.ValidationError as error:
            from generator.inputs.schema_errors import misfits  # 90 ms that a good page does not pay

            found = misfits(layers.merged, Page, layers, str(error))
            raise InputError([_seen_in(finding, environment) for finding in found]) from error

    def shared(self, system: str, environment: str) -> SharedNamespaces:
        """Return what a system's services share in one environment."""
        namespaces = namespaces_in(self.systems[system], environment)
        return SharedNamespaces(system=system, placement=self.placement(system, environment), namespaces=namespaces)

    @cached_property
    def beside(self) -> Mapping[str, frozenset[str]]:
        """The files in the folders beside services' pages, by service."""
        found: dict[str, set[str]] = {}
        for path in self.files:
            if path.startswith("services/") and path.count("/") > 1:
                _, service, file = path.split("/", 2)
                found.setdefault(service, set()).add(file)
        return {service: frozenset(files) for service, files in found.items()}

    @cached_property
    def shared_overlays(self) -> tuple[tuple[str, str], ...]:
        """Every (system, environment) that runs somewhere, in a fixed order."""
        return tuple(
            (system, environment)
            for system in sorted(self.systems)
            for environment in self.gitops.environments
            if environment in self.systems[system].environments
        )


def _layer(document: Document, path: tuple[str, ...]) -> Layer:
    value = document.value
    for step in path:
        value = value.get(step) or {}
    return Layer(document, path, value)


def _has_service(page: ServicePage, layers: tuple[Layer, ...]) -> bool:
    """Report whether the page writes a Service itself, or has a port for the one that the layers below it write."""
    own = [layer.values for layer in layers if layer.document is page.document]
    if any(values.get("service") is not None or values.get("port") for values in own):
        return True
    merged = Layers(layers).merged
    return any(merged.get(word) for word in ("port", "ports")) or "externalName" in (merged.get("service") or {})


def _without_service(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    """Yield the layers without the Service that those below a page give to pages with a port."""
    for layer in layers:
        yield msgspec.structs.replace(
            layer, values={key: value for key, value in layer.values.items() if key != "service"}
        )


def _seen_in(finding: Finding, environment: str | None) -> Finding:
    if environment is None:
        return finding
    return msgspec.structs.replace(finding, environment=environment)
