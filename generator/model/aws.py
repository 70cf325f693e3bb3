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

# https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json: start of a region, partition, suffix of
# its hosts.
_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
}
_WORLD = ("aws", "amazonaws.com")
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_ECR = re.compile(rf"[0-9]{{12}}\.dkr\.ecr(-fips)?\.(?P<region>{_REGION})\.(?P<suffix>[a-z0-9.-]+)")


def partition_of(region: str) -> str:
    """Return the part of AWS that a region lies in: China and GovCloud have ARNs of their own."""
    return _part_of(region)[0]


def _part_of(region: str) -> tuple[str, str]:
    return next((part for start, part in _PARTITIONS.items() if region.startswith(start)), _WORLD)


def partition_in(arn: str) -> str:
    """Return the partition that an ARN names."""
    return arn.split(":", 2)[1]


def is_arn(text: str) -> bool:
    """Return whether a text is an ARN, as its start tells."""
    return text.startswith("arn:")


def is_role(text: str) -> bool:
    """Return whether a text is the ARN of a role, as the annotation of a ServiceAccount has it."""
    arn = rf"arn:{_PARTITION}:iam::[0-9]{{12}}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]+"
    return re.fullmatch(arn, text, re.ASCII) is not None


def is_certificate(text: str) -> bool:
    """Return whether a text is the ARN of a certificate."""
    return re.fullmatch(_ARN, text, re.ASCII) is not None


def is_entry(arn: str) -> bool:
    """Return whether an ARN may be that of an entry of a secret store: region, account, and something in it."""
    form = rf"arn:(?P<partition>{_PARTITION}):[a-z0-9-]+:(?P<region>{_REGION}):[0-9]{{12}}:\S(.*\S)?"
    match = re.fullmatch(form, arn, re.ASCII)
    return match is not None and partition_of(match["region"]) == match["partition"]


def registry_fault(registry: str) -> str:
    """Return what is wrong with a registry that means to be one of ECR; nothing for any other."""
    host = registry.partition("/")[0]
    if ".dkr.ecr" not in host:
        return ""
    match = _ECR.fullmatch(host)
    if match is None:
        return "a registry of ECR is called <account>.dkr.ecr.<region>.amazonaws.com"
    suffix = _part_of(match["region"])[1]
    return "" if match["suffix"] == suffix else f"registries of {match['region']} end in .{suffix}"
