"""From a merged page to Kubernetes objects: one pure module a kind, and the kinds in output order.

No renderer knows that overlays, files or releases exist. Without a placement (the base) whatever an
environment would give is absent. What a page says is rendered even where it is wrong: judging is the rules'
work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import (
    batch,
    configmap,
    deployment,
    externalsecret,
    hpa,
    ingress,
    migration,
    networkpolicy,
    pdb,
    pull,
    secretproviderclass,
    service,
    serviceaccount,
    shared,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.base import Manifest
    from generator.model.project import Namespace
    from generator.model.service import Service, SharedNamespaces

# In the order in which Argo CD applies them, so that a rendered folder reads like a sync.
KINDS: tuple[Callable[[Service], Manifest | list[Manifest] | None], ...] = (
    serviceaccount.render,
    serviceaccount.render_for_jobs,
    configmap.render,
    externalsecret.render,
    secretproviderclass.render,
    networkpolicy.render,
    migration.render,
    deployment.render,
    service.render,
    service.further,
    hpa.render,
    pdb.render,
    batch.render_jobs,
    batch.render_cron_jobs,
    ingress.render,
    ingress.further,
)

SHARED_KINDS: tuple[Callable[[str, str, Namespace], Manifest | None], ...] = (
    shared.render_namespace,
    shared.render_quota,
    shared.render_limit_range,
    shared.render_default_deny,
)


def render(service: Service) -> tuple[Manifest, ...]:
    """Return all objects of one service, in the order of `KINDS`."""
    manifests: list[Manifest] = []
    for kind in KINDS:
        rendered = kind(service)
        if isinstance(rendered, dict):
            manifests.append(rendered)
        else:
            manifests.extend(rendered or ())
    return tuple(pull.set_pull_policy(service, manifest) for manifest in manifests)


def render_shared(shared: SharedNamespaces) -> tuple[Manifest, ...]:
    """Return what the services of one system share: its namespaces and what guards each."""
    return tuple(
        manifest
        for name, guarded in shared.namespaces.items()
        for kind in SHARED_KINDS
        if (manifest := kind(shared.system, name, guarded)) is not None
    )


__all__ = ["KINDS", "SHARED_KINDS", "render", "render_shared"]
