"""Images behind a release: are they in the registry of the environment they go to, and bringing them there.

A registry that gives no clear answer stops the work (UnreachableError): it is never taken for one that lacks an image.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from generator.findings.errors import ToolError
from generator.findings.finding import Finding, Place
from generator.paths import NAME, overlay_folder
from generator.registry.image_copy import Copied, OverwriteError, copy_images
from generator.registry.image_lookup import ImageLookup, look
from generator.registry.login import logged_in
from generator.rules.registry import WRK002
from generator.tools.crane import Crane
from generator.tools.ecr import ecr_region
from generator.tools.registry import PATIENCE, Asking, Registry, UnreachableError
from generator.tools.search import find_program
from generator.tools.skopeo import Skopeo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from generator.findings.progress import Progress
    from generator.records.move import Move
    from generator.tools.registry import Dialect, Timeouts

# Looking an image up is waiting for a registry.
_AT_ONCE = 8

# The gate `image`: the target's registry must have the images, or they are brought there.
Mode = Literal["check", "copy"]


@contextmanager
def open_registry(
    *registries: str, patience: Timeouts = PATIENCE, region_of: Callable[[str], str | None] = ecr_region
) -> Iterator[Registry]:
    """Return a Registry that is logged in to `registries`, by crane or skopeo: whichever is on the PATH, crane first.

    `region_of` says which hosts are Amazon's. Raises ToolError when neither program is there, or a login fails.
    """
    program, dialect = _client()
    with logged_in(registries, region_of) as env:
        yield Asking(program, dialect, env, patience)


def _client() -> tuple[Path, Dialect]:
    dialects: tuple[tuple[str, Dialect], ...] = (("crane", Crane()), ("skopeo", Skopeo()))
    for name, dialect in dialects:
        if program := find_program(name):
            return Path(program), dialect
    raise ToolError(
        "registries are asked by crane or skopeo, and neither is on the PATH; run "
        "`go install github.com/google/go-containerregistry/cmd/crane@latest`, or install the package `skopeo`"
    )


def settle_images(  # noqa: PLR0913, PLR0917  # what a gate is told
    registry: Registry,
    mode: Mode,
    moves: Sequence[Move],
    source_registry: str | None,
    target_registry: str,
    progress: Progress,
) -> tuple[list[Finding], list[Copied]]:
    """Do what the gate `image` says for `moves` from one environment's registry to another's.

    Copies nothing when there is a finding. Without a source's registry, or with one and the same, images can only be
    there or not. A finding is at the release record that the move would write, which may not be there yet.

    Raises UnreachableError when a registry gives no clear answer, OverwriteError when a tag names another image.
    """
    seen = _sightings(registry, moves, source_registry, target_registry, progress)
    lacking = [sighting for sighting in seen if mode == "copy" and sighting.can_be_copied]
    findings = [*_findings(sighting for sighting in seen if sighting not in lacking)]
    if findings or not lacking or source_registry is None:
        return findings, []
    return [], copy_images(
        registry, [sighting.move for sighting in lacking], source_registry, target_registry, progress
    )


def _sightings(
    registry: Registry,
    moves: Sequence[Move],
    source_registry: str | None,
    target_registry: str,
    progress: Progress,
) -> list[ImageLookup]:
    """Look the images of all moves up, several at a time, and give what was seen in their order."""
    other = None if source_registry == target_registry else source_registry
    look_up = partial(look, registry, source_registry=other, target_registry=target_registry)
    progress.stage("look images up", len(moves))
    seen = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for sighting in pool.map(look_up, moves):
            seen.append(sighting)
            progress.advance()
    return seen


def _findings(seen: Iterable[ImageLookup]) -> Iterator[Finding]:
    for sighting in seen:
        if fault := sighting.fault():
            yield WRK002.finding(
                place=Place(f"{overlay_folder(sighting.move.environment, sighting.move.service)}/{NAME}"),
                message=fault[0],
                remedy=fault[1],
                environment=sighting.move.environment,
            )


__all__ = [
    "Copied",
    "Mode",
    "OverwriteError",
    "Registry",
    "UnreachableError",
    "copy_images",
    "open_registry",
    "settle_images",
]
