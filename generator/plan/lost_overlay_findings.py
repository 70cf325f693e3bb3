"""What was lost, and where a person did it: the slow half of `lost_overlays`, for a repository that lost something."""

from __future__ import annotations

import difflib
import shlex
from typing import TYPE_CHECKING

from generator.findings.finding import Finding, Place
from generator.inputs.load import load
from generator.layout.release import recorded
from generator.paths import NAME, is_page, overlay_folder
from generator.records.retirement import read_tombstone, tombstone_path
from generator.repo.head import Base, files_at, is_outside_sparse_set, paths_at
from generator.rules.difference import DIF001
from generator.rules.proof import REL004
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from generator.repo.head import Base

# Two pages more alike than this are one that was renamed.
_ALIKE = 0.6


def losses(tree: Tree, base: Base, gone: Collection[Key]) -> list[Finding]:
    """Return a finding for each service in `gone`, by place; a system's overlay and one with a new tombstone are none.

    Raises InputError when the pages cannot be read as they stand.
    """
    before = files_at(tree.root, base.revision, sorted(_asked(gone)))
    lost = [key for key in sorted(gone) if _is_service(tree, before, key)]
    found = [finding for key in lost for finding in _unfit_tombstone(tree, key)]
    lost = [key for key in lost if not _was_retired(tree, before, key)]
    if lost:
        comparison = _Comparison(tree, base, before, load(tree, only={name for _, name in lost}))
        found += [comparison.finding(*key) for key in lost]
    return sorted(found, key=lambda finding: finding.place)


def _asked(gone: Collection[Key]) -> Iterator[str]:
    """Yield the paths that the base commit is asked for."""
    for environment, name in gone:
        yield from (_page(name), tombstone_path(environment, name), _kustomization(environment, name))


def _is_service(tree: Tree, before: dict[str, bytes], key: Key) -> bool:
    """Return whether an overlay is a service's: it has or had a page, or images of ours; a system's has neither."""
    environment, name = key
    return _page(name) in tree.files or _page(name) in before or bool(_releases(before, environment, name))


def _unfit_tombstone(tree: Tree, key: Key) -> list[Finding]:
    return read_tombstone(tree, *key)[1]


def _was_retired(tree: Tree, before: dict[str, bytes], key: Key) -> bool:
    """Return whether a tombstone came with the loss: one that the base commit has already is of an earlier one."""
    path = tombstone_path(*key)
    return path in tree.files and tree.files[path] != before.get(path)


