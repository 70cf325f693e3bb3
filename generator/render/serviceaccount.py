"""The ServiceAccount: the pods' identity, in AWS too when it has a role (IRSA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.aws import is_arn, partition_of
from generator.model.derived import ROLE
from generator.model.placeholder import ENVIRONMENT, filled_in
from generator.render import batch
from generator.render.common import BEFORE_MIGRATIONS, SYNC_WAVE, drop_empty, in_aws, metadata
from generator.render.pod import account_name

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.page import ServiceAccount
    from generator.model.service import Placement, Service


def render(service: Service) -> Manifest | None:
    """Return the ServiceAccount of the page, None without one of its own; a role's name needs an account."""
    account, name = service.page.serviceAccount, account_name(service)
    return _account(service, name, account) if account and name and not account.external else None


def render_for_jobs(service: Service) -> list[Manifest]:
    """Return the ServiceAccounts that jobs have of their own; several jobs may name one."""
    named: dict[str, ServiceAccount] = {}
    for (*_, key), job in service.page.all_jobs:
        name = batch.account_name(service, key, job)
        if job.serviceAccount is not None and not job.serviceAccount.external and name != account_name(service):
            named.setdefault(name, job.serviceAccount)
    return [_account(service, name, account) for name, account in named.items()]


def _account(service: Service, name: str, account: ServiceAccount) -> Manifest:
    role = _role(service.placement, account.role) if in_aws(service) else {}
    # Before the migrations, whose pods run as it: without it the API server refuses to make them.
    annotations = {SYNC_WAVE: BEFORE_MIGRATIONS, **role}
    return drop_empty(
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": metadata(service, name, account, annotations=annotations),
            "automountServiceAccountToken": account.automountByDefault,
            "imagePullSecrets": [{"name": secret} for secret in account.imagePullSecrets],
        }
    )


def _role(placement: Placement | None, role: str | None) -> dict[str, str]:
    """Return the annotation of a role; a whole ARN needs no account, and may be in another one."""
    if role is None:
        return {}
    if placement is None:
        return {ROLE: role} if is_arn(role) and ENVIRONMENT not in role else {}
    named = filled_in(role, placement.environment)
    if is_arn(named):
        return {ROLE: named}
    return {ROLE: f"arn:{partition_of(placement.region)}:iam::{placement.account}:role/{named}"}
