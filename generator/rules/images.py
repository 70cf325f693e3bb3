"""Images: a tag must name one image for ever, or a rollback has nothing to go back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.image import is_digest
from generator.kubernetes.objects import RUNNING, title
from generator.kubernetes.pods import containers
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

# Words that registries and CI systems move from image to image. A branch or a stage is not a version.
MOVING_TAGS = frozenset(
    [
        "latest",
        "main",
        "master",
        "trunk",
        "head",
        "dev",
        "develop",
        "development",
        "test",
        "testing",
        "qa",
        "stage",
        "staging",
        "prod",
        "production",
        "live",
        "stable",
        "unstable",
        "edge",
        "nightly",
        "canary",
        "snapshot",
        "current",
        "release",
        "next",
        "beta",
        "alpha",
        "preview",
        "lts",
        "mainline",
    ]
)
# https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#registered-algorithms


def split(image: str) -> tuple[str, str, str]:
    """Split an image into name, tag and digest: `host:5000/web:1.4@sha256:...`; what is left out is empty."""
    rest, _, digest = image.partition("@")
    repository, _, last = rest.rpartition("/")
    leaf, _, tag = last.partition(":")
    return (f"{repository}/{leaf}" if repository else leaf), tag, digest


def is_moving(tag: str) -> bool:
    """Return whether a tag is a word that is pushed again: `latest`, `main`, `latest-alpine`."""
    word = tag.lower()
    return word in MOVING_TAGS or word.startswith("latest-") or word.endswith("-latest")


def _tags(manifest: Manifest, view: View) -> Iterator[Violation]:
    for container in containers(manifest):
        image = container.spec.get("image")
        fault = _fault(image) if isinstance(image, str) or image is None else ""
        if fault:
            name = split(image or "web")[0]
            yield Violation(
                path=(*container.path, "image") if "image" in container.spec else container.path,
                message=f"container `{container.name}` {fault}",
                remedy=_remedy(name, own=_is_own_file(manifest, view)),
            )


def _is_own_file(manifest: Manifest, view: View) -> bool:
    """Report whether a person's own file brings the object: a page's pods have their releases in the record."""
    return bool(view.modelled) and title(manifest) not in map(title, view.modelled)


def _remedy(name: str, *, own: bool) -> str:
    if own:
        pinned = f"`image: {name}:1.4.2`"
        return f"pin a tag that is pushed once, or a digest, in this file: {pinned}; `bump` moves images of pages alone"
    return (
        "pin a tag that is pushed once, or a digest: an image of ours by `fairlead bump ... --tag 1.4.2`, "
        f"a foreign one on the page, `image: {name}:1.4.2`"
    )


def _fault(image: str | None) -> str:
    """Return what keeps an image from being one and the same for ever, nothing if nothing does."""
    if not image:
        return "has no image; no pod can start"
    _, tag, digest = split(image)
    if digest:
        return "" if is_digest(digest) else f"has image `{image}`, whose digest is malformed; no pod can start"
    if tag and not is_moving(tag):
        return ""
    what = f"tag `{tag}` moves" if tag else "no tag means `latest`, which moves"
    return (
        f"has image `{image}`: {what}; Argo CD compares text, so a new push rolls nothing out, a restarted "
        f"pod may "
        "run other code, and a rollback has no version to go back to"
    )


WRK001 = Rule(
    id="WRK001",
    title="Image tag that moves",
    why="""A tag such as `latest` names whatever was pushed last. Argo CD compares the text of manifests,
so a new push is no change and rolls nothing out; a pod that restarts on its own may run other code than
its neighbours; and a rollback finds the same text on both sides. An image without a tag means `latest`. A
digest is always fine.""",
    remedy="pin a tag that is pushed once, or a digest",
    severity=Severity.ERROR,
    stage="object",
    check=_tags,
    kinds=RUNNING,
    bad=deployment("image: registry.example.com/web:latest\n"),
    good=deployment("image: registry.example.com/web:1.4.2\n"),
)
