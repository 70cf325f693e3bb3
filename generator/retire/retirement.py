"""The guarded way out of an environment, or of all: what would go, and the token that stands for it.

What goes is read from the disk and built by the real kustomize, whatever the pages say by now: so somebody who began by
hand is led back here. Nothing in this module writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from generator.change import Change
from generator.clock.instant import format_instant
from generator.disk.tree import Tree, digest
from generator.findings.errors import InputError, UsageError
from generator.findings.nearest import nearest
from generator.inputs.project import Project
from generator.inputs.scope import instance_of
from generator.layout.release import Record
from generator.model.base import Manifest
from generator.paths import application_name, overlay_folder
from generator.records.hold import Hold, read_hold
from generator.records.record import read_record
from generator.records.retirement import Tombstone, read_tombstone, tombstone_path
from generator.retire.deleted_with import Pruned, pruned
from generator.retire.references import Referrer, going, referrers
from generator.retire.removal import settings, without_environment, without_page
from generator.roots import ARGOCD

# Hex digits of a token: enough to tell a plan from what it becomes, few enough to type.
TOKEN_DIGITS = 6


class RetirementInputs(msgspec.Struct, frozen=True, kw_only=True):
    """What a retirement is worked out from: the tree and its project, HEAD's files of `retired/`, a way to build.

    `missing` are paths of the service that HEAD has and the tree has not: an earlier run deleted them. `build` gives
    the objects of a folder, and raises InputError when it does not build.
    """

    tree: Tree
    project: Project
    committed: Mapping[str, bytes]
    missing: tuple[str, ...] = ()
    build: Callable[[str], Sequence[Manifest]]


class EnvironmentPart(msgspec.Struct, frozen=True, kw_only=True):
    """What goes in one environment: the objects of its Application, the release record, a hold.

    `instance` is the Argo CD that syncs the environment, "" where no page says so any more.
    `stone` is a tombstone that no commit holds yet. With `deleted` files are gone already, all or some, so that nothing
    can be built any more: the objects were shown when it was confirmed.
    """

    environment: str
    application: str
    instance: str = ""
    objects: tuple[Pruned, ...] = ()
    record: Record = {}
    hold: Hold | None = None
    stone: Tombstone | None = None
    deleted: bool = False


class Retirement(msgspec.Struct, frozen=True, kw_only=True):
    """What a retirement would do. `environment` None: the whole page goes.

    `changes` are its edits but for the tombstones, `missing` paths that an earlier run deleted, `page` is the page as
    it is then (empty: none), `settings` what it says of the environment alone and goes too; `referrers` are lines that
    name what goes, `argocd` is the namespace of the Applications, and `told` says whether the repository holds what
    Argo CD itself syncs.
    """

    service: str
    environment: str | None
    parts: tuple[EnvironmentPart, ...]
    referrers: tuple[Referrer, ...]
    changes: tuple[Change, ...]
    missing: tuple[str, ...] = ()
    page: bytes
    settings: Any
    argocd: str
    told: bool

    @property
    def token(self) -> str:
        """Stands for all that was shown: objects, records, holds, references, and what becomes of which file.

        It stays the same while a retirement is interrupted, so that the same command finishes it; so what Argo CD is
        told, which follows from all of this, has no part in it.
        """
        if self.interrupted is not None:
            return self.interrupted
        parts = [
            (each.environment, each.objects, each.record, each.hold, each.stone if each.deleted else None)
            for each in self.parts
        ]
        lines = [(one.place.file, one.environment, one.words) for one in self.referrers]
        shown = msgspec.json.encode((self.service, self.environment, parts, lines))
        gone = (each for each in self.changes if each.after is None and not each.path.startswith(f"{ARGOCD}/"))
        files = ((each.path, each.before or b"") for each in gone)
        return digest([("shown", shown), ("page", self.page), *files])[:TOKEN_DIGITS]

    @property
    def interrupted(self) -> str | None:
        """The token of this very retirement, if it was confirmed and had begun to delete."""
        stones = [part.stone for part in self.parts]
        plans = {stone.plan if stone and stone.page == bool(self.environment) else None for stone in stones}
        return plans.pop() if len(plans) == 1 and any(part.deleted for part in self.parts) else None

    @property
    def finished(self) -> bool:
        """Whether it was confirmed and every file is as it is to be; no commit holds that yet."""
        return self.interrupted is not None and not self.changes

    @property
    def begun(self) -> bool:
        """Whether a run wrote files already, and no commit holds them yet."""
        return any(part.stone for part in self.parts)

    @property
    def irreplaceable(self) -> tuple[str, ...]:
        """Objects that have to be named to go, each once."""
        return tuple(dict.fromkeys(one.object for part in self.parts for one in part.objects if one.irreplaceable))

    @property
    def irretrievable(self) -> tuple[Change, ...]:
        """Edits that take bytes away which only git may keep: of rendered files, and of the page if it loses settings.

        A page that loses nothing keeps whatever else was edited on it.
        """
        page = f"services/{self.service}.yaml"
        return tuple(one for one in self.changes if one.path != page or one.after is None or self.settings)

    @property
    def asked(self) -> tuple[str, ...]:
        """The arguments that ask for it."""
        return (self.service,) if self.environment is None else (self.service, "--env", self.environment)


def retirement(stock: RetirementInputs, service: str, environment: str | None) -> Retirement:
    """Work out what would go; raises UsageError for what is not there, InputError for what cannot be read or built."""
    released = _environments(stock, service)
    _refuse_unknown(stock, service, environment, released)
    built: dict[str, Sequence[Manifest]] = {}
    parts = tuple(_part(stock, service, place, built) for place in released if environment in {None, place})
    if environment is None:
        changes, lost = without_page(stock.tree, service, released), None
    else:
        changes = without_environment(stock.tree, stock.project, service, environment)
        lost = settings(stock.project, service, environment)
    return Retirement(
        service=service,
        environment=environment,
        parts=parts,
        referrers=tuple(referrers(stock.tree, service, {place: going(objects) for place, objects in built.items()})),
        changes=changes,
        missing=stock.missing,
        page=_page(stock.tree, service, changes),
        settings=lost,
        argocd=stock.project.gitops.argocd.namespace,
        told=any(stock.tree.under(ARGOCD)),
    )


def _page(tree: Tree, service: str, changes: Sequence[Change]) -> bytes:
    """Return the service's page as it is after `changes`."""
    path = f"services/{service}.yaml"
    after = {change.path: change.after or "" for change in changes}
    return after[path].encode() if path in after else tree.files.get(path, b"")


