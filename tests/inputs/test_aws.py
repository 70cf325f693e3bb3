"""Regions of each partition of AWS: their ARNs, and the hosts of their registries."""

from __future__ import annotations

import pytest

from generator.model.aws import is_certificate, is_entry, is_role, partition_of, registry_fault

PARTITIONS = [
    ("eu-west-1", "aws", "amazonaws.com"),
    ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
    ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
    ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
]


@pytest.mark.parametrize(("region", "partition", "suffix"), PARTITIONS)
def test_names_of_a_partition(region: str, partition: str, suffix: str) -> None:
    """A role, a certificate, an entry of a secret store and a registry."""
    assert partition_of(region) == partition
    assert is_role(f"arn:{partition}:iam::111122223333:role/team/web")
    assert is_certificate(f"arn:{partition}:acm:{region}:111122223333:certificate/3c5e7a90")
    assert is_entry(f"arn:{partition}:secretsmanager:{region}:111122223333:secret:web/database")
    assert registry_fault(f"111122223333.dkr.ecr.{region}.{suffix}/shop") == ""


@pytest.mark.parametrize(("region", "partition", "suffix"), PARTITIONS)
def test_names_of_another_partition(region: str, partition: str, suffix: str) -> None:
    """A region that is in another one, and a host that no registry of the region has."""
    other = "aws" if partition != "aws" else "aws-cn"
    assert not is_entry(f"arn:{other}:secretsmanager:{region}:111122223333:secret:web/database")
    assert registry_fault(f"111122223333.dkr.ecr.{region}.example.com") == f"registries of {region} end in .{suffix}"
