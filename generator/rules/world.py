"""What a rule over the repository may see, and what it says.

The checks of these rules run even where nothing is new, so they live in small modules (`allowances`, `owners`,
`overlapping`, `unprovided`, `taken`) beside the values of their rules.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from generator.findings.finding import Place, Severity
from generator.findings.verdict import Reading, Verdict


class Absence(msgspec.Struct, frozen=True):
    """Something that an overlay tells Argo CD to read and that is not there: why not, and what is like it."""

    verdict: Verdict
    reading: Reading
    state: str
    nearest: str


class World(msgspec.Struct, frozen=True, kw_only=True):
    """The repository as the checks of its overlays left it: plain values, filled by `prove/`.

    `verdicts` are those of all overlays, `files` the files of the repository by path. `used` are the places of those
    entries under `suppress` that a rule over the repository needs.
    """

    verdicts: tuple[Verdict, ...]
    files: Mapping[str, bytes] = {}
    absences: tuple[Absence, ...] = ()
    used: frozenset[Place] = frozenset()


class RepositoryViolation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's word on an overlay, or on the whole repository where `verdict` is None.

    The line is at `place`, or, without one, that behind the field `path` of `object`. `remedy` and `severity` speak
    only where they differ from the rule's own.
    """

    message: str
    verdict: Verdict | None = None
    object: str = ""
    path: tuple[str | int, ...] = ()
    place: Place | None = None
    remedy: str | None = None
    severity: Severity | None = None
