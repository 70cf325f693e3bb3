"""One Application in full: what it is, when it may sync, and its objects step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.clock.instant import format_instant
from generator.controller.order import delete_policies, sync_options
from generator.report.release import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.controller.application import Application
    from generator.controller.order import Task
    from generator.controller.window import Gate
    from generator.kubernetes.manifest import ObjectId
    from generator.preview.preview import Outlook


def details(outlook: Outlook) -> Iterator[str]:
    """Yield the lines about one Application."""
    application = outlook.application
    yield application.name
    rows = [
        ("project", application.project),
        ("destination", str(application.destination)),
        ("source", ", ".join(map(str, application.sources))),
        ("made by", _maker(application)),
        ("sync", _sync(application)),
        ("options", ", ".join(application.policy.options)),
        *(("window", line) for line in _windows(outlook.gate)),
    ]
    yield from (f"  {line}" for line in aligned([row for row in rows if row[1]]))
    signs = _signs(outlook)
    for wave in outlook.waves:
        yield f"  {wave.phase} wave {wave.wave}"
        yield from (f"    {_task(task, signs)}" for task in wave.tasks)
    if outlook.ignored:
        yield "  never applied"
        yield from (f"    {trait}" for trait in outlook.ignored)


def _maker(application: Application) -> str:
    if not application.made_by:
        return str(application.place)
    return f"ApplicationSet {application.made_by}" + (", which never deletes one" if application.keeps else "")


def _sync(application: Application) -> str:
    policy = application.policy
    if not policy.automated:
        return "by hand"
    words = ["automated", "prune" if policy.prune else "no prune", "self-heal" if policy.self_heal else "no self-heal"]
    return ", ".join([*words, *([] if policy.retries is None else [f"{policy.retries} retries"])])


def _windows(gate: Gate) -> Iterator[str]:
    for each in gate.windows:
        yield f"{each.kind} {each.schedule} for {each.duration} {each.zone or 'UTC'} {each.description}".rstrip()
    yield from gate.faults
    if gate.closed and not gate.faults:
        until = f"closed until {format_instant(gate.until)}" if gate.until else "closed, no end in sight"
        yield until + (", but for syncs by hand" if gate.manual else ", for syncs by hand too")


def _signs(outlook: Outlook) -> dict[ObjectId, str]:
    """Return a sign for each object that differs from the base."""
    change = outlook.change
    if change is None:
        return {}
    created = dict.fromkeys((each.id for each in change.created), "+ ")
    changed = dict.fromkeys((each.id for each in change.changed), "~ ")
    return created | changed | {gone.object.id: "- " for gone in change.gone}


def _task(task: Task, signs: dict[ObjectId, str]) -> str:
    words = [*([f"hook, deleted {', '.join(delete_policies(task.object))}"] if task.hook else [])]
    words += sync_options(task.object)
    return f"{signs.get(task.object.id, '')}{task.object}" + (f" ({', '.join(words)})" if words else "")
