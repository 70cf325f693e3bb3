"""What the rules see of one overlay: what was built, what the page says about it, and what its environment gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.rules.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.layout.unit import Overlay
    from generator.model.base import Manifest
    from generator.prove.rule_context import Surroundings


def view_of(overlay: Overlay, objects: Sequence[Manifest], around: Surroundings | None = None) -> View:
    """Return the view of an overlay that was built to `objects`; without its surroundings it is seen alone."""
    placement = overlay.placement
    return View(
        objects=tuple(objects),
        environment=overlay.target.environment,
        reader=overlay.target.root.reader,
        production=placement.production,
        service=overlay.unit,
        external=overlay.external,
        environments=around.environments if around else {},
        repository=around.repository_of(overlay) if around else None,
        limits=around.limits_of(overlay) if around else None,
        kubernetes=placement.kubernetes_version,
        provider=placement.provider,
        store=placement.secret_store.kind if placement.secret_store else "",
        secrets=overlay.secrets,
        neighbours=around.neighbours_of(overlay) if around else frozenset(),
        renamed=around.renamed_in(overlay) if around else {},
        twins=around.twins_in(overlay) if around else {},
        modelled=overlay.objects,
    )
