"""The Deployment: the service's own container, those before it and those beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.page import Deployment
from generator.render import configmap, container, environment, pod, scheduling, secretproviderclass, volume
from generator.render.common import drop_empty, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.scaling import Strategy
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Return the Deployment, None for a page without one."""
    page = service.page
    if not page.has_deployment:
        return None
    own = page.deployment if isinstance(page.deployment, Deployment) else None
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(service, service.workload, own),
        "spec": drop_empty(
            {
                # An autoscaler owns the number: written here too, every sync would reset it.
                "replicas": None if page.autoscaling else page.replicas,
                "revisionHistoryLimit": page.revisionHistoryLimit,
                "progressDeadlineSeconds": page.progressDeadlineSeconds,
                "minReadySeconds": page.minReadySeconds,
                "selector": {"matchLabels": service.selector},
                "strategy": _strategy(page.strategy),
                "template": _template(service),
            }
        ),
    }


def _template(service: Service) -> Raw:
    labels, body = pod.service_labels(service), pod_spec(service)
    return pod.template(service, labels, body, configmap.checksum(service, body), service.page.podSpec)


def pod_spec(service: Service) -> Raw:
    """Return what the Deployment's pods do not share with those of jobs."""
    page = service.page
    containers = [page, *page.initContainers.values(), *page.containers.values()]
    unmounted = volume.unmounted_volumes(service, {name for each in containers for name in volume.used_volumes(each)})
    volumes = {name: source for name, source in volume.volumes(service).items() if name not in unmounted}
    beside = [container.render(name, other) for name, other in page.containers.items()]
    return {
        "priorityClassName": page.priorityClassName,
        "terminationGracePeriodSeconds": page.terminationGracePeriodSeconds,
        "initContainers": [container.render(name, other) for name, other in page.initContainers.items()],
        "containers": [_own(service), *beside],
        "volumes": [{"name": name, **source} for name, source in volumes.items()],
        "affinity": scheduling.affinity(service),
        "topologySpreadConstraints": scheduling.spread_constraints(service),
    }


def _own(service: Service) -> Raw:
    """Return the service's own container; a secret wins over the ConfigMap where both have a key."""
    page = service.page
    mounts = {**volume.config_mounts(service), **secretproviderclass.mounts(service), **page.volumeMounts}
    env_from = [*environment.config(service), *environment.secrets(service)]
    own = msgspec.structs.replace(page, volumeMounts=mounts)
    return container.render(page.containerName or service.workload, own, env_from)


def _strategy(strategy: Strategy | None) -> Raw | None:
    if strategy is None:
        return None
    if strategy.type == "Recreate":
        return {"type": "Recreate"}
    bounds = drop_empty({"maxUnavailable": strategy.maxUnavailable, "maxSurge": strategy.maxSurge})
    return drop_empty({"type": strategy.type, "rollingUpdate": bounds})
