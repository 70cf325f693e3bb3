"""Publish what the pages render: into their own repository, or into another one that Argo CD syncs.

Only rendered paths are committed, nothing that somebody else changed there is overwritten, and nothing that does not
build or that a rule refuses is ever pushed (ARG010).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.change import Change
from generator.findings.errors import FairleadError, InputError, SupersededError
from generator.findings.finding import Severity
from generator.layout.overrides import overrides
from generator.line_ends import with_lf
from generator.paths import is_hold, is_ours
from generator.pipeline import generate
from generator.publish.handwork import find_handwork
from generator.publish.source import SOURCE_COMMIT, SOURCE_REPOSITORY, Published, PublishedSource, last_published
from generator.repo.push import NewCommit
from generator.roots import is_rendered_path, rendered_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.findings.verdict import Report
    from generator.repo.clone import Clone


# As many paths as fit into a line or two.
_SHOWN = 5


class PublishError(FairleadError):
    """The rendered paths carry changes of somebody else (exit 5); nothing was pushed."""

    exit_code = 5


class UnsoundError(InputError):
    """What would be published has errors (exit 1); nothing was pushed."""

    exit_code = 1


class Publication:
    """Works out the commit that brings a branch to what the pages render; `prove` gives the report on a tree.

    After a call `changes` are those of the commit, `older` the files of another release that it replaces.
    """

    def __init__(
        self, prove: Callable[[Tree], Report], progress: Progress, source: PublishedSource | None = None
    ) -> None:
        self._prove = prove
        self._progress = progress
        self._source = source
        self.changes: tuple[Change, ...] = ()
        self.older: tuple[str, ...] = ()

    def __call__(self, clone: Clone) -> NewCommit | None:
        """Return the commit for the clone's state, None when the branch holds everything already.

        Raises UnsoundError, PublishError, or SupersededError when something newer was published.
        """
        tree = clone.tree()
        self.changes = self._own(clone, tree) if self._source is None else self._foreign(self._source, clone, tree)
        if not self.changes:
            return None
        if self._source is None:
            return NewCommit(changes=self.changes, subject=_subject(self.changes))
        trailers = ((SOURCE_COMMIT, self._source.commit), (SOURCE_REPOSITORY, self._source.repository))
        return NewCommit(changes=self.changes, subject=_subject(self.changes), trailers=trailers)

    def _own(self, clone: Clone, tree: Tree) -> tuple[Change, ...]:
        """Return the changes that the repository's own pages ask for."""
        planned = generate(tree, self._progress)
        if planned.strays:
            raise UnsoundError(planned.strays)
        changes = (*planned.changes, *planned.restyled)
        if changes:
            self.older = _refuse_handwork(clone, planned.changes)
            self._refuse_unsound(tree.after((change.path, change.after) for change in changes))
        return changes

    def _foreign(self, source: PublishedSource, clone: Clone, tree: Tree) -> tuple[Change, ...]:
        """Return the changes that bring the other repository to the source's files."""
        wanted = published(source.tree.files)
        if found := list(overrides(tree.files)):
            raise UnsoundError(found)
        last = None if clone.begins else last_published(clone.git, source)
        if last is None:
            _refuse_strangers(wanted, tree.files)
            earlier: list[str] = []
        else:
            _refuse_out_of_order(source, last)
            earlier = [path for path in source.files_at(last.source) if not is_hold(path)]
            _refuse_touched(clone, last.commit, {*wanted, *earlier})
        if all(tree.files.get(path) == wanted.get(path) for path in {*wanted, *earlier}):
            return ()
        self._refuse_unsound(source.tree)
        return tuple(differences(wanted, tree.files, earlier))

    def _refuse_unsound(self, tree: Tree) -> None:
        report = self._prove(tree)
        errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
        if errors:
            raise UnsoundError(errors)


def published(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that go to another repository: all of the rendered folders, but for holds, which stay behind."""
    return {path: with_lf(data) for path, data in files.items() if is_rendered_path(path) and not is_hold(path)}


def differences(wanted: Mapping[str, bytes], found: Mapping[str, bytes], earlier: Iterable[str]) -> Iterator[Change]:
    """Yield the changes that bring `found` to `wanted`; `earlier` goes where it is not wanted, others' files stay."""
    for path, data in wanted.items():
        if found.get(path) != data:
            yield Change(path=path, before=found.get(path), after=data.decode())
    for path in earlier:
        if path in found and path not in wanted:
            yield Change(path=path, before=found[path], after=None)


def _refuse_out_of_order(source: PublishedSource, last: Published) -> None:
    """Refuse to publish a commit that is older than what is there, or that stands beside it."""
    if last.source == source.commit or source.is_ancestor(last.source, source.commit):
        return
    if source.is_ancestor(source.commit, last.source):
        raise SupersededError(
            f"superseded: {last.source[:12]} is published already, and it is newer than {source.commit[:12]}"
        )
    raise PublishError(
        f"what is published comes from {last.source[:12]}, says {last.commit[:12]} there, which is not in the history "
        f"of {source.commit[:12]} (or this checkout is too shallow to tell: fetch it whole)"
    )


def _refuse_touched(clone: Clone, commit: str, ours: Collection[str]) -> None:
    """Refuse when somebody changed paths of ours since they were published: it would be lost."""
    options = ("--name-only", "--no-renames", "-z")
    touched = clone.git.local("diff", *options, commit, "HEAD", "--", *rendered_folders()).text.split("\0")
    if names := [name for name in touched if name in ours]:
        raise PublishError(
            f"changed since {commit[:12]} published them: {_some(names)}; "
            "bring those changes to the pages' own repository (tags: `fairlead bump`), and undo them there"
        )


def _refuse_strangers(wanted: Mapping[str, bytes], found: Mapping[str, bytes]) -> None:
    """Refuse a first publication over files that fairlead did not render."""
    strange = [path for path in found if not is_ours(found[path])]
    if names := [path for path in strange if path in wanted and wanted[path] != found[path]]:
        raise PublishError(
            f"there already, and not rendered by fairlead: {_some(names)}; "
            "take them out there first, or bring them to the pages' own repository"
        )


def _refuse_handwork(clone: Clone, changes: Iterable[Change]) -> tuple[str, ...]:
    """Refuse to render over what somebody changed by hand in the rendered files and committed.

    Return the paths of files that another release of Fairlead rendered.
    """
    found = find_handwork(clone, changes)
    edits = [f"{path} (by {commit[:12] or 'a commit that is not here'})" for path, commit in found.edits]
    if edits:
        raise PublishError(
            f"edited by hand, and no page says it: {_some(edits)}; bring the edits to the pages, or undo them: "
            "`fairlead generate` in a checkout shows them and renders over them"
        )
    return found.older


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _subject(changes: tuple[Change, ...]) -> str:
    names = sorted({"/".join(change.path.split("/")[1:-1]) for change in changes})
    return f"Render {names[0]}" if len(names) == 1 else f"Render {len(changes)} files of {len(names)} folders"
