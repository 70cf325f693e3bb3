"""Which tag is newer: by versions, by numbers, by dates, and never by a guess."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.release.tag_order import Policy, newer

POLICIES: tuple[Policy, ...] = get_args(Policy)
DIGEST = f"sha256:{'0123456789abcdef' * 4}"

# Each from the oldest to the newest.
ROWS: dict[str, tuple[Policy, list[str]]] = {
    "versions": ("semver", ["1.4.2-alpha", "1.4.2-alpha.1", "1.4.2-beta.2", "1.4.2-beta.11", "1.4.2-rc.1", "1.4.2"]),
    "numbers are no texts": ("semver", ["v1.9.0", "1.10.0", "v2.0.0"]),
    "behind a digest": ("semver", [f"1.4.2@{DIGEST}", "1.4.3", f"v1.4.4@{DIGEST}"]),
    "builds": ("number", ["build-9", "build-10", "main-412-a1b2c3d", "main-413-0000001f"]),
    "a commit in front": ("number", ["ffffff9-411", "a1b2c3d-412", "0a0a0a0-413"]),
    "more numbers": ("number", ["1.4", "1.4.1", "1.10"]),
    "dates": ("date", ["2026-11-19", "20261120", "20261120.3", "20261120.12", "2026.11.21"]),
    "times": ("date", ["2026-11-20T10-15-00Z-abc123", "2026-11-20T10-15-01Z-0fe123", "2026-11-21T00-00-00Z-999aaa"]),
    "times without separators": ("date", ["20261120101500", "20261120101501", "20261121000000"]),
    "short months": ("date", ["2026.9.30", "2026.10.1"]),
    "a name in front": ("date", ["release-2026-01-31", "release-2026-02-01"]),
}


@pytest.mark.parametrize("row", ROWS)
def test_later_tags_are_newer(row: str) -> None:
    """Each one of a row, than the one before it; never the other way round."""
    policy, tags = ROWS[row]

    assert [newer(policy, late, early) for early, late in pairwise(tags)] == [True] * (len(tags) - 1)
    assert [newer(policy, early, late) for early, late in pairwise(tags)] == [False] * (len(tags) - 1)


@pytest.mark.parametrize(
    ("policy", "one", "other"),
    [
        ("semver", "1.4.2+a", "1.4.2+b"),
        ("semver", "v1.4.2", "1.4.2"),
        ("semver", f"1.4.2@{DIGEST}", "1.4.2"),
        ("number", "main-412-a1b2c3d", "main-412-ffffff9"),
        ("date", "2026-11-20-a1b2c3d", "20261120"),
    ],
)
def test_neither_is_newer(policy: Policy, one: str, other: str) -> None:
    """Two names for one place in the order."""
    assert (newer(policy, one, other), newer(policy, other, one)) == (False, False)


@pytest.mark.parametrize(
    ("policy", "tag", "known"),
    [
        ("semver", "1.4", "1.4.2"),
        ("semver", "latest", "1.4.2"),
        ("semver", "1.4.02", "1.4.2"),
        ("number", "latest", "412"),
        ("number", "a1b2c3d", "412"),
        ("date", "1.4.2", "2026-11-20"),
        ("date", "2026-02-30", "2026-11-20"),
        ("date", "30261120", "2026-11-20"),
        ("date", DIGEST, "2026-11-20"),
    ],
)
def test_a_tag_without_a_place_is_not_compared(policy: Policy, tag: str, known: str) -> None:
    """Nobody can say, whichever of the two it is."""
    assert (newer(policy, tag, known), newer(policy, known, tag)) == (None, None)


# What must hold for any tags

WORDS = st.sampled_from(["main", "rc1", "a1b2c3d", "0", "7", "12", "012", "300"])
ORDERED: dict[Policy, st.SearchStrategy[str]] = {
    "semver": st.from_regex(r"v?[0-3]\.[0-3]\.[0-3](-[a-c1-3](\.[a-c1-3]){0,2})?(\+[ab])?", fullmatch=True),
    "number": st.lists(WORDS, min_size=1, max_size=8).map(lambda words: "-".join(["412", *words])),
    "date": st.builds(
        "{:%Y-%m-%d}{}".format,
        st.dates(date(1999, 12, 30), date(2000, 1, 2)),
        st.sampled_from(["", ".3", ".12", "-a1b2c3d", "T10-15-00Z"]),
    ),
}
TAGS = st.one_of(
    st.text(max_size=140), st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", fullmatch=True), *ORDERED.values()
)


def three(policy: Policy) -> st.SearchStrategy[tuple[Policy, str, str, str]]:
    """Return a policy with three tags of its kind."""
    return st.tuples(st.just(policy), *[ORDERED[policy]] * 3)


@settings(deadline=None)
@given(st.sampled_from(POLICIES), TAGS, TAGS)
def test_no_two_tags_are_both_newer(policy: Policy, one: str, other: str) -> None:
    """Antisymmetric, and both ways say as one whether they can be compared; no text is too strange."""
    there, back = newer(policy, one, other), newer(policy, other, one)

    assert (there is None) == (back is None)
    assert not (there and back)
    assert not newer(policy, one, one)


@settings(deadline=None)
@given(st.sampled_from(POLICIES).flatmap(three))
def test_tags_that_can_be_compared_are_in_one_order(drawn: tuple[Policy, str, str, str]) -> None:
    """Transitive; and what stands between two is newer than the one or older than the other."""
    policy, low, middle, high = drawn
    steps = (newer(policy, middle, low), newer(policy, high, middle))
    whole = newer(policy, high, low)

    assert None not in {*steps, whole}
    assert whole or not all(steps)
    assert any(steps) or not whole
