"""Bring images from one environment's registry to another's: all platforms, by digest, and over no tag that exists.

Two writers at once may still give one tag to two images: only a registry with immutable tags can prevent that. So what
was copied is looked up again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import FairleadError, ToolError
from generator.registry.image_lookup import parse_release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings.progress import Progress
    from generator.records.move import Move
    from generator.tools.registry import Registry


class OverwriteError(FairleadError):
    """A tag names another image than it should, and nothing overwrites it (exit 5: refused)."""

    exit_code = 5


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """One image that was brought to a registry: its name without host, its tag (None: by digest alone), its digest."""

    image: str
    tag: str | None
    digest: str


def copy_images(
    registry: Registry, moves: Sequence[Move], source_registry: str, target_registry: str, progress: Progress
) -> list[Copied]:
    """Bring the images of `moves` to the target's registry and give those that were not there.

    Repeating it after an interruption goes on where it stopped. Raises OverwriteError when a tag of the target names
    another image, before or after; ToolError when the source has no such image.
    """
    progress.stage("copy images", len(moves))
    done = []
    for move in moves:
        done.append(_copied(registry, move, source_registry, target_registry))
        progress.advance()
    return [one for one in done if one is not None]


def _copied(registry: Registry, move: Move, source_registry: str, target_registry: str) -> Copied | None:
    """Copy one image by its digest, so that a tag which moves meanwhile brings no other one; None: it was there."""
    image = parse_release(move.image, move.after)
    digest = image.pinned or registry.digest(image.at(source_registry))
    if digest is None:
        raise ToolError(f"{image} is not in {source_registry}")
    target = image.at(target_registry)
    there = registry.digest(target)
    if there == digest:
        return None
    if there is not None:
        raise OverwriteError(f"{target} is {there} already, not {digest}; a tag that exists is never overwritten")
    registry.copy(image.by_digest(source_registry, digest), target)
    after = registry.digest(target)
    if after != digest:
        raise OverwriteError(f"{target} was copied as {digest} and is {after or 'not there'} now")
    return Copied(image=image.image, tag=image.tag, digest=digest)
