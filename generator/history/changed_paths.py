"""Which records and holds the commits of a branch touched, in chunks that begin small: who stops early reads little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from generator.inputs.name import is_name
from generator.paths import HOLD, NAME
from generator.repo.log import Commit, Edit, merged, pages

if TYPE_CHECKING:
    from generator.repo.log import Reader

# Touches in a chunk: one at first, for most callers want the newest alone, then 4, 16, ...
_GROWTH = 4
_MOST = 256

_PARTS = 3  # <env>/<service>/<file>


class PathScope(msgspec.Struct, frozen=True, kw_only=True):
    """Of what to read versions: the GitOps repository's folder in git, which overlays (None: all) and `files` there.

    `wanted` is asked, with environment and service, before contents are read.
    """

    prefix: str = ""
    environment: str | None = None
    service: str | None = None
    files: tuple[str, ...] = (NAME, HOLD)
    wanted: Callable[[str, str], bool] = lambda _environment, _service: True

    @property
    def folder(self) -> str:
        """The folder in git below which everything lies."""
        names = [self.prefix.strip("/"), "overlays", self.environment or ""]
        names += [self.service or ""] if self.environment else []
        return "/".join(filter(None, names))


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an overlay that a commit changed; the trailers are also those of what a merge brought in for it."""

    commit: Commit
    edit: Edit
    environment: str
    service: str
    file: str
    trailers: Mapping[str, str]


def chunks(reader: Reader, revision: str, scope: PathScope) -> Iterator[list[Touch]]:
    """Yield what commits touched, a few touches at first and then more, never waiting for an older page to fill one."""
    size = 1
    for page in pages(reader, revision, scope.folder):
        touches = (touch for touch in _touches(page, scope) if scope.wanted(touch.environment, touch.service))
        while chunk := list(islice(touches, size)):
            yield _with_merged(reader, chunk, scope.folder)
            size = min(size * _GROWTH, _MOST)


def _touches(page: Iterable[Commit], scope: PathScope) -> Iterator[Touch]:
    start = f"{scope.prefix.strip('/')}/overlays/".lstrip("/")
    for commit in page:
        for edit in commit.edits:
            names = edit.path.removeprefix(start).split("/")
            if edit.path.startswith(start) and len(names) == _PARTS and _is_in(scope, *names):
                environment, service, file = names
                yield Touch(
                    commit=commit,
                    edit=edit,
                    environment=environment,
                    service=service,
                    file=file,
                    trailers=commit.trailers,
                )


def _is_in(scope: PathScope, environment: str, service: str, file: str) -> bool:
    asked = scope.environment in {None, environment} and scope.service in {None, service} and file in scope.files
    return asked and is_name(environment) and is_name(service)


def _with_merged(reader: Reader, chunk: list[Touch], folder: str) -> list[Touch]:
    """Return the touches of merges the trailers of the merged commits that touched the same file."""
    merges = {touch.commit.id: touch.commit for touch in chunk if len(touch.commit.parents) > 1}
    brought = merged(reader, merges.values(), folder)
    return [
        msgspec.structs.replace(touch, trailers=_joined(touch, brought[touch.commit.id]))
        if touch.commit.id in brought
        else touch
        for touch in chunk
    ]


def _joined(touch: Touch, brought: Iterable[Commit]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for commit in (touch.commit, *brought):
        if any(edit.path == touch.edit.path for edit in commit.edits):
            for key, value in commit.trailers.items():
                found.setdefault(key, []).extend(value.split("\n"))
    return {key: "\n".join(dict.fromkeys(values)) for key, values in found.items()}
