"""Volumes of a pod and where its containers mount them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.container import EnvSource, VolumeMount
from generator.model.derived import CONFIG_VOLUME
from generator.render import secretproviderclass
from generator.render.common import filled

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.container import Container
    from generator.model.service import Service


def config_name(service: Service) -> str:
    """Give the name of the page's ConfigMap."""
    return (service.page.configMap and service.page.configMap.name) or service.workload


def config_mounts(service: Service) -> dict[str, VolumeMount | str]:
    """Give the mount of a ConfigMap whose keys are files, by mount path."""
    settings = service.page.configMap
    if settings is None or settings.mountPath is None:
        return {}
    return {settings.mountPath: VolumeMount(name=CONFIG_VOLUME, readOnly=True)}


def volumes(service: Service) -> dict[str, Raw]:
    """Give the volumes that the page knows, by name; its own words win over those of the ConfigMap and of secrets."""
    config = {CONFIG_VOLUME: {"configMap": {"name": config_name(service)}}} if config_mounts(service) else {}
    return {**config, **secretproviderclass.volumes(service), **service.page.volumes}


def mounts(container: Container) -> list[Raw]:
    """Give the volume mounts of a container in the page's order."""
    return [_mount(path, mount) for path, mount in container.volumeMounts.items()]


def mount_name(mount: VolumeMount | str) -> str:
    """Give the name of the volume that a mount shows."""
    return mount if isinstance(mount, str) else mount.name


def used(container: Container) -> set[str]:
    """Give the names of the volumes that a container mounts, has as block devices, or takes variables from."""
    devices = (device for device in container.container.get("volumeDevices") or () if isinstance(device, dict))
    mounted = {mount_name(mount) for mount in container.volumeMounts.values()}
    references = (value.fileKeyRef for value in container.env.values() if isinstance(value, EnvSource))
    read = {reference.volumeName for reference in references if reference}
    return mounted | read | {str(device.get("name")) for device in devices}


def _mount(path: str, mount: VolumeMount | str) -> Raw:
    detail = VolumeMount(name=mount) if isinstance(mount, str) else mount
    return filled({"name": detail.name, "mountPath": path, **_mounted(detail)})


def _mounted(mount: VolumeMount) -> Raw:
    words = ("subPath", "subPathExpr", "readOnly", "recursiveReadOnly", "mountPropagation")
    return {word: getattr(mount, word) for word in words}
