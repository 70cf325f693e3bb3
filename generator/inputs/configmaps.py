"""ConfigMaps of a page: files that are there and fit, keys that are there once, words that have an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.nearest import nearest
from generator.inputs.fault import Fault, Path
from generator.inputs.keys import name_of
from generator.inputs.name import is_label
from generator.kubernetes.manifest import LARGEST_VALUES
from generator.lfs import is_pointer
from generator.model.configfile import config_file, text_of
from generator.model.container import mount_name
from generator.model.derived import CONFIG_VOLUME, config_volume
from generator.rules.spec import SPC007, SPC009

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.model.configmap import ConfigMap
    from generator.model.page import Page

# The volume of `configMaps: {KEY: ...}` is called config-KEY, and no volume has more than 63 characters.
_LONGEST_KEY = 63 - len(config_volume(""))


def mountable(page: Page) -> set[str]:
    """Return the names of the volumes that the page's ConfigMaps have for whoever mounts them."""
    return {
        volume for _, volume, settings in page.all_config_maps if settings.mountPath is not None or not settings.is_env
    }


def unfit_config_maps(page: Page, service: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """Yield the faults of the ConfigMaps of a service's page; `files` are the repository's by path."""
    if page.configMap is None and not page.configMaps:
        return
    mounted = set(_mounted(page))
    for path, volume, settings in page.all_config_maps:
        yield from _sources(path, settings, service, files)
        yield from _keys(path, settings)
        yield from _ways(path, settings, unused=volume not in mounted)
        yield from _size(path, settings, service, files)
    for key in page.configMaps:
        if not is_label(key) or len(key) > _LONGEST_KEY:
            message = f"'{key}' cannot be part of the name of a volume"
            remedy = f"use lower-case letters, digits and '-', at most {_LONGEST_KEY} of them"
            yield Fault(("configMaps", key), message, remedy, rule=SPC007)


def _mounted(page: Page) -> Iterator[str]:
    """Yield the names of the volumes that containers of the page say they mount."""
    for _, container in page.all_containers:
        yield from map(mount_name, container.volumeMounts.values())


def config_map_name(settings: ConfigMap, workload: str, volume: str) -> str:
    """Return the name of the ConfigMap that has `volume`."""
    return settings.name or workload + volume.removeprefix(CONFIG_VOLUME)


def entries(path: Path, settings: ConfigMap) -> Iterator[tuple[Path, str, str]]:
    """Yield each file with where it is named, and its key."""
    if isinstance(settings.files, dict):
        yield from (((*path, "files", key), key, file) for key, file in settings.files.items())
    else:
        for number, file in enumerate(settings.files):
            yield (*path, "files", number), file.rpartition("/")[2], file


def _sources(path: Path, settings: ConfigMap, service: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    for where, _, file in entries(path, settings):
        full = config_file(service, file)
        if full not in files:
            yield _missing(where, full, files)
        elif is_pointer(files[full]):
            message = f"{full} is a Git LFS pointer, not the file itself"
            yield Fault(where, message, "run `git lfs pull`, or take the file out of Git LFS", rule=SPC009)
        elif settings.is_env and text_of(files[full]) is None:
            message = f"{full} is no text, and the keys of '{name_of(path)}' are variables"
            yield Fault(where, message, "add `mountPath:`, or `env: false`")


def _missing(where: Path, full: str, files: Iterable[str]) -> Fault:
    folder = full.partition("/")[0] + "/" + full.split("/")[1] + "/"
    near = nearest(full, (path for path in files if path.startswith(folder)))
    remedy = f"did you mean '{near.removeprefix(folder)}'?" if near else "make it, or take it off the list"
    return Fault(where, f"no file {full}", remedy, rule=SPC009)


def _keys(path: Path, settings: ConfigMap) -> Iterator[Fault]:
    first: dict[str, Path] = {key: (*path, "data", key) for key in settings.data}
    for where, key, _ in entries(path, settings):
        other = first.setdefault(key, where)
        if other is not where:
            message = f"key '{key}' is there twice ('{name_of(other)}' and '{name_of(where)}')"
            yield Fault(where, message, "keep one, or give one another key: `files: {KEY: FILE}`")
    for key, item in settings.items.items():
        below = item if isinstance(item, str) else item.path
        if below.startswith("/") or ".." in below.split("/") or not below:
            message = f"'{below}' is no path below the mount"
            yield Fault((*path, "items", key), message, "write a relative path without '..'")
        if key not in first:
            near = nearest(key, first)
            remedy = f"did you mean '{near}'?" if near else f"known: {', '.join(first) or 'none'}"
            yield Fault((*path, "items", key), f"'{name_of(path)}' has no key '{key}'", remedy)


def _ways(path: Path, settings: ConfigMap, *, unused: bool) -> Iterator[Fault]:
    """Yield the faults of how the keys reach a container, or do not."""
    if settings.files and settings.mountPath is None and settings.env is None and unused:
        message = f"'{name_of((*path, 'files'))}' without 'mountPath': they would become environment variables"
        remedy = "add `mountPath: /etc/NAME`; `env: true` where that is meant, `env: false` where `volumes:` mount them"
        yield Fault((*path, "files"), message, remedy)
    if settings.mountPath is None and settings.subPath is not None:
        message = f"'{name_of((*path, 'subPath'))}' has no effect without 'mountPath'"
        yield Fault((*path, "subPath"), message, "add `mountPath:`, or drop it")
    elif settings.subPath is not None:
        yield from _single(path, settings, settings.subPath)
    if settings.mountPath is None and settings.is_env:
        for word in ("items", "defaultMode"):
            if getattr(settings, word):
                message = f"'{name_of((*path, word))}' has no effect where keys are variables alone"
                yield Fault((*path, word), message, "add `mountPath:`, or drop it")


def _single(path: Path, settings: ConfigMap, wanted: str) -> Iterator[Fault]:
    """Yield the fault of a `subPath` that no key has: the kubelet would make an empty folder of that name."""
    items = [item if isinstance(item, str) else item.path for item in settings.items.values()]
    known = items or [*settings.data, *settings.sources]
    if not any(one == wanted or one.startswith(f"{wanted}/") for one in known):
        near = nearest(wanted, known)
        remedy = f"did you mean '{near}'?" if near else f"known: {', '.join(known) or 'none'}"
        yield Fault((*path, "subPath"), f"no key is mounted as '{wanted}': a folder would be made for it", remedy)


def _size(path: Path, settings: ConfigMap, service: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    sizes = {(*path, "data", key): len(text.encode()) for key, text in settings.data.items()}
    sizes |= {where: len(files.get(config_file(service, file), b"")) for where, _, file in entries(path, settings)}
    if sum(sizes.values()) > LARGEST_VALUES:
        most = max(sizes, key=lambda where: sizes[where])
        size = f"{sum(sizes.values())} bytes in '{name_of(path)}'"
        message = f"{size}; the API server takes no ConfigMap above {LARGEST_VALUES}"
        yield Fault(most, message, "put it into the image or a volume, or into several ConfigMaps (`configMaps:`)")
