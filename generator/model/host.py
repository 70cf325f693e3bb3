"""Hosts, networks and names as Kubernetes, registries and DNS take them: never an address with a scheme."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_HOST = f"{_LABEL}(\\.{_LABEL})*"
_END = "(?!\\n)$"  # `$` alone lets a line break through
_LONGEST = 253

# https://github.com/distribution/reference/blob/main/regexp.go
_COMPONENT = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*"
_REGISTRY = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:[0-9]{1,5})?"

Domain = Annotated[
    str,
    Meta(pattern=f"^{_HOST}{_END}", max_length=_LONGEST, description="a domain alone, e.g. dev.shop.example.com"),
]
Host = Annotated[
    str,
    Meta(
        pattern=f"^(\\*\\.)?{_HOST}{_END}",
        max_length=_LONGEST,
        description="a host name alone, e.g. www.shop.example.com, or *.shop.example.com for all of them",
    ),
]
Subdomain = Annotated[
    str,
    Meta(
        pattern=f"^(\\*|(\\*\\.)?{_HOST}){_END}",
        max_length=_LONGEST,
        description="what stands before the domain, without the dot between, e.g. www; * for all names",
    ),
]
ExternalHost = Annotated[
    str,
    Meta(
        pattern=f"^{_HOST}\\.?{_END}",
        max_length=_LONGEST,
        description="a host name alone, e.g. db.example.com",
    ),
]
# What a probe asks: the kubelet takes an IP address too.
ProbedHost = Annotated[
    str, Meta(pattern=f"^[A-Za-z0-9:._-]+{_END}", description="a host name or an IP address alone, e.g. 127.0.0.1")
]
Address = Annotated[
    str, Meta(pattern=f"^[0-9A-Fa-f.:]+{_END}", description="an IP address of the node, e.g. 127.0.0.1")
]
Registry = Annotated[
    str,
    Meta(
        pattern=f"^{_REGISTRY}(/{_COMPONENT})*{_END}",
        max_length=_LONGEST,
        description="a host and what stands before the repository, no scheme, "
        "e.g. 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    ),
]
ImageName = Annotated[
    str,
    Meta(
        pattern=f"^([A-Za-z0-9.-]+(:[0-9]{{1,5}})?/)?{_COMPONENT}(/{_COMPONENT})*(:[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?"
        f"(@[a-z0-9]+:[A-Za-z0-9]*)?{_END}",
        max_length=1000,
        description="a repository in lower case, no scheme, e.g. shop/web, or docker.io/library/redis:7.2",
    ),
]
Network = Annotated[
    str,
    Meta(pattern=f"^[0-9A-Fa-f.:]+/[0-9]{{1,3}}{_END}", description="a network, e.g. 10.0.0.0/8; /32 for one address"),
]
# What an empty text would stand for is nothing: whoever writes the word wants another name. The rendered file may be
# called so too, and no name of Kubernetes has a slash; what else is wrong with one, WRK015 says.
GivenName = Annotated[
    str,
    Meta(
        pattern="^[^/]+$",
        description="a name without '/'; without the word, or with `null`, it follows from that of the service",
    ),
]
# What stands behind the service's name in the names of objects.
NamePart = Annotated[str, Meta(pattern="^[^/]+$", description="a part of a name, without '/'")]
_OBJECT = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
ObjectName = Annotated[
    str,
    Meta(
        pattern=f"^{_OBJECT}{_END}",
        max_length=_LONGEST,
        description="the name of an object: lower-case letters, digits, '-' and '.'",
    ),
]
CertificateSecret = Annotated[
    str,
    Meta(
        pattern=f"^({_OBJECT})?{_END}",
        max_length=_LONGEST,
        description='the name of a Secret; "" for the certificate that the controller has by itself',
    ),
]
BalancerClass = Annotated[
    str,
    Meta(
        pattern=f"^({_HOST}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{{0,61}}[A-Za-z0-9])?{_END}",
        description="the class of a controller, e.g. service.k8s.aws/nlb",
    ),
]
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#group.name
BalancerGroup = Annotated[
    str,
    Meta(
        pattern=f"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?{_END}",
        max_length=63,
        description="lower-case letters, digits, '-' and '.', at most 63 characters",
    ),
]

_ANNOUNCED = re.compile(f"(\\*\\.)?{_HOST}\\.?")


def is_announced(text: str) -> bool:
    """Return whether external-dns can announce a host: a name, for all names of a domain with a star, dot or none."""
    return len(text) <= _LONGEST and _ANNOUNCED.fullmatch(text) is not None
