"""The API server's word on every overlay on disk: what is known from earlier runs, and what it still has to be asked.

It is asked two things: about an overlay's objects, and about the change to those that the base commit had there. Both
answers are kept, so that a run with nothing new does not even start a server.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from generator.disk.cache import open_cache
from generator.disk.tree import digest, read
from generator.findings.verdict import Accepted, ServerCounts
from generator.inputs.cache_keys import Shelf
from generator.paths import is_hold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.roots import BuildTarget


class Acceptance:
    """Answers about all overlays on disk, by target; `before` is what the base commit had rendered."""

    def __init__(self, tree: Tree, before: Tree, definitions: str) -> None:
        """Look up what is known; `definitions` tells one set of custom resource definitions from another."""
        self._tree, self._before, self._definitions = tree, before, definitions
        self._shelf, self._earlier = Shelf(tree), Shelf(before)
        self._cache = open_cache(tree.root, "accepted", tree.memory)
        self._known: dict[tuple[str, BuildTarget], Accepted] = {}
        self._answered: list[Accepted] = []
        self._digests: dict[str, str] = {}
        for sort, overlay in self._wanted:
            answer = self._cache.get(self._name(self._shelf, sort, overlay), Accepted)
            if answer is not None:
                self._known[sort, overlay] = answer

    @cached_property
    def _wanted(self) -> list[tuple[str, BuildTarget]]:
        """Every question: the sort, and the overlay that it is about."""
        changed = [overlay for overlay in self._shelf.overlays if self._is_changed(overlay)]
        return [*(("accepted", each) for each in self._shelf.overlays), *(("kept", each) for each in changed)]

    def stale(self) -> frozenset[BuildTarget]:
        """Return the overlays about which something has to be asked."""
        return frozenset(overlay for sort, overlay in self._wanted if (sort, overlay) not in self._known)

    def is_unasked(self, overlay: BuildTarget) -> bool:
        """Return whether an overlay's objects have to be asked about."""
        return ("accepted", overlay) not in self._known

    def is_untried(self, overlay: BuildTarget) -> bool:
        """Return whether the change to what the base commit had there has to be tried."""
        return ("kept", overlay) in self._wanted and ("kept", overlay) not in self._known

    def settle(
        self,
        accepted: Mapping[BuildTarget, Accepted],
        kept: Mapping[BuildTarget, Accepted],
        lasting: Iterable[BuildTarget],
    ) -> None:
        """Take answers, and remember those on `lasting` overlays whose files are still those that were read."""
        now, last = Shelf(read(self._tree.root)), frozenset(lasting)
        for sort, answers in (("accepted", accepted), ("kept", kept)):
            for overlay, answer in answers.items():
                self._known[sort, overlay] = answer
                self._answered.append(answer)
                name = self._name(self._shelf, sort, overlay)
                if overlay in last and self._name(now, sort, overlay) == name:
                    self._cache.put(name, answer)
        self._cache.save()

    def findings(self) -> Iterator[Finding]:
        """Yield everything that the server said."""
        for answer in self._known.values():
            yield from answer.findings

    def asked(self, seconds: float) -> ServerCounts:
        """Return the counts; `seconds` is how long this run asked."""
        answers = list(self._known.values())
        now = sum(answer.asked for answer in self._answered)
        return ServerCounts(
            versions=tuple(sorted({answer.version for answer in answers})),
            asked=now,
            cached=sum(answer.asked for answer in answers) - now,
            seconds=round(seconds, 1),
        )

    def _name(self, shelf: Shelf, sort: str, overlay: BuildTarget) -> str:
        parts = [(sort, shelf.overlay_key(overlay).encode()), ("definitions", self._definitions.encode())]
        if sort == "kept":
            parts.append(("before", self._ran_before(overlay.environment).encode()))
        return digest(parts)

    def _is_changed(self, overlay: BuildTarget) -> bool:
        """Return whether the base commit had an overlay otherwise; Argo CD's own files are left out."""
        if overlay.root.reader == "argocd":
            return False
        return _files(self._shelf, overlay) != _files(self._earlier, overlay)

    def _ran_before(self, environment: str) -> str:
        """Digest of all that the base commit rendered for an environment: objects move between overlays."""
        if environment not in self._digests:
            rendered = ("base/", f"overlays/{environment}/")
            self._digests[environment] = self._before.digest(
                path for path in self._before.files if path.startswith(rendered)
            )
        return self._digests[environment]


def _files(shelf: Shelf, overlay: BuildTarget) -> dict[str, bytes]:
    """Return the files that an overlay is built from, without its hold."""
    folders = (f"base/{overlay.unit}/", f"{overlay.path}/")
    paths = (path for path in shelf.paths.get(overlay.unit, ()) if path.startswith(folders) and not is_hold(path))
    return {path: shelf.tree.files[path] for path in paths}
