"""Title and body of a request for review: what they say, and that nobody's text in them says anything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.layout.release import Release
from generator.records.move import Move
from generator.report.promotion import Review, body, title
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

GITHUB = 65_536
DIGEST = "sha256:" + "0123456789abcdef" * 4

DIFFERENCE = """\
--- prod/frontend
+++ prod/frontend
@@ -21,3 +21,3 @@
       containers:
-      - image: registry.example.com/frontend:1.4.1
+      - image: registry.example.com/frontend:1.4.2
         name: frontend
"""

WHOLE = """\
<!-- fairlead: prod/frontend -->

| Service | Image | Before | After |
|---|---|---|---|
| `frontend` | `frontend` | `1.4.1` | `1.4.2` |
| `frontend` | `frontend-migrations` | not released | `1.4.2` |

- `Promoted-From`: `staging`
- `Gate-Override`: `freeze: a fix that cannot wait`
- Gates passed: `soak`, `ci`
- `cart waits: it is held`

<details><summary>Rendered difference: 7 lines</summary>

```diff
--- prod/frontend
+++ prod/frontend
@@ -21,3 +21,3 @@
       containers:
-      - image: registry.example.com/frontend:1.4.1
+      - image: registry.example.com/frontend:1.4.2
         name: frontend
```

</details>
"""


def move(service: str, before: str | None, after: str, image: str | None = None) -> Move:
    """One image that moves in prod; a release with `sha256:` in front is a digest."""
    releases = [
        Release(digest=text) if text.startswith("sha256:") else Release(newTag=text) for text in (before or "", after)
    ]
    return Move(
        service=service,
        environment="prod",
        image=image or service,
        before=releases[0] if before is not None else None,
        after=releases[1],
    )


def review(*moves: Move, verb: str = "promote", difference: str = "") -> Review:
    """Return what a reviewer is told of moves in prod."""
    return Review(verb=verb, environment="prod", moves=moves, difference=difference)


FRONTEND = move("frontend", "1.4.1", "1.4.2")


def test_the_body_says_what_moves_where_from_and_what_that_builds() -> None:
    """The whole of it."""
    told = Review(
        verb="promote",
        environment="prod",
        moves=(FRONTEND, move("frontend", None, "1.4.2", "frontend-migrations")),
        trailers=(("Promoted-From", "staging"), ("Gate-Override", "freeze: a fix that cannot wait")),
        passed=("soak", "ci"),
        notes=("cart waits: it is held",),
        difference=DIFFERENCE,
    )

    assert body(told, GITHUB) == WHOLE


def test_a_part_without_content_is_left_out() -> None:
    """No empty heading, no empty block."""
    assert body(review(FRONTEND), GITHUB) == WHOLE[: WHOLE.index("| `frontend` | `frontend-migrations`")]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (review(FRONTEND), "Promote frontend to prod: 1.4.1 -> 1.4.2"),
        (review(FRONTEND, verb="bump"), "Bump frontend in prod: 1.4.1 -> 1.4.2"),
        (review(move("cart", "2", "1"), verb="rollback"), "Roll back cart in prod: 2 -> 1"),
        (review(move("cart", None, "1.0")), "Promote cart to prod: 1.0"),
        (review(FRONTEND, move("frontend", "1.4.1", "1.4.2", "jobs")), "Promote frontend to prod: 1.4.1 -> 1.4.2"),
        (review(FRONTEND, move("frontend", "7", "8", "jobs")), "Promote frontend to prod: 2 images"),
        (review(FRONTEND, move("cart", "1", "2"), move("orders", "1", "2")), "Promote 3 services to prod"),
        (review(move("cart", "1", f"2@{DIGEST}")), "Promote cart to prod: 1 -> 2@sha256:0123456789ab"),
        (review(move("cart", DIGEST, "2")), "Promote cart to prod: sha256:0123456789ab -> 2"),
    ],
)
def test_the_title_says_it_in_a_line(told: Review, expected: str) -> None:
    """What, where, and from which release to which."""
    assert title(told) == expected


def test_a_long_title_is_shortened() -> None:
    """To what both forges take."""
    long = title(review(move("cart", "1" * 128, "2" * 128)))

    assert (len(long), long[-1]) == (255, "\u2026")


def test_a_long_difference_is_cut_and_counted() -> None:
    """By whole lines, from its end."""
    lines = [f"+line {number}" for number in range(10_000)]

    text = body(review(FRONTEND, difference="\n".join(lines)), GITHUB)

    shown = re.findall(r"^\+line \d+$", text, re.MULTILINE)
    assert GITHUB - 20 < len(text) <= GITHUB
    assert shown == lines[: len(shown)]
    assert f"Rendered difference: 10000 lines, the last {10_000 - len(shown)} left out" in text


def test_a_difference_of_one_endless_line_does_not_fit() -> None:
    """And that is said."""
    text = body(review(FRONTEND, difference="+" + "x" * GITHUB), GITHUB)

    assert text.endswith("\nThe rendered difference of 1 lines does not fit here.\n")


def test_many_moves_are_counted() -> None:
    """A thousand services leave room for the rest."""
    text = body(review(*(move(f"service-{n}", "1", "2") for n in range(1000)), difference=DIFFERENCE), GITHUB)

    rows = text.count("\n| `service-")
    assert 0 < rows < 1000
    assert f"\n\n{1000 - rows} more moves are not shown.\n" in text
    assert "Rendered difference: 7 lines<" in text


def test_a_secret_in_a_trailer_is_masked() -> None:
    """A pipeline's own remote may hold its token."""
    trailers = (("Source-Repository", "https://x:gho_0123456789abcdef0123@example.com/a"),)
    told = Review(verb="promote", environment="prod", moves=(FRONTEND,), trailers=trailers)

    assert "- `Source-Repository`: `https://***@example.com/a`" in body(told, GITHUB)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("`</details>` <script>", "'</details>' <script>"),
        ("fixes\n/close\n/merge", "fixes /close /merge"),
        ("\u202egnihton", "\ufffdgnihton"),
        ("x" * 400, "x" * 299 + "\u2026"),
        ("", "-"),
    ],
    ids=["markup", "commands", "turned around", "long", "empty"],
)
def test_a_reason_is_a_quotation(reason: str, shown: str) -> None:
    """One code span, on one line."""
    told = Review(verb="promote", environment="prod", moves=(FRONTEND,), trailers=(("Gate-Override", reason),))

    assert f"\n- `Gate-Override`: `{shown}`\n" in body(told, GITHUB)


