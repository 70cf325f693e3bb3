"""What the types of a merged page cannot say: exactly one of some, names that must exist, words that need a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.nearest import nearest
from generator.inputs.accounts import unfit_account
from generator.inputs.addresses import unfit_addresses
from generator.inputs.clashes import clashes
from generator.inputs.containers import unfit_containers
from generator.inputs.duplicate_keys import doubles
from generator.inputs.exposure import unfit_services
from generator.inputs.fault import Fault, placed, require_one
from generator.inputs.job_accounts import unfit_accounts
from generator.inputs.namesakes import namesakes
from generator.inputs.no_image import imageless
from generator.inputs.owned_labels import owned_labels
from generator.inputs.schedules import unfit_schedules
from generator.inputs.secrets import unfit_secrets
from generator.inputs.selectors import unfit_selectors
from generator.inputs.suppression import idle_suppressions
from generator.inputs.written_annotations import written_annotations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.findings.finding import Finding
    from generator.inputs.layers import Layers
    from generator.model.page import Page
    from generator.model.service import Placement


def contradictions(
    name: str, page: Page, placement: Placement | None, namespaces: Collection[str], layers: Layers
) -> list[Finding]:
    """List every contradiction in the merged page of service `name`, of a system with these `namespaces`.

    `placement` is None for the base, which no environment has to complete.
    """
    faults = [
        *_namespace(page, namespaces),
        *_faults(page, placement),
        *clashes(page, placement, name),
        *unfit_accounts(page, name),
        *(unfit_selectors(page, name) if placement else ()),
        *namesakes(page, name),
    ]
    return [placed(fault, layers) for fault in faults]


def _faults(page: Page, placement: Placement | None) -> Iterator[Fault]:
    yield from imageless(page)
    yield from owned_labels(page)
    yield from idle_suppressions(page)
    yield from unfit_containers(page)
    if page.podDisruptionBudget is not None:
        yield from require_one(("podDisruptionBudget",), page.podDisruptionBudget, ("minAvailable", "maxUnavailable"))
    yield from doubles(page)
    yield from _labels(page)
    yield from unfit_account(page)
    yield from written_annotations(page)
    yield from unfit_schedules(page)
    yield from unfit_secrets(page, placement)
    yield from unfit_addresses(page, placement)
    yield from unfit_services(page, placement)


def _labels(page: Page) -> Iterator[Fault]:
    """Yield the faults of pod labels that the selector sets: on the pods of jobs they would match the Service too."""
    for label in (label for label in page.podLabels if label in page.selector):
        message = f"'podLabels.{label}' is a label of 'selector', which the service's pods have already"
        yield Fault(("podLabels", label), message, "drop it; another value goes under `selector:`")


def _namespace(page: Page, namespaces: Collection[str]) -> Iterator[Fault]:
    if page.namespace is None or page.namespace in namespaces:
        return
    near = nearest(page.namespace, namespaces)
    remedy = f"did you mean '{near}'?" if near else f"known: {', '.join(sorted(namespaces))}"
    yield Fault(("namespace",), f"the system has no namespace '{page.namespace}'", remedy)
