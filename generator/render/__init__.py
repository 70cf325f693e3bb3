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

    GroupKind = tuple[str, str]

# Each function with the group and the kind of the objects that it returns: AppProjects allow these kinds.
# In the order in which Argo CD applies them, so that a rendered folder reads like a sync.
KINDS: tuple[tuple[GroupKind, Callable[[Service], Manifest | list[Manifest] | None]], ...] = (
    (("", "ServiceAccount"), serviceaccount.render),
    (("", "ServiceAccount"), serviceaccount.render_for_jobs),
    (("", "ConfigMap"), configmap.render),
    (("external-secrets.io", "ExternalSecret"), externalsecret.render),
    (("secrets-store.csi.x-k8s.io", "SecretProviderClass"), secretproviderclass.render),
    (("networking.k8s.io", "NetworkPolicy"), networkpolicy.render),
    (("batch", "Job"), migration.render),
    (("apps", "Deployment"), deployment.render),
    (("", "Service"), service.render),
    (("", "Service"), service.further),
    (("autoscaling", "HorizontalPodAutoscaler"), hpa.render),
    (("policy", "PodDisruptionBudget"), pdb.render),
    (("batch", "Job"), batch.render_jobs),
    (("batch", "CronJob"), batch.render_cron_jobs),
    (("networking.k8s.io", "Ingress"), ingress.render),
    (("networking.k8s.io", "Ingress"), ingress.further),
)

NAMESPACE: GroupKind = ("", "Namespace")
SHARED_KINDS: tuple[tuple[GroupKind, Callable[[str, str, Namespace], Manifest | None]], ...] = (
    (NAMESPACE, shared.render_namespace),
    (("", "ResourceQuota"), shared.render_quota),
    (("", "LimitRange"), shared.render_limit_range),
    (("networking.k8s.io", "NetworkPolicy"), shared.render_default_deny),
)


def render(service: Service) -> tuple[Manifest, ...]:
    """Return all objects of one service, in the order of `KINDS`."""
    manifests: list[Manifest] = []
    for _, render_kind in KINDS:
        rendered = render_kind(service)
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
        for _, render_kind in SHARED_KINDS
        if (manifest := render_kind(shared.system, name, guarded)) is not None
    )


__all__ = ["KINDS", "NAMESPACE", "SHARED_KINDS", "render", "render_shared"]
