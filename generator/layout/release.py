"""The release record: tag and digest of our own images, kept in the `images:` entries of an overlay's kustomization.

`name` and `newName` are rendered; the values of `newTag` and `digest` belong to releases. They are read back from the
file on disk and carried over, whoever wrote them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.kubernetes.image import is_own
from generator.kubernetes.manifest import at, containers
from generator.yamlio import Quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.model.container import Container
    from generator.model.page import JobSettings, Page


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """What one environment runs of one image: the texts of `newTag` (may end in `@sha256:...`) and of `digest`."""

    newTag: str | None = None  # noqa: N815  # kustomize's own word
    digest: str | None = None

    @property
    def suffix(self) -> str:
        """What kustomize puts behind the image's name."""
        return (f":{self.newTag}" if self.newTag else "") + (f"@{self.digest}" if self.digest else "")


Record = dict[str, Release]


def own_images(manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """Return the names of our own images in a service's manifests, in the order of appearance."""
    found = (str(container.get("image")) for manifest in manifests for _, container in containers(manifest))
    return tuple(dict.fromkeys(image for image in found if is_own(image)))


def reference(registry: str, image: str) -> str:
    """Return the whole name of an image of ours; without a registry it is the bare one."""
    return f"{registry}/{image}" if registry else image


def same_image(name: str, known: Iterable[str]) -> str | None:
    """Return the image that a name means with its registry before it, or without the folders of its repository."""
    return next((image for image in known if f"/{name}".endswith(f"/{image}") or image.endswith(f"/{name}")), None)


def entries(images: Iterable[str], registry: str, record: Mapping[str, Release]) -> list[dict[str, str]]:
    """Return the `images:` list of an overlay for the images that have a release."""
    return [_entry(image, registry, record[image]) for image in images if image in record]


def _entry(image: str, registry: str, release: Release) -> dict[str, str]:
    values = {"newTag": release.newTag, "digest": release.digest}
    return {
        "name": image,
        "newName": reference(registry, image),
        **{key: Quoted(value) for key, value in values.items() if value is not None},
    }


def released(manifest: Manifest, registry: str, record: Mapping[str, Release]) -> Manifest:
    """Return the manifest as kustomize's image transformer leaves it, with registry, tag and digest filled in."""
    for path, container in containers(manifest):
        image = str(container.get("image"))
        if image in record:
            manifest = _replaced(manifest, (*path, "image"), reference(registry, image) + record[image].suffix)
    return manifest


def _replaced(value: Any, path: Path, leaf: str) -> Any:
    """Return a copy of a value with another `leaf` at its path; what does not lie on the path is shared."""
    if not path:
        return leaf
    copy = value.copy()
    copy[path[0]] = _replaced(value[path[0]], path[1:], leaf)
    return copy


def recorded(kustomization: Any) -> Iterator[tuple[int, str, Release]]:
    """Yield each `images:` entry of a parsed kustomization: its number, image name and release; skip what is none."""
    images = at(kustomization, ("images",))
    for number, entry in enumerate(images if isinstance(images, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield number, entry["name"], Release(newTag=entry.get("newTag"), digest=entry.get("digest"))


def moving_images(page: Page) -> tuple[str, ...]:
    """Return the images that a bump of the service moves: its own, and those that the page releases with it."""
    parts = [*_containers(page), *(part for _, job in page.all_jobs for part in _containers(job))]
    together = (part.image for part in parts if part is page or getattr(part, "releasedTogether", False))
    return tuple(dict.fromkeys(image for image in together if image is not None and is_own(image)))


def _containers(owner: Page | JobSettings) -> list[Container]:
    """Return the container of a page or a job, those before it and those beside it."""
    return [owner, *owner.initContainers.values(), *owner.containers.values()]
