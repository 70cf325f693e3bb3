"""What must hold before a release may reach an environment: waiting, freezes, the form of tags, checks that run."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from generator.model.base import Model

# The longest pattern that a person reads at sight; tags have at most 128 characters.
LONGEST_PATTERN = 200

_DURATION = Meta(
    pattern="^([0-9]{1,6}(\\.[0-9]{1,3})?[hms])+$",
    max_length=40,
    description="hours, minutes and seconds, e.g. 24h or 1h30m",
)
Duration = Annotated[str, _DURATION]

_WALL_TIME = Meta(
    pattern="^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
    description='a date and a time as clocks there show it, e.g. "2026-12-20T18:00"',
)
WallTime = Annotated[str, _WALL_TIME]

Program = Annotated[str, Meta(min_length=1, max_length=1000)]


class Freeze(Model, rename={"start": "from", "end": "to"}):
    """A time in which nothing is released: `schedule` and `duration` again and again, or `from` and `to` once.

    Clocks are those of `timeZone`, UTC unless given. The words are those of an Argo CD sync window.
    """

    schedule: str | None = None
    duration: Duration | None = None
    start: WallTime | None = None
    end: WallTime | None = None
    timeZone: str | None = None
    reason: str | None = None


class Command(Model, kw_only=True):
    """A program of the repository that must end with 0, and its arguments; it has `timeoutSeconds` to do so."""

    args: Annotated[list[Program], Meta(min_length=1, max_length=100)]
    timeoutSeconds: Annotated[int, Meta(ge=1, le=3600)] = 60


class Gates(Model):
    """What a release has to pass on its way into an environment; without a word nothing is asked.

    `soak` counts from when the release reached the environment before. `tagPattern` is a regular expression for the
    whole tag.
    """

    soak: Duration | None = None
    freezes: list[Freeze] = []
    tagPattern: Annotated[str, Meta(min_length=1, max_length=LONGEST_PATTERN)] | None = None
    digest: Literal["required"] | None = None
    command: Command | None = None
    image: Literal["check", "copy"] | None = None


# The names of all gates, as people write them behind `--override`: a hold is one, and no word of a page.
GATE_NAMES = (*Gates.__struct_fields__, "hold")
