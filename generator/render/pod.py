"""What all pods of a page have in common, whether a Deployment or a Job makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import filled, ownership

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.base import Raw
    from generator.model.service import Service


def template(service: Service, app: str, body: Raw, annotations: Mapping[str, str] | None = None) -> Raw:
    """Give a pod template: label `app`, the page's pod labels and annotations, `body` amid shared fields."""
    page = service.page
    meta = {
        "labels": {"app": app, **ownership(service.system), **page.podLabels},
        "annotations": {**(annotations or {}), **page.podAnnotations},
    }
    return {"metadata": filled(meta), "spec": filled({**_identity(service), **body, **_place(service)})}


def account_name(service: Service) -> str | None:
    """Give the name of the page's own ServiceAccount, None when its pods use the namespace's default."""
    account = service.page.serviceAccount
    return (account.name or service.workload) if account else None


def _identity(service: Service) -> Raw:
    page = service.page
    account = page.serviceAccount
    return {
        "serviceAccountName": account_name(service),
        # Most services never call the Kubernetes API; IRSA mounts a token of its own.
        "automountServiceAccountToken": bool(account and account.automountServiceAccountToken),
        # Links put FOO_PORT=tcp://... into every pod for each Service of the namespace: they clash with an
        # application's own FOO_PORT, and the environment would no longer be what the page says.
        "enableServiceLinks": False,
        "imagePullSecrets": [{"name": name} for name in page.imagePullSecrets],
        "securityContext": page.podSecurityContext,
    }


def _place(service: Service) -> Raw:
    return {"nodeSelector": service.page.nodeSelector, "tolerations": service.page.tolerations}