def _environments(stock: RetirementInputs, service: str) -> list[str]:
    """Return the environments where the service has files, or was being retired, in the order of promotion."""
    overlays = (path.split("/") for path in stock.tree.under("overlays"))
    found = {part[1] for part in overlays if part[2] == service}
    found |= {place for place in stones(stock.tree, service) if _stone(stock, service, place)}
    order = stock.project.gitops.environments
    return [*(place for place in order if place in found), *sorted(found.difference(order))]


def stones(tree: Tree, service: str) -> list[str]:
    """Return the environments that the service has a tombstone of."""
    paths = (path.split("/") for path in tree.under("retired"))
    return [part[1] for part in paths if part[2:] == [f"{service}.yaml"]]


def _stone(stock: RetirementInputs, service: str, environment: str) -> Tombstone | None:
    """Return the tombstone, if no commit holds it yet."""
    path = tombstone_path(environment, service)
    if stock.tree.files.get(path) == stock.committed.get(path):
        return None
    stone, complaints = read_tombstone(stock.tree, environment, service)
    if complaints:
        raise InputError(complaints)
    return stone


def _refuse_unknown(stock: RetirementInputs, service: str, environment: str | None, released: Sequence[str]) -> None:
    """Raise UsageError when there is nothing of this service, or nothing of it there."""
    project = stock.project
    if service in project.systems:
        raise UsageError(f"'{service}' is a system; only services are retired")
    if service not in project.names and not released:
        near = nearest(service, project.names)
        raise UsageError(f"no service '{service}'" + (f"; did you mean '{near}'?" if near else ""))
    if environment is None or environment in released:
        return
    stone, _ = read_tombstone(stock.tree, environment, service)
    if stone is not None:
        raise UsageError(f"{service} was retired from {environment} at {format_instant(stone.when)} by {stone.by}")
    near = nearest(environment, released)
    hint = f"did you mean '{near}'?" if near else f"it is released in: {', '.join(released) or 'no environment'}"
    raise UsageError(f"{service} is not released in '{environment}', so there is nothing to retire; {hint}")


def _part(
    stock: RetirementInputs, service: str, environment: str, built: dict[str, Sequence[Manifest]]
) -> EnvironmentPart:
    """Return what goes in one environment; `built` takes its objects."""
    application, stone = application_name(environment, service), _stone(stock, service, environment)
    instance = instance_of(stock.project, environment)
    try:
        built[environment] = stock.build(overlay_folder(environment, service))
    except InputError:
        if stone is None:
            raise
        return EnvironmentPart(
            environment=environment,
            application=application,
            instance=instance,
            record=stone.record,
            stone=stone,
            deleted=True,
        )
    record, complaints = read_record(stock.tree, service, environment)
    hold, unfit = read_hold(stock.tree, environment, service)
    if complaints or unfit:
        raise InputError([*complaints, *unfit])
    return EnvironmentPart(
        environment=environment,
        application=application,
        instance=instance,
        objects=tuple(pruned(manifest) for manifest in built[environment]),
        record=record or {},
        hold=hold,
        stone=stone,
    )
