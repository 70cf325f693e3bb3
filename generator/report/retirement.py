"""A retirement as text and as data: what would go, what became of it, and what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.clock.instant import format_instant
from generator.findings.text import escape_diff, escape_lines
from generator.records.retirement import tombstone_path
from generator.retire.next_steps import next_command, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.change import Change
    from generator.layout.release import Release
    from generator.retire.deleted_with import Pruned
    from generator.retire.next_steps import Way
    from generator.retire.references import Referrer
    from generator.retire.retirement import EnvironmentPart, Retirement

_PAST = {"write": "wrote", "update": "updated", "delete": "deleted"}
_NAMED = "(!) git cannot bring this back: it goes only when it is named"
_LANDED = {
    "tree": "the files are written",
    "push": "the commit is on the branch",
    "review": "the request is open",
}
_POLICY = (
    "Once {}, the rest is by hand: an ApplicationSet that creates and updates (create-update)",
    "deletes no Application, so this one stays without a path, and what it deployed keeps running. In this order:",
)


def plan_text(  # noqa: PLR0913  # what the command line says of it
    plan: Retirement,
    branch: str,
    unsaved: Sequence[Change],
    reason: str | None,
    *,
    way: Way = "tree",
    options: Sequence[str] = (),
) -> str:
    """Return the first step: what would go, and how to go on. `unsaved` are edits of bytes that HEAD does not hold.

    `options` are those of the command line that say where it is to land.
    """
    if plan.finished:
        return _joined([[f"{_title(plan)} is retired already, and not committed yet."], _left(plan, branch, way)])
    sections: list[list[str] | str] = [
        [f"{_title(plan)} would go; nothing is written."],
        *(_part(part) for part in plan.parts),
        _section("Lines that still refer to it:", _referrers(plan.referrers)),
        ["This was confirmed and interrupted; the same command finishes it."] if plan.interrupted else [],
        _section("Files:", (f"{verb} {path}" for verb, path in _planned(plan))),
        "".join(escape_diff(change.diff()) for change in plan.changes if change.after is not None),
        _settings(plan),
        _section("Not in the last commit as they are now, so commit them first:", (each.path for each in unsaved)),
        _left(plan, branch, way),
        ["To go on:", f"  {next_command(plan, reason, options)}"],
    ]
    return _joined(sections)


def done_text(plan: Retirement, branch: str, changes: Sequence[Change], way: Way = "tree") -> str:
    """Return the answer of the second step: what was written, and what is left to do."""
    if not changes:
        return escape_lines([f"nothing to do: {_title(plan)} was retired already"])
    files = _section("Files:", (f"{_PAST[verb]} {path}" for verb, path in _written(changes)))
    return _joined([[f"{_title(plan)} is retired."], files, _left(plan, branch, way)])


def left_text(plan: Retirement, branch: str, way: Way) -> str:
    """Return what is left to do alone."""
    return _joined([_left(plan, branch, way)])


def retirement_data(  # noqa: PLR0913  # as above
    plan: Retirement,
    branch: str,
    *,
    unsaved: Sequence[Change] = (),
    changes: Sequence[Change] | None = None,
    way: Way = "tree",
    options: Sequence[str] = (),
) -> dict[str, Any]:
    """Return either step as plain values; `changes` are what was written, None in the first step."""
    files = _planned(plan) if changes is None else _written(changes)
    return {
        "service": plan.service,
        "environment": plan.environment,
        "written": bool(changes),
        "token": plan.token,
        "environments": [_part_data(part) for part in plan.parts],
        "settingsRemoved": plan.settings,
        "referrers": list(plan.referrers),
        "files": [{"action": verb, "path": path} for verb, path in files],
        "uncommitted": [each.path for each in unsaved],
        "irreplaceable": list(plan.irreplaceable),
        "interrupted": plan.interrupted is not None and not plan.finished,
        "confirm": next_command(plan, None, options) if changes is None and not plan.finished else None,
        "steps": list(steps(plan, branch, way)),
    }


def _part_data(part: EnvironmentPart) -> dict[str, Any]:
    return {
        "environment": part.environment,
        "application": part.application,
        "deleted": part.deleted,
        "objects": list(part.objects),
        "record": part.record,
        "hold": part.hold,
    }


def _title(plan: Retirement) -> str:
    if plan.environment is not None:
        return f"{plan.service} in {plan.environment}"
    return f"{plan.service} ({''.join(f'{part.environment}, ' for part in plan.parts)}and its page)"


def _part(part: EnvironmentPart) -> list[str]:
    """Return what goes in one environment."""
    if part.stone is not None and part.deleted:
        return [f"In {part.environment} it was retired at {format_instant(part.stone.when)} by {part.stone.by}."]
    count = f"{len(part.objects)} object{'s' * (len(part.objects) != 1)}"
    lines = [f"In {part.environment}, Application {part.application} (<environment>-<service>) has {count}:"]
    lines += [_object(each) for each in part.objects]
    if any(each.irreplaceable for each in part.objects):
        lines.append(f"  {_NAMED}")
    lines += (
        ["", *_section("Its release record goes, and git keeps it:", _releases(part.record))] if part.record else []
    )
    if part.hold is not None:
        until = f" until {format_instant(part.hold.until)}" if part.hold.until else ""
        lines.append(f"It is held{until} by {part.hold.by} ({part.hold.reason}); the hold goes, too.")
    return lines


def _object(each: Pruned) -> str:
    mark = "(!)" if each.irreplaceable else "   "
    return f"  {mark} {each.object}" + (f": {each.loss}" if each.loss else "")


def _releases(record: Mapping[str, Release]) -> Iterator[str]:
    for image, release in record.items():
        yield f"{image} {release.suffix.removeprefix(':').removeprefix('@')}"


def _referrers(found: Iterable[Referrer]) -> Iterator[str]:
    """Return each line once, with the environments in which it refers."""
    environments: dict[str, list[str]] = {}
    for each in found:
        environments.setdefault(f"{each.place}: {each.words}", []).append(each.environment)
    return (f"{line} [{', '.join(names)}]" for line, names in environments.items())


def _settings(plan: Retirement) -> list[str]:
    if not plan.settings:
        return []
    return [f"What the page says of {plan.environment} alone goes with it (shown above); git keeps it."]


def _planned(plan: Retirement) -> Iterator[tuple[str, str]]:
    """Yield what would become of each file: what is done, and its path."""
    for part in plan.parts:
        if not part.deleted:
            yield "write", tombstone_path(part.environment, plan.service)
    yield from _written(plan.changes)


def _written(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    for change in changes:
        yield "delete" if change.after is None else "write" if change.before is None else "update", change.path


def _left(plan: Retirement, branch: str, way: Way) -> list[str]:
    """Return what is left to do, numbered; another way to do a step has no number."""
    said = _POLICY if plan.parts else ("Once {}:",)
    lines = [line.format(_LANDED[way]) for line in said]
    number = 0
    for step in steps(plan, branch, way):
        number += not step.instead
        lines.append(f"     {step.what}:" if step.instead else f"  {number}. {step.what}:")
        lines += [f"       {command}" for command in step.commands]
    return lines


def _section(title: str, lines: Iterable[str]) -> list[str]:
    """Return a title and indented lines below it; nothing without lines."""
    found = [f"  {line}" for line in lines]
    return [title, *found] if found else []


def _joined(sections: Iterable[list[str] | str]) -> str:
    """Return lists of lines, and texts that may be shown already, with an empty line between them."""
    texts = (section if isinstance(section, str) else escape_lines(section) for section in sections if section)
    return "\n".join(texts)
