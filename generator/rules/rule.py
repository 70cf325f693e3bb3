"""What a rule is: one small value that knows a fault, why it hurts, and how to mend it.

This module is small on purpose: a run with nothing new imports it, and none of the checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from generator.findings.finding import Finding, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.model.base import Manifest
    from generator.rules.view import View
    from generator.rules.world import RepositoryViolation, World

    Check = Callable[[Manifest, View], Iterable["Violation"]]
    Across = Callable[[World], Iterable[RepositoryViolation]]

# Who notices: the loader of pages, the gate before kustomize, the rules over built objects, or the proof around them.
Stage = Literal["page", "kustomization", "object", "repository", "proof"]


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's word on one object: the field (`path` inside the object), what is wrong, and the smallest fix.

    `severity` and `remedy` speak only where they differ from the rule's own. `unless` is the (kind, namespace, name) of
    an object that makes the violation void if another overlay of the cluster brings it. `shared` names a thing; the
    violation stands only if another environment of the cluster takes the same.
    """

    path: tuple[str | int, ...]
    message: str
    remedy: str = ""
    severity: Severity | None = None
    unless: tuple[str, str, str] | None = None
    shared: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule.

    `bad` and `good` are YAML: objects for stages `object` and `repository`, else a page or kustomization.
    `production_only` rules are silent outside production environments. `check` is None where the loader or
    the gate does the noticing; it is asked about objects of these `kinds` (of Kubernetes or of Argo CD), None for all.
    """

    id: str
    title: str
    why: str
    remedy: str
    severity: Severity
    stage: Stage
    bad: str
    good: str
    check: Check | None = None
    across: Across | None = None
    kinds: frozenset[str] | None = None
    production_only: bool = False

    def finding(  # noqa: PLR0913  # what a finding holds beside its rule
        self,
        *,
        place: Place,
        message: str,
        remedy: str | None = None,
        severity: Severity | None = None,
        object: str = "",  # noqa: A002  # the word of a finding
        environment: str = "",
    ) -> Finding:
        """Return a finding of this rule; remedy and severity are the rule's own unless others are given."""
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            place=place,
            message=message,
            remedy=self.remedy if remedy is None else remedy,
            object=object,
            environment=environment,
        )

    def complaint(self, place: Place, message: str, remedy: str = "") -> Finding:
        """Return a finding about a page that stops the run: an error, whatever the rule weighs elsewhere."""
        return self.finding(place=place, message=message, remedy=remedy, severity=Severity.ERROR)
