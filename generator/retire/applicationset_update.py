"""What Argo CD is told once a service is out: its ApplicationSets list the services that may run somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.enrolment import roster
from generator.inputs.load import load
from generator.layout.unit import argocd_unit
from generator.paths import ARGOCD
from generator.plan.plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.change import Change
    from generator.disk.tree import Tree


def relisted(tree: Tree, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes under `argocd/` that go with `changes`; none where these files are as they will be.

    Raises InputError for a page that cannot be read: its service would drop out of every list.
    """
    after = tree.after((change.path, change.after) for change in changes)
    project = load(after, only=())
    known = roster(project, after)
    load(after, only=project.names - known.keys())
    planned = plan(after, [argocd_unit(project, known)], after.under(ARGOCD))
    return planned.changes
