"""A Service of type LoadBalancer in the words of the AWS Load Balancer Controller: a network load balancer.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.network import AWS_CLASSES
from generator.render.common import TLS_POLICY, certificate, in_aws

if TYPE_CHECKING:
    from generator.model.network import KubernetesService
    from generator.model.overruled import Path
    from generator.model.service import Service

HTTPS_PORT = 443

_PREFIX = "service.beta.kubernetes.io/aws-load-balancer"
# Without a class the controller takes a Service by this annotation alone; with any other value of it the cloud
# provider's own controller makes the balancer, an older one.
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#lb-type
_TYPE = f"{_PREFIX}-type"
_TYPES = (None, "external", "nlb-ip")


def render(service: Service, entry: KubernetesService) -> dict[str, str]:
    """Return the annotations of a balancer in AWS, nothing for other types and other controllers' classes."""
    if not is_ours(service, entry):
        return {}
    return {
        _TYPE: "external",
        f"{_PREFIX}-nlb-target-type": "ip",  # Fargate has no instances to target
        # Written even when it is the default: without it an existing balancer keeps whatever it had.
        f"{_PREFIX}-scheme": entry.scheme or "internal",
        **_tls(service, entry),
    }


def foreign_class(entry: KubernetesService) -> str | None:
    """Return the class of a balancer that is no class of AWS."""
    return None if entry.loadBalancerClass in AWS_CLASSES else entry.loadBalancerClass


def secure(service: Service, entry: KubernetesService) -> bool:
    """Tell whether the balancer ends TLS: asked for, and a certificate is there (443 without is plain)."""
    return is_ours(service, entry) and bool(entry.https) and certificate(service) is not None


def only_secure(service: Service, entry: KubernetesService) -> bool:
    """Return whether the balancer listens on 443 alone: it cannot redirect, so port 80 would stay in clear."""
    return entry.https == "only" and secure(service, entry)


def is_ours(service: Service, entry: KubernetesService) -> bool:
    """Report whether the AWS Load Balancer Controller makes a balancer of the Service."""
    return in_aws(service) and entry.type == "LoadBalancer" and foreign_word(service, entry) is None


def foreign_word(service: Service, entry: KubernetesService) -> Path | None:
    """Return the word of a Service that gives its balancer to another controller, None where no word does."""
    if entry.loadBalancerClass is not None:
        return ("loadBalancerClass",) if foreign_class(entry) else None
    if {**service.page.annotations, **entry.annotations}.get(_TYPE) not in _TYPES:
        return ("annotations", _TYPE)
    return None if entry.awsController else ("awsController",)


def _tls(service: Service, entry: KubernetesService) -> dict[str, str]:
    arn = certificate(service)
    if arn is None or not secure(service, entry):
        return {}
    return {
        f"{_PREFIX}-ssl-cert": arn,
        f"{_PREFIX}-ssl-ports": str(HTTPS_PORT),
        f"{_PREFIX}-ssl-negotiation-policy": TLS_POLICY,
        f"{_PREFIX}-backend-protocol": "tcp",  # plain inside the cluster
    }
