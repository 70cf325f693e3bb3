"""An Ingress in the words of the AWS Load Balancer Controller: an application load balancer.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.container import HTTPGet
from generator.render import port
from generator.render.common import TLS_POLICY, certificate, drop_empty

if TYPE_CHECKING:
    from generator.model.network import Ingress
    from generator.model.page import Page
    from generator.model.service import Service

_PREFIX = "alb.ingress.kubernetes.io"


def render(service: Service, entry: Ingress) -> dict[str, str]:
    """Return the annotations of an application load balancer; values are strings, as the controller demands."""
    order = entry.groupOrder
    words = {
        "scheme": entry.scheme or "internal",
        "target-type": entry.targetType,
        "group.name": entry.groupName,
        "group.order": None if order is None else str(order),
        **_listeners(service, entry),
        **_health(service.page, entry),
    }
    return {f"{_PREFIX}/{word}": value for word, value in drop_empty(words).items()}


def _listeners(service: Service, entry: Ingress) -> dict[str, str]:
    """Return HTTP alone, or HTTPS with a redirect to it once the environment has a certificate.

    `listen-ports` is always written: without it an Ingress of a group may get no rule (controller #2471).
    """
    arn = certificate(service)
    if arn is None or entry.https is False:
        return {"listen-ports": '[{"HTTP":80}]'}
    return {
        "listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
        "certificate-arn": arn,
        "ssl-redirect": "443",
        "ssl-policy": TLS_POLICY,
    }


def _health(page: Page, entry: Ingress) -> dict[str, str]:
    """Return the health check: the page's word, else the readiness probe's, so that both agree."""
    if entry.healthcheckPath is not None:
        return {"healthcheck-path": entry.healthcheckPath}
    ready = page.readinessProbe.httpGet if page.readinessProbe else None
    if ready is None:
        return {}
    request = HTTPGet(path=ready) if isinstance(ready, str) else ready
    elsewhere = request.port is not None and request.port != port.first(page)
    return {"healthcheck-path": request.path} | ({"healthcheck-port": str(request.port)} if elsewhere else {})
