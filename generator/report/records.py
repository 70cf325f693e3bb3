"""Release record entries that a plan takes away: git keeps them, but nobody should have to find out there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.layout.release import Release, recorded
from generator.paths import NAME
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.change import Change


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a release record that is taken away; `release` is the text behind the image's name."""

    environment: str
    service: str
    image: str
    release: str

    def __str__(self) -> str:
        return f"release record removed: {self.environment}/{self.service} {self.image} {self.release}"


def records_removed(changes: Iterable[Change]) -> Iterator[Removed]:
    """Yield the entries that overlays have before `changes` and no longer after them."""
    for change in changes:
        folder, _, name = change.path.rpartition("/")
        if name == NAME and folder.startswith("overlays/") and change.before is not None:
            after = _releases((change.after or "").encode(), change.path)
            _, environment, service = folder.split("/", 2)
            for image, release in _releases(change.before, change.path).items():
                if image not in after:
                    text = release.suffix.removeprefix(":").removeprefix("@")
                    yield Removed(environment=environment, service=service, image=image, release=text)


def _releases(data: bytes, path: str) -> dict[str, Release]:
    document, _ = parse(data, path)
    return {name: release for _, name, release in recorded(document.value)} if document else {}
