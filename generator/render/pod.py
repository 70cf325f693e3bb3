"""What all pods of a page have in common, whether a Deployment or a Job makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import filled, ownership

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.base import Raw
    from generator.model.page import Page
    from generator.model.service import Service


def template(
    service: Service, app: str, body: Raw, annotations: Mapping[str, str] | None = None, passed: Raw | None = None
) -> Raw:
    """Give a pod template: label `app`, the page's pod labels and annotations, `body` amid shared fields.

    `passed` are fields that the page passes through; they win.
    """
    page = service.page
    meta = {
        "labels": {"app": app, **ownership(service.system), **page.podLabels},
        "annotations": {**(annotations or {}), **page.podAnnotations},
    }
    spec = {**_identity(service), **body, **_place(service), **(passed or {})}
    return {"metadata": filled(meta), "spec": filled(spec)}


def account_name(service: Service) -> str | None:
    """Give the name of the page's own ServiceAccount, None when its pods use the namespace's default."""
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
    """Give whether pods get a token for the Kubernetes API: what the account says, else the page; None says nothing."""
    own = page.serviceAccount.automountServiceAccountToken if page.serviceAccount else None
    return page.automountServiceAccountToken if own is None else own


def _place(service: Service) -> Raw:
    return {"nodeSelector": service.page.nodeSelector, "tolerations": service.page.tolerations}
