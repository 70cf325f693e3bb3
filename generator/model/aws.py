"""Names of AWS: regions, partitions, roles, certificates, and the hosts of its registries."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

# A pattern and no list: AWS opens regions more often than this program is installed. The area comes first (`eu`,
# `us-gov`, the isolated `us-iso`, the sovereign `eusc-de`), then where it lies there.
_REGION = "(([a-z]{2}|eusc-[a-z]{2})(-gov|-iso[a-z]?)?-(central|east|west|(north|south)(east|west)?)-[1-9][0-9]?)"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_PARTITION = "(aws(-[a-z]+)*)"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; `{env}` is filled in for each environment.
_ROLE = "([A-Za-z0-9_+=,.@-]|\\{env\\})+"
_ARN = (
    f"arn:{_PARTITION}:(acm:{_REGION}:[0-9]{{12}}:certificate/[A-Za-z0-9-]+|"
    "iam::[0-9]{12}:server-certificate/[A-Za-z0-9_+=,.@/-]+)"
)

Region = Annotated[str, Meta(pattern=f"^{_REGION}(?!\\n)$", description="a region of AWS, e.g. eu-west-1")]
Role = Annotated[
    str,
    Meta(
        pattern=f"^(arn:{_PARTITION}:iam::[0-9]{{12}}:role/)?({_ROLE}/)*{_ROLE}(?!\\n)$",
        max_length=640,
        description="the name of a role, after its path if it has one, or its whole ARN",
    ),
]
# A load balancer takes several certificates, one for each name that it serves.
Certificate = Annotated[
    str,
    Meta(
        pattern=f"^{_ARN}(,{_ARN})*(?!\\n)$",
        max_length=5000,
        description="the ARN of a certificate, e.g. arn:aws:acm:eu-west-1:111122223333:certificate/3c5e7a90",
    ),
]

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"}
_SUFFIXES = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_ECR = re.compile(rf"[0-9]{{12}}\.dkr\.ecr(-fips)?\.(?P<region>{_REGION})\.(?P<suffix>amazonaws\.com(\.cn)?)")


def partition_of(region: str) -> str:
    """Return the part of AWS that a region lies in: China and GovCloud have ARNs of their own."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


def partition_in(arn: str) -> str:
    """Return the partition that an ARN names."""
    return arn.split(":", 2)[1]


def is_arn(text: str) -> bool:
    """Say whether a text is an ARN, as its start tells."""
    return text.startswith("arn:")


def registry_fault(registry: str) -> str:
    """Say what is wrong with a registry that means to be one of ECR; nothing for any other."""
    host = registry.partition("/")[0]
    if ".dkr.ecr" not in host:
        return ""
    match = _ECR.fullmatch(host)
    if match is None:
        return "a registry of ECR is called <account>.dkr.ecr.<region>.amazonaws.com"
    suffix = _SUFFIXES.get(partition_of(match["region"]), match["suffix"])
    return "" if match["suffix"] == suffix else f"registries of {match['region']} end in .{suffix}"
