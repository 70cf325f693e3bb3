"""Words of a merged page of which one drops another: a volume, a mount, a variable, a port (WRK017).

What the page says of `configMap`, `secrets` and the like becomes volumes, mounts and variables. Where another word of
the page has the same name, only one of the two can be rendered, so the page has to choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.configmaps import config_map_name, entries
from generator.inputs.fault import Fault, Path, duplicate_fault
from generator.inputs.keys import name_of
from generator.model.container import mount_name
from generator.model.derived import secret_path, secret_volume

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model.base import Raw
    from generator.model.configmap import ConfigMap
    from generator.model.container import Container
    from generator.model.network import Ingress, KubernetesService
    from generator.model.page import Page
    from generator.model.service import Placement

_HTTPS = ("https", 443)

# A variable, where it is said, and what `null` drops it.
_Variable = tuple[str, Path, Path]


def clashes(page: Page, placement: Placement | None, name: str) -> Iterator[Fault]:
    """Yield a fault for each word of the page of service `name` that another one drops."""
    store = placement.secret_store if placement else None
    driver = store is not None and store.kind == "SecretProviderClass"
    secrets = [secret for secret, keys in page.secrets.items() if keys and driver]
    yield from _variables(page, name)
    yield from _volumes(page, secrets, name)
    yield from _mounts((), page, _derived_mounts(page, secrets), _shown_volumes(page, name))
    for path, job in page.all_jobs:
        yield from _mounts(path, job, _derived_mounts(None, secrets), set())
    for path, service in page.all_services:
        yield from _ports(path, service)
    for path, ingress in page.all_ingresses:
        yield from _certificates(path, ingress)


def _variables(page: Page, name: str) -> Iterator[Fault]:
    """Yield the variables of a container that two words set; the later source wins in the pod."""
    keys = _keys(page, name)
    for owner, container in page.all_containers if page.image is not None else ():
        derived = _derived_variables(page) if container is page else ()
        yield from _set_twice([*derived, *_named_variables(container, keys), *_written_variables(owner, container)])


def _set_twice(said: list[_Variable]) -> Iterator[Fault]:
    first: dict[str, tuple[Path, Path]] = {}
    for variable, path, dropped in said:
        if variable in first and first[variable][0] != path:
            message = f"variable `{variable}` is set twice, and the pod gets that of '{name_of(path)}' alone"
            yield _clash(message, first[variable], (path, dropped))
        first[variable] = path, dropped


def _derived_variables(page: Page) -> Iterator[_Variable]:
    """Yield the variables that the service's own container gets without asking, in the order of their sources."""
    for where, _, settings in page.all_config_maps:
        if settings.is_env:
            yield from ((key, path, path) for key, path in _config_keys(where, settings))
    for name, keys in page.secrets.items():
        yield from ((key, path, dropped) for key, path, dropped in _secret_keys(name, keys))


def _named_variables(container: Container, keys: dict[tuple[str, str], list[_Variable]]) -> Iterator[_Variable]:
    """Yield the variables of the page's own objects that a container takes by `envFrom`."""
    for source in container.envFrom:
        kind, reference = ("Secret", source.secretRef) if source.secretRef else ("ConfigMap", source.configMapRef)
        for key, path, dropped in keys.get((kind, reference.name), ()) if reference else ():
            yield (source.prefix or "") + key, path, dropped


def _written_variables(owner: Path, container: Container) -> list[_Variable]:
    return [(name, (*owner, "env", name), (*owner, "env", name)) for name in container.env]


def _keys(page: Page, name: str) -> dict[tuple[str, str], list[_Variable]]:
    """Return the keys of the page's ConfigMaps and Secrets, by kind and name of the object."""
    found: dict[tuple[str, str], list[_Variable]] = {}
    for where, volume, settings in page.all_config_maps:
        label = config_map_name(settings, page.name or name, volume)
        found["ConfigMap", label] = [(key, path, path) for key, path in _config_keys(where, settings)]
    return found | {("Secret", secret): list(_secret_keys(secret, keys)) for secret, keys in page.secrets.items()}


def _config_keys(where: Path, settings: ConfigMap) -> Iterator[tuple[str, Path]]:
    yield from ((key, (*where, "data", key)) for key in settings.data)
    yield from ((key, path) for path, key, _ in entries(where, settings))


def _secret_keys(name: str, keys: Mapping[str, str]) -> Iterator[_Variable]:
    """Yield the keys of a secret; one without keys is made elsewhere, so the last key goes with the secret."""
    for key in keys:
        path = ("secrets", name, key)
        yield key, path, path[:2] if len(keys) == 1 else path


