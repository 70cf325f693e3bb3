"""What the registries of two environments hold of an image that moves, and what is wrong with that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.records.move import Move

if TYPE_CHECKING:
    from generator.layout.release import Release
    from generator.tools.registry import Registry


class WantedImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image as a release names it: by `tag`, by digest (`pinned`), or by a tag that must have this digest."""

    image: str
    tag: str | None
    pinned: str | None

    def at(self, registry: str) -> str:
        """Return its reference in a registry: by tag where it has one."""
        return f"{registry}/{self.image}:{self.tag}" if self.tag else self.by_digest(registry, self.pinned or "")

    def by_digest(self, registry: str, digest: str) -> str:
        """Return the reference of one image, whatever its tag names by now."""
        return f"{registry}/{self.image}@{digest}"

    def __str__(self) -> str:
        return f"{self.image}:{self.tag}" if self.tag else f"{self.image}@{self.pinned}"


class ImageLookup(msgspec.Struct, frozen=True, kw_only=True):
    """The digests that two registries have for one move; None: it has no such image.

    `source` is None too where nobody had to ask, and `source_registry` where there is no other registry.
    """

    move: Move
    source_registry: str | None
    target_registry: str
    source: str | None
    target: str | None

    @property
    def wanted(self) -> WantedImage:
        """The image."""
        return parse_release(self.move.image, self.move.after)

    @property
    def can_be_copied(self) -> bool:
        """Whether the target lacks it and the source has the right one."""
        return self.target is None and self.source is not None and self.source == (self.wanted.pinned or self.source)

    def fault(self) -> tuple[str, str] | None:
        """Return what is wrong and what to do about it, None when the target has the right image."""
        if self.target is None:
            return self._missing()
        return self._differing()

    def _missing(self) -> tuple[str, str]:
        there = f"{self.wanted} is not in {self.target_registry}"
        if self.source is None:
            elsewhere = f", nor in {self.source_registry}" if self.source_registry else ""
            return there + elsewhere, "push it first: its pods would wait in ImagePullBackOff"
        message = f"{there} (found in {self.source_registry})"
        if not self.can_be_copied:
            return f"{message}, and there it is {self.source}, not {self.wanted.pinned}", _ANOTHER
        gate = f"`gates: {{image: copy}}` in environments/{self.move.environment}.yaml"
        return message, f"replicate first, or let promotions do it: {gate}"

    def _differing(self) -> tuple[str, str] | None:
        message = f"{self.wanted} is {self.target} in {self.target_registry}"
        if self.wanted.pinned not in {None, self.target}:
            return f"{message}, and the release says {self.wanted.pinned}", _ANOTHER
        if self.source not in {None, self.target}:
            return f"{message} and {self.source} in {self.source_registry}", _ANOTHER
        return None


_ANOTHER = "release another tag: a tag that exists is never given to another image"


def parse_release(image: str, release: Release) -> WantedImage:
    """Read what a release asks a registry for: `newTag` may end in a digest, `digest` stands alone or beside it."""
    tag, _, behind = (release.newTag or "").partition("@")
    return WantedImage(image=image, tag=tag or None, pinned=release.digest or behind or None)


def look(registry: Registry, move: Move, *, source_registry: str | None, target_registry: str) -> ImageLookup:
    """Look one move up, in the source's registry only where that decides something; raises UnreachableError."""
    image = parse_release(move.image, move.after)
    target = registry.digest(image.at(target_registry))
    source = None
    if source_registry is not None and (target is None or image.pinned is None):
        source = _found_in_source(registry, image, source_registry)
    return ImageLookup(
        move=move, source_registry=source_registry, target_registry=target_registry, source=source, target=target
    )


def _found_in_source(registry: Registry, image: WantedImage, source_registry: str) -> str | None:
    """Return the digest of the source's image; a digest that the release names is enough where the tag is gone."""
    found = registry.digest(image.at(source_registry))
    if found is None and image.tag and image.pinned:
        return registry.digest(image.by_digest(source_registry, image.pinned))
    return found
