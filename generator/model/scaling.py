"""How many pods a service has, where they go, and how they are replaced."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from generator.model.base import INT32, Labelled, Model, Raw
from generator.model.host import GivenName

Count = Annotated[int, Meta(ge=0, le=INT32)]
Percent = Annotated[int, Meta(ge=1, le=INT32)]


class Strategy(Model):
    """How a Deployment replaces its pods; the two bounds belong to RollingUpdate."""

    type: Literal["RollingUpdate", "Recreate"] = "RollingUpdate"
    maxUnavailable: Count | str | None = None
    maxSurge: Count | str | None = None


class Autoscaling(Labelled, kw_only=True):
    """A HorizontalPodAutoscaler: bounds, and targets in percent of the request; `metrics` are raw further metrics."""

    name: GivenName | None = None
    minReplicas: Annotated[int, Meta(ge=1, le=INT32)]
    maxReplicas: Annotated[int, Meta(ge=1, le=INT32)]
    cpu: Percent | None = None
    memory: Percent | None = None
    metrics: list[Raw] = []
    behavior: Raw = {}


class PodDisruptionBudget(Labelled):
    """How many pods a node drain may take at once: exactly one of the two bounds."""

    name: GivenName | None = None
    minAvailable: Count | str | None = None
    maxUnavailable: Count | str | None = None
    unhealthyPodEvictionPolicy: Literal["AlwaysAllow", "IfHealthyBudget"] | None = None


class TopologySpread(Model):
    """One topology spread constraint; the selector is the service's own pods unless given."""

    topologyKey: str
    maxSkew: Annotated[int, Meta(ge=1, le=INT32)] = 1
    whenUnsatisfiable: Literal["DoNotSchedule", "ScheduleAnyway"] = "ScheduleAnyway"
    minDomains: Annotated[int, Meta(ge=1, le=INT32)] | None = None
    matchLabelKeys: list[str] = []
    nodeAffinityPolicy: Literal["Honor", "Ignore"] | None = None
    nodeTaintsPolicy: Literal["Honor", "Ignore"] | None = None
    labelSelector: Raw | None = None