def _volumes(page: Page, secrets: list[str], name: str) -> Iterator[Fault]:
    shown = _shown_volumes(page, name)
    for path, volume, settings in page.all_config_maps:
        if settings.mountPath and (volume, volume) not in shown:
            yield from _volume(page, volume, (*path, "mountPath"))
    for secret in secrets:
        yield from _volume(page, secret_volume(secret), ("secrets", secret))


def _volume(page: Page, volume: str, source: Path) -> Iterator[Fault]:
    if volume in page.volumes:
        path = ("volumes", volume)
        message = f"'{name_of(path)}' has the name of the volume of '{name_of(source)}', which is then not mounted"
        yield _clash(message, (source, source), (path, path), "call the volume otherwise")


def _shows(source: Raw, config_map: str) -> bool:
    """Return whether a volume shows a ConfigMap of the page itself, with other modes or items: nothing is dropped."""
    sources = [source, *((source.get("projected") or {}).get("sources") or ())]
    return any((one.get("configMap") or {}).get("name") == config_map for one in sources)


def _shown_volumes(page: Page, name: str) -> set[tuple[str, str]]:
    """Return the volumes of the page's ConfigMaps with each of its own volumes that shows the same one."""
    return {
        (derived, volume)
        for _, derived, settings in page.all_config_maps
        for volume, source in page.volumes.items()
        if _shows(source, config_map_name(settings, page.name or name, derived))
    }


def _derived_mounts(page: Page | None, secrets: list[str]) -> list[tuple[str, str, Path]]:
    """Return the path, the volume and the word of each mount that a container gets without asking."""
    own: list[tuple[str, str, Path]] = [
        (settings.mountPath, volume, (*path, "mountPath"))
        for path, volume, settings in (page.all_config_maps if page else ())
        if settings.mountPath
    ]
    return [*own, *((secret_path(name), secret_volume(name), ("secrets", name)) for name in secrets)]


def _mounts(
    owner: Path, container: Container, derived: list[tuple[str, str, Path]], shown: set[tuple[str, str]]
) -> Iterator[Fault]:
    written = [
        (path, mount_name(mount), (*owner, "volumeMounts", path)) for path, mount in container.volumeMounts.items()
    ]
    taken: dict[str, tuple[str, Path]] = {}
    for number, (where, volume, path) in enumerate([*derived, *written]):
        other, source = taken.get(where.rstrip("/"), (volume, path))
        if number < len(derived):
            taken.setdefault(where.rstrip("/"), (volume, path))
        if other != volume and (other, volume) not in shown:
            message = f"'{name_of(path)}' is where '{name_of(source)}' is mounted, and only one of them can be"
            yield _clash(message, (source, source), (path, path), "mount one of them elsewhere")


def _ports(path: Path, service: KubernetesService) -> Iterator[Fault]:
    """Yield the ports of a load balancer that have the name or the number of the one that `https` adds."""
    if service.type != "LoadBalancer" or not service.https:
        return
    name, number = _HTTPS
    source = (*path, "https")
    if service.portName == name and service.port != number:
        yield _taken(source, (*path, "portName"), f"name `{name}`")
    for label, port in service.ports.items():
        if label == name or (port.port == number and port.protocol == "TCP"):
            yield _taken(source, (*path, "ports", label), f"name `{name}`" if label == name else f"number {number}")


def _certificates(path: Path, ingress: Ingress) -> Iterator[Fault]:
    """Yield the Secret of `tlsSecret` that `tls` names again, with hosts of its own."""
    if ingress.tlsSecret in ingress.tls:
        source, written = (*path, "tlsSecret"), (*path, "tls", str(ingress.tlsSecret))
        message = f"'{name_of(written)}' is the Secret of '{name_of(source)}', whose hosts are then left out"
        yield _clash(message, (source, source), (written, written), "keep one, with all its hosts")


def _taken(source: Path, path: Path, what: str) -> Fault:
    message = f"'{name_of(path)}' has the {what} of the port that '{name_of(source)}' adds"
    return _clash(message, (source, source), (path, path), "change one of the two")


def _clash(message: str, one: tuple[Path, Path], other: tuple[Path, Path], remedy: str = "") -> Fault:
    """Make the fault of two words, each with its path and with the path that `null` drops."""
    return duplicate_fault(other[0], message, remedy, (one[0], other[0]), (one[1], other[1]))
