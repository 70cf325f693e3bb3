"""Put a release into a kustomization's `images:`: one scalar where that is enough, never more than one entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.layout.release import Release, entries
from generator.yamlio.edit import add, append, remove, rename, splice

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.records.record import RecordEntry


def put(data: bytes, image: str, entry: RecordEntry | None, release: Release, registry: str) -> bytes:
    """Return a kustomization with the release of `image` replaced, or its entry added where it has none.

    An entry keeps its keys where they can say the release, so that one line changes. Raises SpliceError where no edit
    is found that changes this entry alone.
    """
    if entry is None:
        return append(data, "images", entries([image], registry, {image: release})[0])
    path = ("images", entry.number)
    wanted = {key: text for key in ("newTag", "digest") if (text := getattr(release, key)) is not None}
    extra = [key for key in entry.keys if key not in wanted and getattr(entry.written, key) is not None]
    missing = [key for key in wanted if key not in entry.keys]
    if len(extra) == len(missing) == 1:
        return rename(data, (*path, extra[0]), missing[0], wanted[missing[0]])
    for key, text in wanted.items():
        data = (add if key in missing else splice)(data, (*path, key), text)
    for key in extra:
        data = remove(data, (*path, key))
    return data


def fitted(release: Release, keys: Collection[str]) -> Release:
    """Return the same release in the form that suits an entry with `keys`: tag and digest in one text, or in two.

    Where the entry leaves the choice, both go into `newTag`, where Renovate still reads them.
    """
    tag, _, behind = (release.newTag or "").partition("@")
    digest = release.digest or behind
    if not (tag and digest):
        return Release(newTag=tag or None, digest=digest or None)
    if len(keys) > 1:
        return Release(newTag=tag, digest=digest)
    return Release(newTag=f"{tag}@{digest}")
