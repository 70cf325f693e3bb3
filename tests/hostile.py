"""Text that somebody wrote to steer whoever prints it, and what would obey it. Shared by tests of what is shown."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

# A command for each CI system, as its runner reads it.
COMMANDS = (
    "::add-mask::1",
    " \t::set-env name=A::b",
    "\u00a0::error::no",
    "x ##[add-mask]1",
    "##[group]x",
    "x ##vso[task.setvariable variable=A]b",
    "##v\u00adso[task.complete]",
    ":\u200b:warning::x",
    "##teamcity[buildStatus status='SUCCESS']",
    "section_start:1:a\r\x1b[0Kb",
    "travis_fold:start:a",
    "travis_time:end:a",
    "--- x",
    "+++ x",
    "~~~ x",
    "^^^ +++",
)
# What a terminal obeys, or a reader does not see.
UNSEEN = (
    "\x1b]0;x\x07",
    "\x1b[2J",
    "\x9b2J",
    "a\rb",
    "a\x85b",
    "a\u2028b\u2029c",
    "a\x0bb\x0cc",
    "\u202exyz",
    "\u2066x",
    "a\u200bb",
    "a\u00adb",
    "\U000e0041\U000e007f",
    "a\ufe0fb",
    "a\U000e0100b",
    "a\u115fb\u3164",
    "a\udcffb",
    "a\x7fb",
)
hostile_text = st.lists(
    st.one_of(st.sampled_from([*COMMANDS, *UNSEEN, "\n", " ", "#", ":", "[", "@@ -1 +1 @@"]), st.text(max_size=9)),
    max_size=8,
).map("".join)

_ALWAYS = re.compile(r"##(?:\[|vso\[|teamcity\[)|travis_(?:fold|time):")
_SECTION = re.compile(r"section_(?:start|end):\d+:[\w.-]*\r")
_GROUP = re.compile(r"(?:---|\+\+\+|~~~)\s|\^\^\^\s\+\+\+")
_ENDS = re.compile(r"\r\n|\r|\n")
_HIDING = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def obeyed(text: str, *, groups: bool = True) -> list[str]:
    """Return the lines of a log that a CI system obeys; with `groups` those that begin a group of Buildkite's, too."""
    lines = _ENDS.split("".join(character for character in text if unicodedata.category(character) != "Cf"))
    found = [match[0] for match in _SECTION.finditer(text)]
    return found + [
        line
        for line in lines
        if line.lstrip().startswith("::") or _ALWAYS.search(line) or (groups and _GROUP.match(line))
    ]


def unseen(text: str) -> list[str]:
    """Return the characters that a terminal obeys or a reader does not see; line feeds and tabs are neither."""
    categories = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    hidden = (each for each in text if unicodedata.category(each) in categories or _HIDING.match(each))
    return [f"U+{ord(each):04X}" for each in hidden if each not in "\n\t"]
