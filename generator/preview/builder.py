"""Build the Applications of an instance with the real kustomize, where no earlier run has built the same files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.build.batch import BuildJob, BuiltFolder, FolderBuilder
from generator.build.snapshot_dir import lay_files
from generator.controller.checkout import Checkout
from generator.controller.object_summary import Trait
from generator.disk.cache import fingerprint
from generator.disk.tree import digest
from generator.preview.declared import declaration
from generator.preview.expansion import Unexpanded, expanded
from generator.preview.preview import BuiltApplication, Side
from generator.preview.source import Home, Site, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.build.wrapper import Wrapper
    from generator.controller.application import Application
    from generator.disk.cache import Cache
    from generator.findings.progress import Progress
    from generator.preview.checkout import TreeCheckout
    from generator.preview.declared import Declaration

# Objects that make Applications, wherever they come from.
_MAKERS = frozenset({("argoproj.io", "Application"), ("argoproj.io", "ApplicationSet")})


class Surveyor:
    """Builds what is asked for, each set of files once; `cache` holds what earlier runs built."""

    def __init__(self, wrapper: Wrapper, version: str, cache: Cache, progress: Progress) -> None:
        self._wrapper = wrapper
        self._version = version
        self._cache = cache
        self._progress = progress
        self._known: dict[str, tuple[Trait, ...] | str] = {}

    def side(self, checkout: TreeCheckout, root: Path, instance: str, wanted: Callable[[Application], bool]) -> Side:
        """Survey an instance in one commit, whose files lie (or are written, where they do not) below `root`.

        Only Applications that are `wanted` are built. Raises InputError for an instance that cannot be read.
        """
        declared = declaration(checkout.tree, instance)
        expansion = expanded(checkout, declared)
        home = _home(declared)
        asked = [(each, site_of(each, checkout, home)) for each in expansion.applications if wanted(each)]
        keys = {site.folder: self._key(checkout, site) for _, site in asked if site.folder}
        self._build(checkout, root, [(each, site) for each, site in asked if site.folder], keys)
        built = tuple(self._built(each, site, keys) for each, site in asked)
        nested = () if declared.changed else tuple(_nested(built, instance))
        return Side(
            declaration=declared,
            built=built,
            all=expansion.applications,
            unexpanded=(*expansion.unexpanded, *nested),
        )

    def _key(self, checkout: Checkout, site: Site) -> str:
        files = ((path, checkout.files[path]) for path in site.files)
        about = [("folder", site.folder.encode()), ("kustomize", self._version.encode())]
        return digest([*about, ("program", fingerprint().encode()), *files])

    def _build(
        self, checkout: TreeCheckout, root: Path, asked: Sequence[tuple[Application, Site]], keys: dict[str, str]
    ) -> None:
        """Come to know every folder's objects."""
        missing: dict[str, tuple[Application, Site]] = {}
        for each, site in asked:
            key = keys[site.folder]
            if key not in self._known and (found := self._cache.get(key, tuple[Trait, ...])) is not None:
                self._known[key] = found
            if key not in self._known:
                missing[site.folder] = (each, site)
        if not missing:
            return
        self._progress.stage("building", len(missing))
        _write(checkout, root, (site for _, site in missing.values()))
        jobs = [
            BuildJob(site.folder, str(each.destination) if site.together else "") for each, site in missing.values()
        ]
        for folder, made in FolderBuilder(self._wrapper, root, self._progress).build(jobs).items():
            self._learn(keys[folder], made, root, missing[folder][1])

    def _learn(self, key: str, made: BuiltFolder, root: Path, site: Site) -> None:
        """Take in what was built; it is remembered if the files are still those that the key is about."""
        self._known[key] = made.error or made.traits
        on_disk = Checkout({path: (root / path).read_bytes() for path in site.files})
        if not made.error and self._key(on_disk, site) == key:
            self._cache.put(key, made.traits)

    def _built(self, application: Application, site: Site, keys: dict[str, str]) -> BuiltApplication:
        found = self._known[keys[site.folder]] if site.folder else ()
        if isinstance(found, str):
            return BuiltApplication(application=application, site=site, error=f"kustomize build fails: {found}")
        return BuiltApplication(application=application, site=site, traits=found)


def _home(declared: Declaration) -> Home:
    """Return the repository that is looked at: the one that the root Application is read from."""
    if declared.root is None:
        return Home("", "")
    source = declared.root.manifest["spec"]["source"]
    return Home(str(source.get("repoURL") or ""), str(source.get("targetRevision") or ""))


def _write(checkout: TreeCheckout, root: Path, sites: Iterable[Site]) -> None:
    """Write what a build reads, where it does not lie on the disk anyway."""
    if root == checkout.tree.root:
        return
    lay_files(root, {path: checkout.files[path] for site in sites for path in site.files})


def _nested(built: Iterable[BuiltApplication], instance: str) -> Iterator[Unexpanded]:
    """Yield the Applications, other than the root, whose objects make Applications: those are not followed."""
    for each in built:
        if each.site.folder != f"argocd/{instance}" and any((t.group, t.kind) in _MAKERS for t in each.traits):
            application = each.application
            yield Unexpanded(name=application.name, place=application.place, why="it makes Applications of its own")
