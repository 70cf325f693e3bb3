"""Which of two tags is newer, by the order that a page names: nothing is guessed where a tag has no place in it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Policy = Literal["semver", "number", "date"]

# No registry takes a longer one.
_LONGEST = 128

# Years that builds have; another century is some other number.
_DATE = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20|21)[0-9]{2})"
    r"(?:(?P<between>[-._])(?P<month>[0-9]{1,2})(?P=between)(?P<day>[0-9]{1,2})(?![0-9])"
    r"|(?P<mm>[0-9]{2})(?P<dd>[0-9]{2})(?=(?:[0-9]{2}){0,3}(?![0-9])))",
    re.ASCII,
)
_NUMBER = re.compile(r"[0-9]+", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9]+", re.ASCII)

# The short name of a commit, as git and `git describe` write it: its digits say nothing about age.
_COMMIT = re.compile(r"g?(?=[0-9]*[a-f])[0-9a-f]{6,64}", re.ASCII)


def newer(policy: Policy, candidate: str, present: str) -> bool | None:
    """Return whether `candidate` is newer than `present`, both with or without a digest behind them.

    False where neither is newer: `1.4.2+a` and `1.4.2+b` are one version. None where one of them has no place in the
    order, so that nobody can say.
    """
    ours, theirs = _rank(policy, candidate), _rank(policy, present)
    return None if ours is None or theirs is None else bool(ours > theirs)


def _rank(policy: Policy, text: str) -> Any:
    """Return what a tag is compared by, None for one that the order does not know."""
    tag = text.partition("@")[0]
    return _RANKS[policy](tag) if tag.isascii() and len(tag) <= _LONGEST else None


def _version(tag: str) -> Any:
    from semver import Version  # 20 ms, for pages that ask for it

    try:
        return Version.parse(tag.removeprefix("v"))
    except ValueError:
        return None


def _numbers(tag: str) -> tuple[int, ...] | None:
    """Return the numbers in a tag in their order, those in the names of commits left out."""
    words = (word for word in _WORD.findall(tag) if not _COMMIT.fullmatch(word))
    return tuple(int(number) for word in words for number in _NUMBER.findall(word)) or None


def _dated(tag: str) -> tuple[date, tuple[int, ...]] | None:
    """Return the first date in a tag and the numbers around it: the time, the number of the build."""
    for found in _DATE.finditer(tag):
        month, day = found["month"] or found["mm"], found["day"] or found["dd"]
        try:
            day_of_build = date(int(found["year"]), int(month), int(day))
        except ValueError:
            continue
        return day_of_build, _numbers(f"{tag[: found.start()]} {tag[found.end() :]}") or ()
    return None


_RANKS: Mapping[Policy, Callable[[str], Any]] = {"semver": _version, "number": _numbers, "date": _dated}
