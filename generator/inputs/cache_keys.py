"""The tree sorted by unit (a service or a system), and the key under which a unit's answers may be remembered."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from generator.disk.cache import fingerprint
from generator.disk.tree import digest
from generator.inputs.dependencies import Dependencies
from generator.paths import NAME, find_unit, is_hold, is_page
from generator.roots import ROOTS, find_targets, is_rendered_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.disk.tree import Tree
    from generator.roots import BuildTarget

# A value of a release record in the form that we write it; any other form is `generate`'s business.
_RELEASE = re.compile(
    rb'^(  newTag: ")[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(?:@sha256:[0-9a-f]{64})?("(?: +#.*)?$)'
    rb'|^(  digest: ")sha256:[0-9a-f]{64}("(?: +#.*)?$)',
    re.MULTILINE,
)
_MASK = rb"\1*\2\3*\4"  # no tag or digest may hold a star

_SHARED = ("gitops.yaml", "systems/", "environments/", "clusters/", "schemas/crds/")


class Shelf:
    """Paths by unit; the empty unit holds rendered paths that belong to none."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._dependencies = Dependencies(tree)
        self._written: dict[str, str] = {}
        self._together = frozenset(name for name, root in ROOTS.items() if root.together)
        self.paths: dict[str, list[str]] = {name: [] for name in sorted(self._together)}
        for path in tree.files:
            unit = find_unit(path)
            if unit is not None:
                self.paths.setdefault(unit, []).append(path)

    @cached_property
    def shared(self) -> str:
        """Digest of all that every unit depends on, this program included."""
        return digest(
            [
                ("program", fingerprint().encode()),
                ("links", "\0".join((*self.tree.links, "", *self.tree.odd)).encode()),
                *((path, self.tree.files[path]) for path in self.tree.files if path.startswith(_SHARED)),
            ]
        )

    @cached_property
    def overlays(self) -> tuple[BuildTarget, ...]:
        """Every target that has files on disk; a hold alone is no overlay."""
        return find_targets(path for path in self.tree.files if not is_hold(path))

    def unit_key(self, unit: str) -> str:
        """Return the key of a unit's rendering: all its files, whatever tags and digests its records hold.

        Those values are carried over as they are, so a bump leaves everything as rendered as it was.
        """
        files = ((path, self.tree.files[path]) for path in self.paths.get(unit, ()))
        entries = ((path, _RELEASE.sub(_MASK, data) if _is_record(path, unit) else data) for path, data in files)
        beside = [("pages", self._pages.encode())] if unit in self._together else self._others(unit)
        return digest([("unit", self.shared.encode()), *beside, *entries])

    def overlay_key(self, target: BuildTarget) -> str:
        """Return the key of one overlay's proof: the page, the base and that overlay alone, without its hold.

        Beside them are the pages that it depends on. What a hold says depends on the clock, so no verdict does.
        """
        if target.root.together:
            return self._instance_key(target)
        unit = target.unit
        reached = (f"services/{unit}.yaml", f"services/{unit}/", f"base/{unit}/", f"{target.path}/")
        paths = (path for path in self.paths.get(unit, ()) if path.startswith(reached) and not is_hold(path))
        return self._key("overlay", unit, paths)

    def _others(self, unit: str) -> list[tuple[str, bytes]]:
        """Return the services whose pages a unit depends on, each with a digest of its page and the files beside."""
        return [(name, self._page(name).encode()) for name in self._dependencies.pages_of(unit)]

    def _page(self, service: str) -> str:
        """Digest of a service's page and the files beside it, worked out once: all services may use its ConfigMap."""
        if service not in self._written:
            paths = (path for path in self.paths[service] if path.startswith("services/"))
            self._written[service] = self.tree.digest(paths)
        return self._written[service]

    def draft_key(self, service: str) -> str:
        """Return the key of what is said of a service that is released nowhere: the page, and what lies beside it."""
        return self._key("draft", service, (path for path in self.paths.get(service, ()) if not is_hold(path)))

    def _key(self, kind: str, unit: str, paths: Iterable[str]) -> str:
        entries = ((path, self.tree.files[path]) for path in paths)
        return digest([(kind, self.shared.encode()), *self._others(unit), *entries])

    def _instance_key(self, target: BuildTarget) -> str:
        """Return the key of an instance's proof: its folder, who the services are, and which folders there are."""
        paths = [path for path in self.paths[target.rendered_with] if path.startswith(f"{target.path}/")]
        folders = sorted({path.rpartition("/")[0] for path in self.tree.files if is_rendered_path(path)})
        files = ((path, self.tree.files[path]) for path in paths)
        beside = [("pages", self._pages.encode()), ("folders", "\0".join(folders).encode())]
        return digest([("instance", self.shared.encode()), *beside, *files])

    @cached_property
    def _pages(self) -> str:
        """Digest of all services' pages: Argo CD is told of every service, and where it may not run."""
        return self.tree.digest(path for path in self.tree.under("services") if is_page(path))


def _is_record(path: str, unit: str) -> bool:
    parts = path.split("/")
    return parts[0] == "overlays" and parts[2:] == [unit, NAME]
