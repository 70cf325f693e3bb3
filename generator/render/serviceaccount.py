"""The ServiceAccount: the pods' identity, in AWS too when it has a role (IRSA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import BEFORE_MIGRATIONS, SYNC_WAVE, in_aws, metadata
from generator.render.pod import account_name

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.service import Placement, Service


def render(service: Service) -> Manifest | None:
    """Give the ServiceAccount, None for a page without one of its own; a role needs an environment's account."""
    account, name = service.page.serviceAccount, account_name(service)
    if account is None or account.external or name is None:
        return None
    role = _role(service.placement, account.role) if in_aws(service) else {}
    # Before the migrations, whose pods run as it: without it the API server refuses to make them.
    annotations = {SYNC_WAVE: BEFORE_MIGRATIONS, **role}
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata(service, name, annotations=annotations, override=account.annotations),
    }


def _role(placement: Placement | None, role: str | None) -> dict[str, str]:
    if placement is None or role is None:
        return {}
    arn = f"arn:{_partition(placement.region)}:iam::{placement.account}:role/{role}"
    return {"eks.amazonaws.com/role-arn": arn}


def _partition(region: str) -> str:
    """Give the part of AWS that a region lies in: China and GovCloud have ARNs of their own."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
