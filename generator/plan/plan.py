"""The plan: which rendered files to write and which to delete, compared with what is on disk. Nothing is written here.

`generate`, `--check`, `--dry-run` and the hook differ only in what they do with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from shlex import quote
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.change import Change
from generator.disk.tree import Tree
from generator.findings.finding import Finding, Place
from generator.layout.formatting import same_but_for_record_style
from generator.layout.overrides import overrides
from generator.paths import HOLD, NAME, base_folder, is_copy, is_hold, is_ours, same_but_for_header
from generator.roots import find_rendered_root, is_rendered_path
from generator.rules.kustomization import KUS004

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.disk.tree import Tree
    from generator.layout.unit import Unit

_MEANT = "a change meant to stay belongs on the page"
_ORIGINS: dict[str, tuple[str, str]] = {
    "page": ("a page changed since this was rendered", "run `fairlead generate`"),
    "hand": ("edited by hand since fairlead wrote it", "`fairlead generate --force` renders over it"),
    "commit": (
        "not what the pages of the last commit render (page committed alone, hand edit, or another fairlead)",
        "run `fairlead generate`, and commit",
    ),
    "unknown": ("differs from what the pages render", "run `fairlead generate`"),
}


# Where the difference of a file comes from: an edited page, an edit that only the disk has, one that was committed;
# before the first commit nobody knows.
Origin = Literal["page", "hand", "commit", "unknown"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What `generate` would do: `changes` are drift, `restyled` only tidy a release record; `strays` are findings.

    `untracked` are those of files that git does not track; `--check` alone looks for them.
    `hints` are findings that are no drift and stop nothing.
    `origins` says of changed files where their difference comes from, where somebody asked.
    """

    changes: tuple[Change, ...] = ()
    restyled: tuple[Change, ...] = ()
    strays: tuple[Finding, ...] = ()
    untracked: tuple[Finding, ...] = ()
    hints: tuple[Finding, ...] = ()
    unchanged: int = 0
    origins: Mapping[str, Origin] = {}

    def drift(self) -> Iterator[Finding]:
        """Yield a finding for every file that is not what the pages render."""
        yield from self.strays
        yield from self.untracked
        yield from (drift_of(change, self.origins.get(change.path)) for change in self.changes)


def plan(tree: Tree, units: Iterable[Unit], paths: Iterable[str], hints: Iterable[Finding] = ()) -> Plan:
    """Compare the files of `units` with the disk; `paths` are the rendered paths on disk that they answer for."""
    units = tuple(units)
    wanted = {path: text for unit in units for path, text in unit.files.items()}
    kept = _listed(units) | _holds(wanted)
    changes = [change for path, text in wanted.items() if (change := change_of(tree, path, text)) is not None]
    extra = [path for path in paths if path not in wanted and path not in kept and is_rendered_path(path)]
    ours = [is_ours(tree.files[path]) for path in extra]
    deletions = [Change(path=path, before=tree.files[path], after=None) for path in compress(extra, ours)]
    folders = {overlay.folder for unit in units for overlay in unit.overlays}
    told = {finding.place.file: finding for finding in overrides(tree.files)} if extra else {}
    strays = [told.get(path) or _stray(path, folders) for path, own in zip(extra, ours, strict=True) if not own]
    tidied = [restyles(change) for change in changes]
    drifted = [change for change, tidy in zip(changes, tidied, strict=True) if not tidy]
    return Plan(
        changes=tuple(sorted(drifted, key=_path)) + tuple(deletions),
        restyled=tuple(compress(changes, tidied)),
        strays=tuple(strays),
        hints=tuple(hints),
        unchanged=len(wanted) - len(changes),
    )


def _path(change: Change) -> str:
    return change.path


def change_of(tree: Tree, path: str, text: str) -> Change | None:
    """Return what has to be done for `path` to hold `text`, None when it does."""
    before = tree.files.get(path)
    return None if before == text.encode() else Change(path=path, before=before, after=text)


def restyles(change: Change) -> bool:
    """Return whether a change only tidies the style of a release record."""
    if change.before is None or change.after is None or not change.path.endswith("/" + NAME):
        return False
    return same_but_for_record_style(change.before.decode("utf-8", "replace"), change.after)


