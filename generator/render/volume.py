"""Volumes of a pod and where its containers mount them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.model.configmap import ConfigItem, ConfigMap
from generator.model.container import EnvSource, VolumeMount, mount_name
from generator.model.derived import CONFIG_VOLUME
from generator.render import secretproviderclass
from generator.render.common import drop_empty

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.model.base import Raw
    from generator.model.container import Container
    from generator.model.service import Service


class Config(NamedTuple):
    """A ConfigMap of a page: the name of its volume, its own name, and what the page says about it."""

    volume: str
    name: str
    settings: ConfigMap


def configs(service: Service) -> list[Config]:
    """Return the ConfigMaps of a page, its `configMap` first."""
    return [
        Config(volume, settings.name or service.workload + volume.removeprefix(CONFIG_VOLUME), settings)
        for _, volume, settings in service.page.all_config_maps
    ]


def config_mounts(service: Service) -> dict[str, VolumeMount | str]:
    """Return the mounts of the ConfigMaps whose keys are files, by mount path."""
    return {
        each.settings.mountPath: VolumeMount(
            name=each.volume, subPath=each.settings.subPath, readOnly=each.settings.readOnly
        )
        for each in configs(service)
        if each.settings.mountPath is not None
    }


def volumes(service: Service) -> dict[str, Raw]:
    """Return the volumes that the page knows, by name; its own words win over those of ConfigMaps and of secrets.

    A ConfigMap that is neither mounted by itself nor the source of variables has one too, for whoever mounts it.
    """
    mountable = [each for each in configs(service) if each.settings.mountPath is not None or not each.settings.is_env]
    config = {each.volume: {"configMap": _source(each)} for each in mountable}
    return {**config, **secretproviderclass.volumes(service), **service.page.volumes}


def unmounted_volumes(service: Service, mounted: Collection[str]) -> set[str]:
    """Return the volumes of ConfigMaps that no container mounts: a pod without them is the same."""
    derived = {each.volume for each in configs(service) if each.settings.mountPath is None}
    return derived.difference(service.page.volumes, mounted)


def _source(config: Config) -> Raw:
    settings = config.settings
    items = [_item(key, item) for key, item in settings.items.items()]
    return drop_empty({"name": config.name, "items": items, "defaultMode": settings.defaultMode})


def _item(key: str, item: ConfigItem | str) -> Raw:
    detail = ConfigItem(path=item) if isinstance(item, str) else item
    return drop_empty({"key": key, "path": detail.path, "mode": detail.mode})


def mounts(container: Container) -> list[Raw]:
    """Return the volume mounts of a container in the page's order."""
    return [_mount(path, mount) for path, mount in container.volumeMounts.items()]


def used_volumes(container: Container) -> set[str]:
    """Return the names of the volumes that a container mounts, has as block devices, or takes variables from."""
    devices = (device for device in container.container.get("volumeDevices") or () if isinstance(device, dict))
    mounted = {mount_name(mount) for mount in container.volumeMounts.values()}
    references = (value.fileKeyRef for value in container.env.values() if isinstance(value, EnvSource))
    read = {reference.volumeName for reference in references if reference}
    return mounted | read | {str(device.get("name")) for device in devices}


def _mount(path: str, mount: VolumeMount | str) -> Raw:
    detail = VolumeMount(name=mount) if isinstance(mount, str) else mount
    return drop_empty({"name": detail.name, "mountPath": path, **_mounted(detail)})


def _mounted(mount: VolumeMount) -> Raw:
    words = ("subPath", "subPathExpr", "readOnly", "recursiveReadOnly", "mountPropagation")
    return {word: getattr(mount, word) for word in words}
