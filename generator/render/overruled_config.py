"""Words of ConfigMaps that do nothing: about a mount that is not there, or for containers that the page lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import batch, volume
from generator.render.overruling import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.overruled import Overruled, Path
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


def _of_config(service: Service, path: Path, config: Config) -> Iterator[Overruled]:
    settings, jobs = config.settings, [job for _, job in service.page.all_jobs]
    mounted = any(config.volume in volume.used(job) for job in jobs)
    if not (service.page.has_deployment or any(map(batch.inherits_config, jobs))):
        words = ("env", "mountPath", *_OF_MOUNTS, *(() if mounted else _OF_VOLUMES))
        yield from said(settings, path, words, "no container of the page takes it")
        return
    if settings.mountPath is None:
        why = "without `mountPath` the ConfigMap is not mounted by itself"
        yield from said(settings, path, _OF_MOUNTS, why)
        if settings.is_env:
            yield from said(settings, path, _OF_VOLUMES, "its keys are variables: it has no volume")
