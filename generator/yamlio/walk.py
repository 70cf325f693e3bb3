"""From YAML nodes to plain values, strictly: duplicate keys, tags, merge keys and ambiguous scalars are problems."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from generator.findings.text import CONTROLS, INVISIBLE
from generator.yamlio.document import position
from generator.yamlio.scalar import is_ambiguous, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

# Limits from the rule catalogue (SPC002): a page is a page. CVE-2019-11253 is what happens without them.
MAX_DEPTH = 64
MAX_NODES = 50_000

# C0 and C1 controls but tab and newlines, line separators, noncharacters, and what nobody sees: BOM inside the text,
# bidirectional overrides (CVE-2021-42574: source that reads one way and runs another), zero-width characters, soft
# hyphens, tags. kustomize refuses most controls, and makes NEL a blank. Scripts beyond ASCII and emoji are written with
# joiners and two variation selectors; those may stand behind such a character, and behind no second one.
FORBIDDEN = re.compile(
    f"(?![\u200c\u200d\ufe0e\ufe0f])[{CONTROLS}{INVISIBLE}\ufffe\uffff]"
    f"|(?<![^\\x00-\\x7f{INVISIBLE}])(?:[\u200c\ufe0e]|\ufe0f(?!\u20e3)|(?<!\ufe0f)\u200d)"
)

_CONTROL = re.compile(f"[{CONTROLS}]")

_STRING_TAG = "tag:yaml.org,2002:str"
_LETTERS = frozenset("yYnN")  # booleans to YAML 1.1, and to PyYAML alone of its readers not
_CORE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "map", "seq"))


class ProblemKind(enum.Enum):
    """What may be wrong with a document; `rules/reader.py` says which rule each kind breaks."""

    SYNTAX = enum.auto()
    ENDLESS = enum.auto()
    TAG = enum.auto()
    DUPLICATE = enum.auto()
    CHARACTER = enum.auto()
    AMBIGUOUS = enum.auto()


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a document: its kind, position (from 1), what, and what to do."""

    kind: ProblemKind
    line: int
    column: int
    message: str
    remedy: str


def find_forbidden(text: str) -> Iterator[re.Match[str]]:
    """Find the characters that no page may hold; one of ASCII alone, as most are, is searched 20 times faster."""
    return (_CONTROL if text.isascii() else FORBIDDEN).finditer(text)


def forbidden(character: str, line: int, column: int) -> Problem:
    """Return the problem of a character that no page may hold, plain or escaped."""
    message = f"control, bidirectional or invisible character U+{ord(character):04X}"
    return Problem(
        ProblemKind.CHARACTER, line, column, message, "remove it: it can make a file read differently from what it says"
    )


def too_deep(line: int, column: int) -> Problem:
    """Return the problem of a value that is nested too deeply."""
    return Problem(ProblemKind.ENDLESS, line, column, f"nested deeper than {MAX_DEPTH} levels", "flatten the page")


class Walk:
    """One pass from nodes to plain values that collects every problem on its way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._nodes = 0
        self._open: set[int] = set()

    def value(self, node: yaml.Node, depth: int) -> Any:
        """Return the plain value of a node that is `depth` levels deep."""
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH or id(node) in self._open:
            self._too_much(node, depth)
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._check_tag(node)
        self._open.add(id(node))
        inner = self._mapping(node, depth) if isinstance(node, yaml.MappingNode) else self._sequence(node, depth)
        self._open.discard(id(node))
        return inner

    @property
    def endless(self) -> bool:
        """Return whether the walk had to stop before the end."""
        return any(problem.kind is ProblemKind.ENDLESS for problem in self.problems)

    def _too_much(self, node: yaml.Node, depth: int) -> None:
        if self.endless:
            return
        if depth > MAX_DEPTH:
            self.problems.append(too_deep(*position(node)))
        elif id(node) in self._open:
            self._complain(node, ProblemKind.ENDLESS, "an alias to what it stands in", "write the values out")
        else:
            self._complain(
                node, ProblemKind.ENDLESS, f"more than {MAX_NODES} values, aliases unfolded", "write fewer values"
            )

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key, value in node.value:
            name = self._key(key)
            if name in mapping:
                message = f"duplicate key '{name}' (first on line {first[name]})"
                self._complain(key, ProblemKind.DUPLICATE, message, "keep one of the two")
            first.setdefault(name, key.start_mark.line + 1)
            mapping[name] = self.value(value, depth + 1)
        return mapping

    def _sequence(self, node: yaml.Node, depth: int) -> list[Any]:
        return [self.value(item, depth + 1) for item in node.value]

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._complain(node, ProblemKind.SYNTAX, "a mapping or list as a key", "use a plain word as key")
            return "?"
        if node.value == "<<" and not node.style:
            self._complain(
                node, ProblemKind.TAG, "merge key '<<'", "write the values out, or use defaults: in a layer above"
            )
        self._check_characters(node)
        return str(node.value)

    def _scalar(self, node: yaml.ScalarNode) -> str | int | float | bool | None:
        text: str = node.value
        if node.style:
            self._check_tag(node)
            self._check_characters(node)
            return text
        if node.tag != _STRING_TAG or text[:1] in "0123456789+-.":
            self._check_tag(node)
            if is_ambiguous(text):
                self._complain_of_ambiguity(node)
            return resolve(text)
        if text in _LETTERS:
            self._complain_of_ambiguity(node)
        return resolve(text) if len(text) < 6 else text  # noqa: PLR2004  # longest core word: "false"

    def _complain_of_ambiguity(self, node: yaml.Node) -> None:
        message = f"`{node.value}` is a string to some YAML readers, and a number, date or boolean to others"
        self._complain(node, ProblemKind.AMBIGUOUS, message, f'write "{node.value}" if you mean the text')

    def _check_characters(self, node: yaml.ScalarNode) -> None:
        """Complain of an escaped character that would stand bare in what is rendered."""
        found = next(find_forbidden(node.value), None) if node.style == '"' else None
        if found:
            self.problems.append(forbidden(found[0], *position(node)))

    def _check_tag(self, node: yaml.Node) -> None:
        tag = node.tag
        if tag != _STRING_TAG and tag not in _CORE_TAGS and not tag.startswith("tag:yaml.org,2002:timestamp"):
            if tag in {"tag:yaml.org,2002:value", "tag:yaml.org,2002:merge"}:
                return  # the bare words `=` and `<<`: reported as ambiguous
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._complain(node, ProblemKind.TAG, f"tag {shown}", "remove the tag: pages hold plain values only")

    def _complain(self, node: yaml.Node, kind: ProblemKind, message: str, remedy: str) -> None:
        self.problems.append(Problem(kind, *position(node), message, remedy))
