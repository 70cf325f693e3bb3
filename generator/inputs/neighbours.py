"""The services beside one: whose ConfigMaps its pods may use, and beside whose pods they may be placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from generator.findings.errors import InputError
from generator.inputs.configmaps import config_map_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.inputs.dependencies import Dependencies
    from generator.inputs.service_page import ServicePage
    from generator.model.project import System
    from generator.model.service import Service


class Pages(Protocol):
    """What is asked of the loaded project."""

    @property
    def services(self) -> Mapping[str, ServicePage]:
        """The pages that were asked for."""

    @property
    def systems(self) -> Mapping[str, System]:
        """All systems."""

    @property
    def names(self) -> frozenset[str]:
        """The names of all services."""

    @property
    def dependencies(self) -> Dependencies:
        """Which pages a page depends on."""

    @property
    def read_page(self) -> Callable[[str], ServicePage | None]:
        """Reads the page of a service that was not asked for."""

    def environments_of(self, page: ServicePage) -> tuple[str, ...]:
        """Return the environments where a service may run."""

    def service(self, page: ServicePage, environment: str | None) -> Service:
        """Return a service as an environment sees it."""


class Spot(NamedTuple):
    """Where objects of a service are: a namespace in the base or in an environment."""

    environment: str | None
    cluster: str
    namespace: str


class Neighbours:
    """The services that others refer to, also those that were not asked for; each is worked out once."""

    def __init__(self, project: Pages) -> None:
        self._project = project
        self._pages: dict[str, ServicePage | None] = {}
        self._seen: dict[tuple[str, str | None], Service | None] = {}

    def service(self, environment: str | None, name: str) -> Service | None:
        """Return a service as an environment sees it, None where it does not run or its page cannot be used.

        What is wrong with a page is told when that page is asked for.
        """
        key = (name, environment)
        if key not in self._seen:
            self._seen[key] = self._service(name, environment)
        return self._seen[key]

    def beside(self, environment: str | None, name: str) -> Service | None:
        """Return a service that pods are to stand beside; where it does not run, what its page says for all."""
        return self.service(environment, name) or self.service(None, name)

    def renderer(self, asking: str, spot: Spot, config_map: str) -> Service | None:
        """Return the service other than the one asking that renders a ConfigMap at a spot, None where none does."""
        for name in self._project.dependencies.renderers_of(config_map):
            found = self.service(spot.environment, name) if name != asking else None
            if (
                found is not None
                and spot_of(self._project, found, spot.environment) == spot
                and _has(found, config_map)
            ):
                return found
        return None

    def _service(self, name: str, environment: str | None) -> Service | None:
        page = self._page(name)
        if page is None or page.system not in self._project.systems:
            return None
        if environment is not None and environment not in self._project.environments_of(page):
            return None
        try:
            return self._project.service(page, environment)
        except InputError:
            return None

    def _page(self, name: str) -> ServicePage | None:
        if name not in self._pages:
            known = self._project.services.get(name)
            self._pages[name] = known or (self._project.read_page(name) if name in self._project.names else None)
        return self._pages[name]


def spot_of(project: Pages, service: Service, environment: str | None) -> Spot:
    """Return where a service's objects are.

    In the base a namespace that environments name apart has no name but its key, which is its system's own.
    """
    placement = service.placement
    key = service.page.namespace or next(iter(project.systems[service.system].namespaces))
    namespace = service.namespace or f"{service.system}/{key}"
    return Spot(environment, placement.cluster if placement else "", namespace)


def _has(service: Service, config_map: str) -> bool:
    found = service.page.all_config_maps
    return any(config_map_name(settings, service.workload, volume) == config_map for _, volume, settings in found)
