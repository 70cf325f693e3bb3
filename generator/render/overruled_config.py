"""Words of ConfigMaps that do nothing: about a mount that is not there, or for containers that the page lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.overruled import Overruled
from generator.render import batch, configmap, deployment, volume
from generator.render.overruling import stated_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.overruled import Path
    from generator.model.service import Service
    from generator.render.volume import Config

_OF_VOLUMES = ("items", "defaultMode")
_OF_MOUNTS = ("subPath", "readOnly")


def config_words(service: Service) -> Iterator[Overruled]:
    """Yield the words of a page's ConfigMaps that are not rendered."""
    page = service.page
    paths: list[Path] = [("configMap",)] if page.configMap else []
    paths += [("configMaps", key) for key in page.configMaps]
    for path, config in zip(paths, volume.configs(service), strict=True):
        yield from _of_config(service, path, config)
    if page.has_deployment and not page.rollOnConfigChange and not _rolls(service):
        why = "the pods use no ConfigMap of a page that holds anything"
        yield Overruled(("rollOnConfigChange",), "nothing", why, ("configMap",))


def _rolls(service: Service) -> bool:
    """Report whether a ConfigMap would replace the pods."""
    rolling = msgspec.structs.replace(service.page, rollOnConfigChange=True)
    return bool(configmap.checksum(msgspec.structs.replace(service, page=rolling), deployment.pod_spec(service)))


def _of_config(service: Service, path: Path, config: Config) -> Iterator[Overruled]:
    settings, jobs = config.settings, [job for _, job in service.page.all_jobs]
    mounted = any(config.volume in volume.used_volumes(job) for job in jobs)
    if not (service.page.has_deployment or any(map(batch.inherits_config, jobs))):
        words = ("env", "mountPath", *_OF_MOUNTS, *(() if mounted else _OF_VOLUMES))
        yield from stated_words(settings, path, words, "no container of the page takes it")
        return
    if settings.mountPath is None:
        why = "without `mountPath` the ConfigMap is not mounted by itself"
        yield from stated_words(settings, path, _OF_MOUNTS, why)
        if settings.is_env:
            yield from stated_words(settings, path, _OF_VOLUMES, "its keys are variables: it has no volume")
