"""Words of a merged page of which one drops another: a volume, a mount, a variable, a port, an annotation (WRK017).

What the page says of `configMap`, `secrets` and the like becomes volumes, mounts and variables. Where another word of
the page has the same name, only one of the two can be rendered, so the page has to choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.configmaps import config_map_name, config_maps, entries
from generator.inputs.fault import Fault, Path
from generator.inputs.keys import name_of
from generator.model.container import mount_name
from generator.model.derived import CHECKSUM, ROLE, secret_path, secret_volume

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Raw
    from generator.model.container import Container
    from generator.model.network import KubernetesService
    from generator.model.page import Page
    from generator.model.service import Placement

_HTTPS = ("https", 443)


def clashes(page: Page, placement: Placement | None, name: str) -> Iterator[Fault]:
    """Give a fault for each word of the page of service `name` that another one drops."""
    store = placement.secret_store if placement else None
    driver = store is not None and store.kind == "SecretProviderClass"
    secrets = [secret for secret, keys in page.secrets.items() if keys and driver]
    yield from _variables(page)
    yield from _volumes(page, secrets, name)
    yield from _mounts((), page, _derived_mounts(page, secrets), _shown_volumes(page, name))
    for path, job in page.all_jobs:
        yield from _mounts(path, job, _derived_mounts(None, secrets), set())
    yield from _annotations(page)
    for path, service in page.all_services:
        yield from _ports(path, service)


def _variables(page: Page) -> Iterator[Fault]:
    """Give the variables of the service's own container that two words set; the later source wins in the pod."""
    said: list[tuple[str, Path, Path]] = [
        (key, path, path)
        for where, _, settings in config_maps(page)
        if settings.is_env
        for key, path in (
            *((key, (*where, "data", key)) for key in settings.data),
            *((key, path) for path, key, _ in entries(where, settings)),
        )
    ]
    for name, keys in page.secrets.items():
        # A secret without keys is one that is made elsewhere, so the last key goes with the secret.
        said += [
            (key, ("secrets", name, key), ("secrets", name) if len(keys) == 1 else ("secrets", name, key))
            for key in keys
        ]
    said += [(name, ("env", name), ("env", name)) for name in page.env]
    first: dict[str, tuple[Path, Path]] = {}
    for variable, path, dropped in said if page.image is not None else ():
        if variable in first:
            message = f"variable `{variable}` is set twice, and the pod gets that of '{name_of(path)}' alone"
            yield _clash(message, first[variable], (path, dropped))
        first[variable] = path, dropped


def _volumes(page: Page, secrets: list[str], name: str) -> Iterator[Fault]:
    shown = _shown_volumes(page, name)
    for path, volume, settings in config_maps(page):
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
    """Say whether a volume shows a ConfigMap of the page itself, with other modes or items: then nothing is dropped."""
    sources = [source, *((source.get("projected") or {}).get("sources") or ())]
    return any((one.get("configMap") or {}).get("name") == config_map for one in sources)


def _shown_volumes(page: Page, name: str) -> set[tuple[str, str]]:
    """Give the volumes of the page's ConfigMaps with each of its own volumes that shows the same one."""
    return {
        (derived, volume)
        for _, derived, settings in config_maps(page)
        for volume, source in page.volumes.items()
        if _shows(source, config_map_name(settings, page.name or name, derived))
    }


def _derived_mounts(page: Page | None, secrets: list[str]) -> list[tuple[str, str, Path]]:
    """Give the path, the volume and the word of each mount that a container gets without asking."""
    own: list[tuple[str, str, Path]] = [
        (settings.mountPath, volume, (*path, "mountPath"))
        for path, volume, settings in (config_maps(page) if page else ())
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
    """Give the ports of a load balancer that have the name or the number of the one that `https` adds."""
    if service.type != "LoadBalancer" or not service.https:
        return
    name, number = _HTTPS
    source = (*path, "https")
    if service.portName == name and service.port != number:
        yield _taken(source, (*path, "portName"), f"name `{name}`")
    for label, port in service.ports.items():
        if label == name or (port.port == number and port.protocol == "TCP"):
            yield _taken(source, (*path, "ports", label), f"name `{name}`" if label == name else f"number {number}")


def _taken(source: Path, path: Path, what: str) -> Fault:
    message = f"'{name_of(path)}' has the {what} of the port that '{name_of(source)}' adds"
    return _clash(message, (source, source), (path, path), "change one of the two")


def _annotations(page: Page) -> Iterator[Fault]:
    """Give the annotations that Fairlead would write and the page writes too."""
    holding = [(path, settings) for path, _, settings in config_maps(page) if settings.data or settings.files]
    if holding and page.image is not None and CHECKSUM in page.podAnnotations:
        path, settings = holding[0]
        data: Path = (*path, "data" if settings.data else "files")
        pods: Path = ("podAnnotations", CHECKSUM)
        message = f"'{name_of(pods)}' takes the place of the checksum by which a change of '{name_of(data)}' rolls"
        yield _clash(f"{message} the pods", (data, data), (pods, pods), "drop the annotation")
    account = page.serviceAccount
    if account and account.role and ROLE in account.annotations:
        role, written = ("serviceAccount", "role"), ("serviceAccount", "annotations", ROLE)
        message = f"'{name_of(written)}' takes the place of '{name_of(role)}'"
        yield _clash(message, (role, role), (written, written), "keep one of the two")


def _clash(message: str, one: tuple[Path, Path], other: tuple[Path, Path], remedy: str = "") -> Fault:
    """Make the fault of two words, each with its path and with the path that `null` drops."""
    return Fault(other[0], message, remedy, (one[0], other[0]), "WRK017", (one[1], other[1]))
