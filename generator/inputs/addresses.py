"""Hosts, networks and names of AWS on a merged page that have the form of one and are none."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from generator.inputs.fault import Fault, Path
from generator.kubernetes.image import is_own
from generator.model.aws import is_arn, is_certificate, is_role, partition_in, partition_of, registry_fault
from generator.model.derived import EXTERNAL_DNS, ROLE
from generator.model.host import is_announced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Raw
    from generator.model.network import NetworkPolicy
    from generator.model.page import Page
    from generator.model.service import Placement

_CERTIFICATES = {
    "alb.ingress.kubernetes.io/certificate-arn",
    "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
}
_EXAMPLES = {
    "role": "arn:aws:iam::111122223333:role/web",
    "certificate": "arn:aws:acm:eu-west-1:111122223333:certificate/3c5e7a90",
}


def unfit_addresses(page: Page, placement: Placement | None) -> Iterator[Fault]:
    """Yield a fault for each address of the page that nobody could be reached under."""
    for path, entry in page.all_entries:
        if EXTERNAL_DNS in entry.annotations:
            yield from _announced((*path, "annotations", EXTERNAL_DNS), entry.annotations[EXTERNAL_DNS])
    for path, service in page.all_services:
        for number, network in enumerate(service.loadBalancerSourceRanges):
            yield from _network((*path, "loadBalancerSourceRanges", number), network)
    if page.networkPolicy is not None:
        yield from _peers(page.networkPolicy)
    if placement and placement.provider == "aws":
        for place, arn in _arns(page):
            yield from foreign_partition(place, arn, placement.region)
    yield from _forms(page)
    for where, container in page.all_containers:
        image = container.image or ""
        if not is_own(image) and (wanted := registry_fault(image)):
            yield Fault((*where, "image"), f"'{image}' is in no registry of AWS", wanted)


def _arns(page: Page) -> Iterator[tuple[Path, str]]:
    """Yield the ARNs that something in the cluster uses: of roles, and of certificates in annotations."""
    yield from (((*owner, "role"), account.role) for owner, account in page.all_accounts if account.role)
    for path, text, _ in _annotated(page):
        yield from ((path, arn.strip()) for arn in text.split(","))


def _forms(page: Page) -> Iterator[Fault]:
    """Yield the annotations that should hold ARNs, and hold something else."""
    for path, text, what in _annotated(page):
        fits = is_role if what == "role" else is_certificate
        # A role may have a comma in its name; of certificates there may be several.
        for arn in [text] if what == "role" else text.split(","):
            if not fits(arn.strip()):
                yield Fault(path, f"'{arn.strip()}' is no ARN of a {what}", f"e.g. {_EXAMPLES[what]}")


def _annotated(page: Page) -> Iterator[tuple[Path, str, str]]:
    """Yield the annotations that hold ARNs, each with its path and of what they are."""
    for path, account in page.all_accounts:
        if ROLE in account.annotations:
            yield (*path, "annotations", ROLE), account.annotations[ROLE], "role"
    for path, entry in page.all_entries:
        for key in _CERTIFICATES & entry.annotations.keys():
            yield (*path, "annotations", key), entry.annotations[key], "certificate"


def foreign_partition(path: Path, arn: str, region: str) -> Iterator[Fault]:
    """Yield a fault for an ARN of another partition than that of the cluster's region: nothing of one can use it."""
    wanted = partition_of(region)
    if is_arn(arn) and partition_in(arn) != wanted:
        message = f"'{arn}' is of the partition {partition_in(arn)}, and the cluster's region {region} is in {wanted}"
        yield Fault(path, message, f"name one that begins with `arn:{wanted}:`")


def _announced(path: Path, hosts: str) -> Iterator[Fault]:
    for host in hosts.split(","):
        if not is_announced(host.strip()):
            message = f"external-dns can announce no '{host.strip()}'"
            yield Fault(path, message, "write host names alone, with a comma between them: a.example.com,b.example.com")


def _peers(policy: NetworkPolicy) -> Iterator[Fault]:
    """Yield the faults of the networks in raw rules; what else is in them Kubernetes' schema judges."""
    for word, side in (("ingress", "from"), ("egress", "to")):
        for number, rule in enumerate(getattr(policy, word) or ()):
            for place, peer in enumerate(_list(rule.get(side))):
                yield from _block(("networkPolicy", word, number, side, place, "ipBlock"), peer)


def _block(path: Path, peer: object) -> Iterator[Fault]:
    block: object = peer.get("ipBlock") if isinstance(peer, dict) else None
    if isinstance(block, dict):
        if isinstance(block.get("cidr"), str):
            yield from _network((*path, "cidr"), block["cidr"])
        for number, network in enumerate(_list(block.get("except"))):
            yield from _network((*path, "except", number), str(network))


def _list(value: object) -> list[Raw]:
    return value if isinstance(value, list) else []


def _network(path: Path, text: str) -> Iterator[Fault]:
    try:
        ipaddress.ip_network(text, strict=False)
        fits = "/" in text
    except ValueError:
        fits = False
    if not fits:
        yield Fault(path, f"'{text}' is no network", "e.g. 10.0.0.0/8; /32 for one address")