class _Comparison:
    """The tree, and the base commit beside it."""

    def __init__(self, tree: Tree, base: Base, before: dict[str, bytes], project: Project) -> None:
        self._tree, self._base, self._before, self._project = tree, base, before, project

    def finding(self, environment: str, name: str) -> Finding:
        """Return the finding that a service lost its overlay in an environment."""
        page = self._project.services.get(name)
        if page is not None and environment in self._project.environments_of(page):
            return self._missing(environment, name)
        place, reason = self._reason(environment, name)
        releases = ", ".join(_releases(self._before, environment, name)) or "an overlay without images of ours"
        return DIF001.finding(
            place=place,
            message=(
                f"{reason}, and {self._base.title} has {environment}/{name} ({releases}): "
                "its Application would be left without a path, or take all its objects with it"
            ),
            remedy=self._remedy(environment, name),
            environment=environment,
        )

    def _missing(self, environment: str, name: str) -> Finding:
        """Return the finding that an overlay is gone although its page wants it."""
        folder = overlay_folder(environment, name)
        restore = shlex.join(self._restore(folder))
        retire = shlex.join(["fairlead", "retire", name, "--env", environment])
        return REL004.finding(
            place=Place(f"{folder}/{NAME}"),
            message=f"{self._base.title} has this release record and the disk has not",
            remedy=f"run `{restore}`; to take the service out of {environment}, then run `{retire}`",
            environment=environment,
        )

    def _restore(self, folder: str) -> list[str]:
        """Return the command that brings a folder back: git checks out nothing outside of the sparse set."""
        if is_outside_sparse_set(self._tree.root, f"{folder}/{NAME}"):
            return ["git", "sparse-checkout", "add", folder]
        return ["git", "checkout", self._revision, "--", folder]

    def _reason(self, environment: str, name: str) -> tuple[Place, str]:
        """Return where and how the environment lost the service."""
        project = self._project
        page = project.services.get(name)
        if page is None:
            return Place(_page(name)), f"the page is gone{self._renamed(name)}"
        if environment in page.excluded:
            return page.document.key_place(("environments", environment)), f"the page shuts {environment} out"
        if environment not in project.gitops.environments:
            return project.documents["gitops.yaml"].key_place(("environments",)), f"the project has no {environment}"
        system = project.documents[f"systems/{page.system}.yaml"]
        return system.key_place(("environments",)), f"system {page.system} has no {environment}"

    def _renamed(self, name: str) -> str:
        """Return which new page looks like the one that is gone, and what a rename would do."""
        path = self._heir(name)
        if path is None:
            return ""
        was, now = _workload(self._before[_page(name)], name), _workload(self._tree.files[path], _name(path))
        if was == now:
            return f" ({path} looks like it renamed: two Applications would fight over the same objects)"
        return f" ({path} looks like it renamed: all would be made anew as '{now}', beside '{was}')"

    def _heir(self, name: str) -> str | None:
        """Return the new page that is most like the one that is gone, if any is like it."""
        known = set(paths_at(self._tree.root, self._base.revision, "services/"))
        new = [path for path in self._tree.under("services") if path not in known and is_page(path)]
        old = self._before.get(_page(name), b"")
        alike = [(likeness, path) for path in new if (likeness := _likeness(old, self._tree.files[path])) > _ALIKE]
        return max(alike)[1] if alike else None

    def _remedy(self, environment: str, name: str) -> str:
        """Return what to run: what `retire` needs and the disk lacks is brought back first."""
        folders = (_page(name), f"base/{name}", overlay_folder(environment, name))
        lacking = [folder for folder in folders[1:] if f"{folder}/{NAME}" not in self._tree.files]
        page = [folders[0]] if folders[0] not in self._tree.files else []
        retire = ["fairlead", "retire", name, *([] if page else ["--env", environment])]
        whole = f"`{shlex.join(retire)}`"
        if not lacking:
            heir = self._heir(name) if page else None
            return f"name the page {folders[0]} again, or run {whole}" if heir else f"run {whole}"
        known = paths_at(self._tree.root, self._base.revision, *page, *lacking)
        wanted = [folder for folder in (*page, *lacking) if any(_is_in(path, folder) for path in known)]
        return f"run `git checkout {self._revision} -- {shlex.join(wanted)}`, then {whole}"

    @property
    def _revision(self) -> str:
        return self._base.revision[:12]


def _releases(before: dict[str, bytes], environment: str, name: str) -> list[str]:
    """Return the releases of a record as people say them: `web 1.4.2`."""
    path = _kustomization(environment, name)
    document, _ = parse(before.get(path, b""), path)
    entries = recorded(document.value) if document else ()
    return [f"{image} {release.suffix.removeprefix(':').removeprefix('@')}" for _, image, release in entries]


def _likeness(old: bytes, new: bytes) -> float:
    lines = (old.decode(errors="replace").splitlines(), new.decode(errors="replace").splitlines())
    return difflib.SequenceMatcher(None, *lines, autojunk=False).ratio()


def _workload(data: bytes, name: str) -> str:
    """Return the name of a page's objects: its own word, or the page's name."""
    document, _ = parse(data, name)
    value = document.value if document else None
    return str(value.get("name") or name) if isinstance(value, dict) else name


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _page(name: str) -> str:
    return f"services/{name}.yaml"


def _name(path: str) -> str:
    return path.removeprefix("services/").removesuffix(".yaml")


def _kustomization(environment: str, name: str) -> str:
    return f"{overlay_folder(environment, name)}/{NAME}"


Key = tuple[str, str]
