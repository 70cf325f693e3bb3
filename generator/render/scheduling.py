"""Where a Deployment's pods go: apart from each other, beside others, spread over zones and nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.render.common import drop_empty

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.scaling import TopologySpread
    from generator.model.service import Service

_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def affinity(service: Service) -> Raw:
    """Return the affinity that the page's short words mean, joined with its raw one (lists are appended)."""
    short = {"podAffinity": _beside(service), "podAntiAffinity": _apart(service)}
    joined = _join(drop_empty(short), service.page.affinity)
    kinds = ("nodeAffinity", "podAffinity", "podAntiAffinity")
    return drop_empty({**{kind: joined.get(kind) for kind in kinds}, **joined})


def spread_constraints(service: Service) -> list[Raw]:
    """Return the topology spread constraints of the page."""
    return [_constraint(service, wish) for wish in service.page.topologySpreadConstraints]


def _beside(service: Service) -> Raw | None:
    terms = [_preferred(_labels_of(service, name)) for name in service.page.colocateWith]
    return {_PREFERRED: terms} if terms else None


def _labels_of(service: Service, name: str) -> dict[str, str]:
    """Return the labels that find the pods of another service; of what no page of this name renders it is `app`."""
    other = service.find_service(name)
    return other.selector if other else {"app": name}


def _apart(service: Service) -> Raw | None:
    if service.page.podAntiAffinity == "required":
        return {_REQUIRED: [_same_node(service.selector)]}
    if service.page.podAntiAffinity == "preferred":
        return {_PREFERRED: [_preferred(service.selector)]}
    return None


def _preferred(labels: dict[str, str]) -> Raw:
    return {"weight": 100, "podAffinityTerm": _same_node(labels)}


def _same_node(labels: dict[str, str]) -> Raw:
    return {"labelSelector": {"matchLabels": labels}, "topologyKey": "kubernetes.io/hostname"}


def _constraint(service: Service, wish: TopologySpread) -> Raw:
    wanted = wish.labelSelector
    constraint = drop_empty(
        {
            "maxSkew": wish.maxSkew,
            "minDomains": wish.minDomains,
            "topologyKey": wish.topologyKey,
            "whenUnsatisfiable": wish.whenUnsatisfiable,
            "labelSelector": {"matchLabels": service.selector},
            "matchLabelKeys": wish.matchLabelKeys,
            "nodeAffinityPolicy": wish.nodeAffinityPolicy,
            "nodeTaintsPolicy": wish.nodeTaintsPolicy,
        }
    )
    return constraint if wanted is None else {**constraint, "labelSelector": wanted}  # an empty one means all pods


def _join(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        both = {key: _join(first[key], second[key]) for key in first if key in second}
        return {**first, **second, **both}
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return second
