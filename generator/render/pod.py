"""What all pods of a page have in common, whether a Deployment or a Job makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import drop_empty, ownership

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.base import Raw
    from generator.model.page import Page
    from generator.model.service import Service


def template(
    service: Service,
    labels: Mapping[str, str],
    body: Raw,
    annotations: Mapping[str, str] | None = None,
    passed: Raw | None = None,
) -> Raw:
    """Return a pod template: its labels, the page's pod annotations over those given, `body` amid shared fields.

    `passed` are fields that the page passes through; they win.
    """
    meta = {"labels": dict(labels), "annotations": {**(annotations or {}), **service.page.podAnnotations}}
    spec = {**_identity(service), **body, **_place(service), **(passed or {})}
    return {"metadata": drop_empty(meta), "spec": drop_empty(spec)}


def service_labels(service: Service) -> dict[str, str]:
    """Return the labels of the Deployment's pods.

    With a selector of the page's own nothing is added to what the page says: the template of a Deployment that runs
    already must come out as it is, or taking it over restarts every pod.
    """
    page = service.page
    own = page.selector or {**service.selector, **ownership(service.system)}
    return {**own, **page.podLabels}


def job_labels(service: Service, name: str) -> dict[str, str]:
    """Return the labels of a job's pods: `app` is the job's own name, so no selector of the service picks them."""
    page = service.page
    labels = {"app": name, **ownership(service.system), **page.podLabels}
    # Beside a selector of the page's own, `podLabels` may have the `app` that the running pods carry.
    return {**labels, "app": name} if page.selector else labels


def account_name(service: Service) -> str | None:
    """Return the name of the ServiceAccount of the page's pods, None when they use the namespace's default."""
    account = service.page.serviceAccount
    return (account.name or service.workload) if account else None


def _identity(service: Service) -> Raw:
    page = service.page
    return {
        "serviceAccountName": account_name(service),
        "automountServiceAccountToken": _automount(page),
        "enableServiceLinks": page.enableServiceLinks,
        "imagePullSecrets": [{"name": name} for name in page.imagePullSecrets],
        "securityContext": page.podSecurityContext,
    }


def _automount(page: Page) -> bool | None:
    """Return whether pods get a token for the Kubernetes API: what the account says, else the page.

    None says nothing.
    """
    own = page.serviceAccount.automountServiceAccountToken if page.serviceAccount else None
    return page.automountServiceAccountToken if own is None else own


def _place(service: Service) -> Raw:
    return {"nodeSelector": service.page.nodeSelector, "tolerations": service.page.tolerations}
