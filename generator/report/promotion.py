"""What a reviewer reads of a release: title and body of the request that is opened for it.

Names, tags and reasons come from files that anybody may have written. In the body each stands in a code span, where no
Markdown, HTML, mention or command of a forge is read.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from generator.credentials.masking import mask
from generator.findings.text import is_visible
from generator.records.move import Move

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Characters of a title: GitHub's limit is 256, GitLab's 255.
_TITLE = 255

# Characters of a code span, and of the names in the marker.
_SPAN = 300
_MARK = 200

_VERBS = {"promote": ("Promote", "to"), "bump": ("Bump", "in"), "rollback": ("Roll back", "in")}
_DIGEST = re.compile(r"(sha\d+:[0-9a-f]{12})[0-9a-f]+")


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer is told: `moves` in one environment, by `verb` (promote, bump or rollback).

    Where no image moves (a hold, its end), `subject` is the title, and the changed `files` are told instead.

    `trailers` are those of the commit: where the releases come from (`Promoted-From: staging`), which gates were
    overridden and why. `passed` are the gates that let them through, `notes` what one should know; `difference` is a
    unified diff of the rendered objects.
    """

    verb: str
    environment: str
    moves: tuple[Move, ...]
    subject: str = ""
    files: tuple[str, ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()
    passed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    difference: str = ""


def title(review: Review) -> str:
    """Return the title: `Promote frontend to prod: 1.4.1 -> 1.4.2`, or `Promote 3 services to prod`."""
    if not review.moves:
        return _shortened(_visible(review.subject), _TITLE)
    verb, preposition = _VERBS[review.verb]
    services = _services(review)
    what = services[0] if len(services) == 1 else f"{len(services)} services"
    text = f"{verb} {what} {preposition} {review.environment}"
    if len(services) == 1:
        changes = {_change(move) for move in review.moves}
        text += f": {changes.pop() if len(changes) == 1 else f'{len(review.moves)} images'}"
    return _shortened(_visible(text), _TITLE)


def body(review: Review, limit: int) -> str:
    """Return the body in Markdown, of at most `limit` characters (of which it needs 2,000 to say anything).

    A hidden comment names environment and services. What does not fit is counted instead.
    """
    head = [_marker(review), "", *(_moves(review, limit // 4) if review.moves else _files(review, limit // 4))]
    head += ["", *_fitting(list(_notes(review)), limit // 4, "more notes")]
    text = "\n".join(head).rstrip("\n") + "\n"
    return text + _difference(review.difference, limit - len(text))


def _moves(review: Review, room: int) -> list[str]:
    head = ["| Service | Image | Before | After |", "|---|---|---|---|"]
    return head + _fitting([_row(move) for move in review.moves], room, "more moves")


def _files(review: Review, room: int) -> list[str]:
    head = ["No image moves. Changed:", ""]
    return head + _fitting([f"- {_code(path)}" for path in review.files], room, "more files")


def _services(review: Review) -> list[str]:
    return list(dict.fromkeys(move.service for move in review.moves))


def _change(move: Move) -> str:
    before, after = (_DIGEST.sub(r"\1", text) for text in _releases(move))
    return f"{before} -> {after}" if move.before else after


def _releases(move: Move) -> tuple[str, str]:
    return move.before.suffix.lstrip(":@") if move.before else "", move.after.suffix.lstrip(":@")


def _marker(review: Review) -> str:
    names = quote(",".join(_services(review)), safe=",", errors="replace")
    environment = quote(review.environment, safe="", errors="replace")
    return f"<!-- fairlead: {environment[:_MARK]}/{names[:_MARK]} -->"


def _row(move: Move) -> str:
    before, after = _releases(move)
    cells = [_cell(move.service), _cell(move.image), _cell(before) if before else "not released", _cell(after)]
    return f"| {' | '.join(cells)} |"


def _notes(review: Review) -> Iterator[str]:
    for key, value in review.trailers:
        yield f"- {_code(key)}: {_code(mask(value))}"
    if review.passed:
        yield f"- Gates passed: {', '.join(map(_code, review.passed))}"
    for note in review.notes:
        yield f"- {_code(mask(note))}"


def _difference(text: str, room: int) -> str:
    """Return a unified diff as a block that is folded until somebody opens it, in at most `room` characters."""
    lines = [_diff_line(line) for line in text.splitlines()]
    longest = max((len(run) for run in re.findall("`+", "\n".join(lines))), default=0)
    fence = "`" * max(3, longest + 1)
    begin, end = f"\n\n{fence}diff\n", f"{fence}\n\n</details>\n"
    shown = _count(lines, room - len(_summary(len(lines), 0)) - len(begin) - len(end))
    if not shown:
        return f"\nThe rendered difference of {len(lines)} lines does not fit here.\n" if lines else ""
    return _summary(len(lines), shown) + begin + "".join(f"{line}\n" for line in lines[:shown]) + end


def _summary(lines: int, shown: int) -> str:
    left_out = f", the last {lines - shown} left out" if shown < lines else ""
    return f"\n<details><summary>Rendered difference: {lines} lines{left_out}</summary>"


def _fitting(lines: Sequence[str], room: int, rest: str) -> list[str]:
    """Return as many lines as fit into `room` characters, and how many did not."""
    shown = list(lines[: _count(lines, room)])
    return shown if len(shown) == len(lines) else [*shown, "", f"{len(lines) - len(shown)} {rest} are not shown."]


def _count(lines: Iterable[str], room: int) -> int:
    """Count the lines that fit into `room` characters with the ends of lines."""
    return sum(total <= room for total in accumulate(len(line) + 1 for line in lines))


def _diff_line(line: str) -> str:
    """Return a line that begins as those of a diff do: none can then be a forge's command (`/close`)."""
    line = "".join(char if is_visible(char) or char == "\t" else "\ufffd" for char in line)
    return line if line.startswith((" ", "+", "-", "@", "\\")) else f" {line}"


def _cell(text: str) -> str:
    """Return a code span for a table, whose cells end at a bar even there."""
    return _code(text.replace("|", "\u00a6"))


def _code(text: str) -> str:
    """Return a code span on one line."""
    return f"`{_shortened(_visible(text).replace('`', chr(39)), _SPAN) or '-'}`"


def _visible(text: str) -> str:
    """Return a text on one line, invisible characters replaced: controls, and those that turn the writing around."""
    return "".join(char if is_visible(char) else "\ufffd" for char in " ".join(text.split()))


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}\u2026"
