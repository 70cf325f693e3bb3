r"""Text that others wrote, as it may be shown: on a terminal that obeys escape sequences, in a log that a CI reads.

Pages, names of files, git, hooks, registries and forges bring text that nobody here has chosen. Values stay as they
are in findings, errors and JSON; what is shown of them goes through this module. A character that cannot be seen is
spelled out as in a Python string (`\n`, `\x1b`, `\u202e`), and so is one character of each command of a CI system.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Default_Ignorable_Code_Point of Unicode 15 (DerivedCoreProperties.txt), and the anchors of interlinear annotation:
# joiners, soft hyphens, fillers, variation selectors, bidirectional controls, tags. .NET compares strings without them,
# so both runners below find `##vso[` with such a character inside.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# C0 without tab and line breaks, DEL, C1 with NEL, and Unicode's separators of lines and paragraphs.
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SUSPECT = re.compile(r"[^ -~]")
_SUSPECT_IN_LINES = re.compile(r"[^ -~\n\t]")

# What a log obeys, by its first character or the one to be spelled out: `::` after white space at the start of a line
# (GitHub: ActionCommand.TryParseV2; Gitea), `##[` (GitHub: TryParse), `##vso[` (Azure Pipelines: Command.TryParse) and
# `##teamcity[` anywhere, `travis_fold:` anywhere. GitLab's sections need a carriage return.
_COMMAND = re.compile(r"(?m)^[^\S\n]*:(?=:)|#(?=#[^\s#\[]*\[)|travis_(?=(?:fold|time):)")
# Buildkite begins a group of its log with these, at the very start of a line.
_GROUP = re.compile(r"^(?:([-+~])(?=\1\1\s)|\^(?=\^\^\s))")
_HUNK = re.compile(r"@@ -\d+(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@")


def is_visible(character: str) -> bool:
    """Return whether a reader sees a character as what it is; only the plain space is a visible blank."""
    return character.isprintable() and not _INVISIBLE.match(character)


def escape_line(text: str) -> str:
    """Return a line of output: line breaks in it, and all that a terminal or a CI would obey, are spelled out."""
    shown = text if text.isascii() and text.isprintable() else _SUSPECT.sub(_spelled, text)
    return _GROUP.sub(_disarmed, _COMMAND.sub(_disarmed, shown))


def escape_lines(lines: Iterable[str]) -> str:
    """Return lines of output as one text; each ends with a line break, and holds no other."""
    return "".join(f"{escape_line(line)}\n" for line in lines)


def escape_text(text: str) -> str:
    """Return a text of several lines without what a terminal or a CI would obey; its line breaks and tabs stay."""
    return _COMMAND.sub(_disarmed, _SUSPECT_IN_LINES.sub(_spelled, text))


def escape_diff(text: str) -> str:
    """Return unified differences to be shown; no line of a file in them can be taken for one that names files."""
    shown, left = [], (0, 0)
    for line in escape_text(text).split("\n"):
        if max(left) > 0:
            shown.append(_GROUP.sub(_disarmed, line))
            left = (left[0] - line.startswith((" ", "-")), left[1] - line.startswith((" ", "+")))
            continue
        shown.append(line)
        hunk = _HUNK.match(line)
        left = (int(hunk["old"] or 1), int(hunk["new"] or 1)) if hunk else left
    return "\n".join(shown)


def escape_json(text: str) -> str:
    """Return a JSON document that means exactly the same and holds nothing that a terminal or a CI would obey.

    What is replaced stands in strings alone, where JSON has another spelling for every character.
    """
    return _COMMAND.sub(_json_disarmed, _SUSPECT_IN_LINES.sub(_json_spelled, text))


def quote_words(words: str) -> list[str]:
    """Return what another program said as indented lines, so that none reads as one of ours."""
    return [f"  {line}" for line in words.strip().replace("\r", "").split("\n")] if words.strip() else []


def _spelled(match: re.Match[str]) -> str:
    character = match[0]
    return character if is_visible(character) else character.encode("unicode_escape").decode()


def _disarmed(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\x{ord(match[0][-1]):02x}"


def _json_spelled(match: re.Match[str]) -> str:
    character = match[0]
    if is_visible(character):
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _json_disarmed(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\u{ord(match[0][-1]):04x}"