def _listed(units: Iterable[Unit]) -> set[str]:
    """Return the paths of the people's own files that pages list."""
    units = tuple(units)
    overlays = [overlay for unit in units for overlay in unit.overlays]
    found = {f"{overlay.folder}/{name}" for overlay in overlays for name in overlay.own.names}
    found |= {f"{base_folder(overlay.unit)}/{name}" for overlay in overlays for name in overlay.own.shared}
    return found.union(*(unit.shared for unit in units))


def _holds(wanted: Iterable[str]) -> set[str]:
    """Return the paths of the holds that may stand beside rendered release records; one without its overlay goes."""
    holds = (path.removesuffix(NAME) + HOLD for path in wanted if path.endswith(f"/{NAME}"))
    return {path for path in holds if is_hold(path)}


def drift_of(change: Change, origin: Origin | None = None) -> Finding:
    """Return the finding that a file is not what its page renders.

    `origin` None: nobody asked where that comes from.
    """
    if change.before is None:
        message, remedy = "the file is missing", "run `fairlead generate`"
    elif change.after is None:
        message, remedy = "no page renders this file any more", "run `fairlead generate` to delete it"
        message = "nothing is released here that it could hold" if is_hold(change.path) else message
    elif same_but_for_header(change.before, change.after.encode()):
        message, remedy = "its header is that of another release of Fairlead", "run `fairlead generate`"
    else:
        message, remedy = _differing(change, origin)
    place = Place(change.path, change.line if change.before is not None and change.after is not None else 1)
    return KUS004.finding(place=place, message=message, remedy=remedy)


def _meant(change: Change) -> str:
    """Return where a change that is meant to stay belongs."""
    if not is_copy((change.after or "").encode()):
        return _MEANT
    _, _, service, *name = change.path.split("/")
    return (
        f"a change meant to stay belongs in {base_folder(service)}/{'/'.join(name)} (all environments), "
        "or take out the first line here (this one alone)"
    )


def _differing(change: Change, origin: Origin | None) -> tuple[str, str]:
    """Return message and remedy for a file that is on the disk and not as rendered."""
    if origin is None:
        undo = f"undo that (`git checkout -- {quote(change.path)}`), or `fairlead generate --force`"
        remedy = f"run `fairlead generate`; if the file was edited by hand, {undo}; {_meant(change)}"
        return f"differs from what the pages render: {_versus(change)}", remedy
    said, remedy = _ORIGINS[origin]
    belongs = "" if origin == "page" else f"; {_meant(change)}"
    return f"{said}: {_versus(change)}", f"{remedy}{belongs}"


def _versus(change: Change) -> str:
    number = change.line - 1
    before = (change.before or b"").decode("utf-8", "backslashreplace").split("\n")
    after = (change.after or "").split("\n")
    old = before[number].strip() if number < len(before) else "(end of file)"
    new = after[number].strip() if number < len(after) else "(end of file)"
    return f"`{old[:80]}` here, `{new[:80]}` rendered"


def _stray(path: str, folders: Collection[str]) -> Finding:
    """Return the finding of a file that is nobody's; `folders` are those of all overlays that pages render."""
    message = "not rendered by fairlead, and no page lists it"
    remedy = "list it on the page (extraResources: or patches:), or move it out of the rendered folders"
    if (root := find_rendered_root(path)) and root.reader == "argocd":
        message, remedy = _beside_argocd(path, folders)
    return KUS004.finding(place=Place(path), message=message, remedy=remedy)


def _beside_argocd(path: str, folders: Collection[str]) -> tuple[str, str]:
    """Return what is wrong with a file in the root that Argo CD itself reads, and where it could go."""
    instance = path.split("/")[1] if path.count("/") > 1 else "<instance>"
    folder, listed = f"argocd/{instance}", f"`argocd.instances.{instance}.extraResources` in gitops.yaml"
    if instance != "<instance>" and folder not in folders:
        return "no instance of gitops.yaml renders this folder", (
            f"move it out of argocd/, or bring `{instance}` back under `argocd.instances`"
        )
    own = f"{folder}/resources/"
    move = "" if path.startswith(own) else f"move it to {own} and "
    return "not rendered by fairlead, and no page lists it", f"{move}list it under {listed}"
