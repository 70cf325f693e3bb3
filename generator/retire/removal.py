"""The edits that take a service out: of its page, and of what Argo CD and other services make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.change import Change
from generator.findings.errors import UsageError
from generator.findings.progress import Silent
from generator.inputs.cache_keys import Shelf
from generator.inputs.dependencies import Dependencies
from generator.inputs.enrolment import roster
from generator.inputs.load import load
from generator.kubernetes.manifest import at
from generator.layout.unit import argocd_unit
from generator.paths import NAME, base_folder, overlay_folder
from generator.plan.plan import plan
from generator.roots import ARGOCD
from generator.units import render_units
from generator.yamlio.edit import SpliceError
from generator.yamlio.entry import shut_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage


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


def rerendered(tree: Tree, service: str, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes to what other services' pages render that go with `changes`, none where nothing changes.

    Raises InputError where one of these pages cannot be rendered.
    """
    names = Dependencies(tree).dependents_of(service)
    if not names:
        return ()
    after = tree.after((change.path, change.after) for change in changes)
    units, paths = render_units(load(after, only=names), after, names, Silent()), Shelf(after).paths
    return plan(after, units, [path for name in names for path in paths.get(name, ())]).changes


_OWN = ("resources", "patches")


def without_environment(tree: Tree, project: Project, service: str, environment: str) -> tuple[Change, ...]:
    """Return the page with the environment shut out, where it wants it by now, and the deletion of the overlay.

    In between comes what Argo CD is told, and what services that used its ConfigMap become: whatever an interruption
    leaves undone, the same edits finish.
    """
    page = project.services.get(service)
    wanted = page is not None and environment in project.environments_of(page)
    edits = (_shut(tree, page, environment),) if page is not None and wanted else ()
    others = (*relisted(tree, edits), *rerendered(tree, service, edits))
    return (*edits, *others, *_deletions(tree, tree.under(overlay_folder(environment, service))))


def without_page(tree: Tree, service: str, environments: Iterable[str]) -> tuple[Change, ...]:
    """Return what Argo CD is told, the deletion of the overlays in `environments`, of the base and, last, of the page.

    Services that used its ConfigMap are rendered again before that. The files beside the page go with it.
    """
    folders = [*(overlay_folder(environment, service) for environment in environments), base_folder(service)]
    page, beside = f"services/{service}.yaml", f"services/{service}"
    rendered = _deletions(tree, (path for folder in folders for path in tree.under(folder)))
    last = (*_deletions(tree, tree.under(beside)), *_deletions(tree, [page] if page in tree.files else []))
    gone = (*rendered, *last)
    return (*relisted(tree, gone), *rerendered(tree, service, gone), *gone)


def settings(project: Project, service: str, environment: str) -> Any:
    """Return what the page says of the environment alone, which goes with it; None where it says nothing."""
    page = project.services.get(service)
    return at(page.document.value, ("environments", environment)) or None if page is not None else None


def _shut(tree: Tree, page: ServicePage, environment: str) -> Change:
    before = tree.files[page.file]
    try:
        return Change(path=page.file, before=before, after=shut_out(before, environment).decode())
    except SpliceError as error:
        place = page.document.key_place(("environments", environment))
        value = at(page.document.value, ("environments",))
        line = f"{environment}: false" if value else f"environments: {{{environment}: false}}"
        raise UsageError(f"{place}: {error}; write `{line}` there yourself, then run this again") from error


def _deletions(tree: Tree, paths: Iterable[str]) -> tuple[Change, ...]:
    """Return deletions in an order that `generate` can finish: people's own files first, kustomizations last."""
    return tuple(Change(path=path, before=tree.files[path], after=None) for path in sorted(paths, key=_order))


def _order(path: str) -> tuple[bool, bool, str]:
    top, *parts = path.split("/")
    own = parts[1 if top == "base" else 2 :][:1] in ([part] for part in _OWN)
    return path.endswith(f"/{NAME}"), not own, path
