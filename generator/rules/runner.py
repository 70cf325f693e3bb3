"""The runner of the rules. It knows none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.kubernetes.objects import kind
from generator.rules.argocd import argo_kind
from generator.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model.base import Manifest
    from generator.rules.rule import Rule, Violation
    from generator.rules.view import View


def violations(view: View, rules: Iterable[Rule] = RULES) -> Iterator[tuple[Rule, Manifest, Violation]]:
    """Yield what the object rules say: objects in the order of the view, rules by id within each."""
    checks = [(rule, rule.check) for rule in rules if rule.check and (view.production or not rule.production_only)]
    for manifest in view.objects:
        what = kind(manifest) or argo_kind(manifest)
        for rule, check in checks:
            if rule.kinds is None or what in rule.kinds:
                for violation in check(manifest, view):
                    yield rule, manifest, violation