def test_a_fence_in_the_difference_does_not_end_it() -> None:
    """A file may hold Markdown: the fence around it is longer."""
    text = body(review(FRONTEND, difference=" ```\n+````\n ```\n"), GITHUB)

    assert "\n`````diff\n ```\n+````\n ```\n`````\n" in text


def test_a_line_of_the_difference_is_no_command() -> None:
    """GitLab obeys lines that begin with a slash; those of a difference never do."""
    assert "\n /merge\n" in body(review(FRONTEND, difference="/merge\n"), GITHUB)


SPAN = r"`[^`]+`"
OUTSIDE = re.compile(
    rf"""<!--\ fairlead:\ [\w.~%,/-]*\ -->
       | \|\ Service\ \|\ Image\ \|\ Before\ \|\ After\ \| | \|---\|---\|---\|---\|
       | \|\ {SPAN}\ \|\ {SPAN}\ \|\ ({SPAN}|not\ released)\ \|\ {SPAN}\ \|
       | -\ {SPAN}:\ {SPAN} | -\ {SPAN} | -\ Gates\ passed:\ {SPAN}(,\ {SPAN})*
       | \d+\ more\ (moves|notes)\ are\ not\ shown\. | The\ rendered\ difference\ of\ \d+\ lines\ does\ not\ fit\ here\.
       | <details><summary>Rendered\ difference:\ \d+\ lines(,\ the\ last\ \d+\ left\ out)?</summary> | </details> |
    """,
    re.VERBOSE | re.ASCII,
)


def outside_of_fences(text: str) -> tuple[list[str], int]:
    """Return the lines outside of fenced blocks, and the number of blocks, by CommonMark 0.31.2, section 4.5."""
    outside: list[str] = []
    fence, blocks = "", 0
    for line in text.split("\n"):
        opening = re.match(r" {0,3}(`{3,})[^`]*$", line)
        if fence:
            closing = re.fullmatch(r" {0,3}(`{3,})[ \t]*", line)
            fence = "" if closing and len(closing[1]) >= len(fence) else fence
        elif opening:
            fence, blocks = opening[1], blocks + 1
        else:
            outside.append(line)
    assert not fence
    return outside, blocks


ANY = (
    st.text(st.characters(), max_size=40)
    | st.text("`|\\<>-!@#/*_[]()\r\n\t \u2028\u202e&~", max_size=30)
    | st.text(min_size=290, max_size=310)
)
RELEASES = st.builds(Release, newTag=ANY) | st.builds(Release, digest=ANY)
MOVES = st.builds(Move, service=ANY, environment=ANY, image=ANY, before=st.none() | RELEASES, after=RELEASES)
REVIEWS = st.builds(
    Review,
    verb=st.sampled_from(["promote", "bump", "rollback"]),
    environment=ANY,
    moves=st.lists(MOVES, min_size=1, max_size=6).map(tuple),
    trailers=st.lists(st.tuples(ANY, ANY), max_size=3).map(tuple),
    passed=st.lists(ANY, max_size=3).map(tuple),
    notes=st.lists(ANY, max_size=3).map(tuple),
    difference=st.lists(ANY | st.text("`~ \t", max_size=90), max_size=30).map("\n".join),
)


@given(told=REVIEWS, limit=st.integers(2_000, 6_000))
@settings(max_examples=examples(400), deadline=None)
def test_no_text_leaves_its_place(told: Review, limit: int) -> None:
    """Whatever names, tags, reasons and files hold: around them stands what we write, line by line, nothing else."""
    text = body(told, limit)
    outside, blocks = outside_of_fences(text)

    assert len(text) <= limit
    assert [line for line in outside if not OUTSIDE.fullmatch(line)] == []
    assert blocks == text.count("<details><summary>Rendered difference") <= 1
    assert all(character.isprintable() or character in "\n\t" for character in text)
    text.encode()


@given(told=REVIEWS)
def test_a_title_is_one_line_that_fits(told: Review) -> None:
    """Whatever names and tags hold."""
    line = title(told)

    assert len(line) <= 255
    assert line.isprintable()


def cells(row: str) -> Sequence[str]:
    """Return the cells of a table's row as GitHub reads them: bars end a cell unless a backslash stands before them."""
    return re.split(r"(?<!\\)\|", row.strip("|"))


@given(service=ANY, image=ANY)
def test_a_row_has_four_cells(service: str, image: str) -> None:
    """A bar in a name ends no cell, not even inside a code span."""
    text = body(review(move(service, "1", "2", image)), GITHUB)
    rows = [line for line in text.split("\n") if line.startswith("| `")]

    assert [len(cells(row)) for row in rows] == [4]
