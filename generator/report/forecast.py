"""What Argo CD will do, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.controller.application import Source
    from generator.controller.object_summary import Trait
    from generator.controller.order import Task
    from generator.controller.project_check import ProjectRefusal
    from generator.controller.window import Gate
    from generator.preview.preview import Forecast, Outlook


def plan_data(forecasts: Sequence[Forecast], *, changed: bool = False) -> dict[str, Any]:
    """Return everything as plain values; what is about a base commit is null without one.

    With `changed` only the Applications that change.
    """
    return {
        "applications": [
            _application(outlook, each.instance)
            for each in forecasts
            for outlook in each.outlooks
            if outlook.changes or not changed
        ],
        "unexpanded": [
            {
                "instance": each.instance,
                "name": one.name,
                "place": str(one.place),
                "why": one.why,
                "certain": one.certain,
            }
            for each in forecasts
            for one in each.unexpanded
        ],
        "sameName": [
            {"instance": each.instance, "name": second.name, "places": [str(first.place), str(second.place)]}
            for each in forecasts
            for first, second in each.twins
        ],
        "gone": [
            {"instance": each.instance, "name": parting.application.name, "fate": parting.fate}
            for each in forecasts
            for parting in each.parted
        ],
    }


def _application(outlook: Outlook, instance: str) -> dict[str, Any]:
    application, built, change = outlook.application, outlook.built, outlook.change
    policy, destination = application.policy, application.destination
    sources = [_source(source) for source in application.sources]
    return {
        "instance": instance,
        "name": application.name,
        "project": application.project,
        "destination": {"name": destination.name, "server": destination.server, "namespace": destination.namespace},
        "source": sources[0] if len(sources) == 1 else None,
        "sources": sources,
        "applicationSet": application.made_by or None,
        "place": str(application.place),
        "sync": {
            "automated": policy.automated,
            "prune": policy.prune,
            "pruneLast": policy.prune_last,
            "selfHeal": policy.self_heal,
            "allowEmpty": policy.allow_empty,
            "retries": policy.retries,
            "options": policy.options,
        },
        "built": not (built.fault or built.site.elsewhere),
        "fault": built.fault or None,
        "elsewhere": built.site.elsewhere or None,
        "waves": [
            {"phase": wave.phase, "wave": wave.wave, "objects": [_task(task) for task in wave.tasks]}
            for wave in outlook.waves
        ],
        "ignored": [_object(trait) for trait in outlook.ignored],
        "refused": [_refusal(each) for each in outlook.refusals],
        "inDoubt": [_refusal(each) for each in outlook.doubts],
        "window": _window(outlook.gate),
        "new": change and change.new,
        "moved": change and change.moved,
        "created": change and [_object(trait) for trait in change.created],
        "changed": change and [_object(trait) for trait in change.changed],
        "runsAgain": change and [_object(trait) for trait in change.again],
        "pruned": change and [{**_object(gone.object), "fate": str(gone)} for gone in change.gone],
    }


def _refusal(refusal: ProjectRefusal) -> dict[str, Any]:
    return {"message": refusal.message, "object": refusal.object or None, "prune": refusal.prune}


def _source(source: Source) -> dict[str, Any]:
    return {
        "repoURL": source.repository,
        "path": source.path or None,
        "chart": source.chart or None,
        "targetRevision": source.revision,
        "overrides": source.overrides,
    }


def _task(task: Task) -> dict[str, Any]:
    return {**_object(task.object), "hook": task.hook, "prune": task.prune}


def _object(trait: Trait) -> dict[str, Any]:
    return {"group": trait.group, "kind": trait.kind, "namespace": trait.namespace, "name": trait.name}


def _window(gate: Gate) -> dict[str, Any]:
    return {
        "closed": gate.closed,
        "until": gate.until,
        "manual": gate.manual,
        "faults": gate.faults,
        "windows": [
            {"kind": each.kind, "schedule": each.schedule, "duration": each.duration, "timeZone": each.zone or "UTC"}
            for each in gate.windows
        ],
    }
