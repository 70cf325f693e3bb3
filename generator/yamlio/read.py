"""Read one YAML document into plain values, strictly, and find any value's line and column again on demand.

Positions are not carried along: `Document.place` composes the text a second time when a finding needs one, so the
happy path pays nothing for them.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import msgspec
import yaml

from generator.finding import Place
from generator.yamlio.scalar import is_ambiguous, resolve

# Limits from the rule catalogue (SPC001-SPC002): a page is a page. CVE-2019-11253 is what happens without them.
MAX_BYTES = 1 << 20
MAX_DEPTH = 64
MAX_NODES = 50_000

_STRING_TAG = "tag:yaml.org,2002:str"
_CORE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "map", "seq"))
# C0 and C1 controls but newline, NEL, the line separators, BOM inside the text, bidirectional overrides
# (CVE-2021-42574: source that reads one way and runs another).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a document: rule id, position (from 1), what, and what to do."""

    rule: str
    line: int
    column: int
    message: str
    remedy: str


class Document:
    """A parsed document: its plain `value`, and where in `file` each part of it stands."""

    def __init__(self, file: str, text: str, value: Any) -> None:
        self.file = file
        self.text = text
        self.value = value

    def place(self, path: Path = ()) -> Place:
        """Give the position of the value at `path`, or of the nearest enclosing value that exists."""
        line, column = self._positions.get(path, (0, 0))
        while not line and path:
            path = path[:-1]
            line, column = self._positions.get(path, (0, 0))
        return Place(self.file, line or 1, column or 1)

    def key_place(self, path: Path) -> Place:
        """Give the position of the key that leads to `path` (for a list item, of the item itself)."""
        line, column = self._key_positions.get(path, (0, 0))
        return Place(self.file, line, column) if line else self.place(path)

    def raw(self, path: Path) -> str | None:
        """Give the text of the plain (unquoted) scalar at `path`, None for anything else."""
        return self._plain.get(path)

    @cached_property
    def _index(self) -> _Index:
        index = _Index()
        root = yaml.compose(self.text, Loader=LOADER)
        if root is not None:
            index.visit(root, ())
        return index

    @property
    def _positions(self) -> dict[Path, tuple[int, int]]:
        return self._index.values

    @property
    def _key_positions(self) -> dict[Path, tuple[int, int]]:
        return self._index.keys

    @property
    def _plain(self) -> dict[Path, str]:
        return self._index.plain


class _Index:
    """Where each path of a document stands."""

    def __init__(self) -> None:
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.plain: dict[Path, str] = {}

    def visit(self, node: yaml.Node, path: Path) -> None:
        self.values[path] = _position(node)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self.keys[(*path, key.value)] = _position(key)
                self.visit(value, (*path, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self.visit(item, (*path, number))
        elif isinstance(node, yaml.ScalarNode) and not node.style:
            self.plain[path] = node.value


def _position(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def parse(data: bytes, file: str) -> tuple[Document | None, list[Problem]]:
    """Parse `data` as one YAML document; give the document, or None with every problem found."""
    text, problems = _decode(data)
    if text is None:
        return None, problems
    try:
        nodes = list(yaml.compose_all(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_problem(error)]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return None, [Problem("SPC001", 1, 1, f"not YAML: {error}", "mend the syntax")]
    if len(nodes) > 1:
        line, column = _position(nodes[1])
        return None, [Problem("SPC001", line, column, "a second document starts here", "one file holds one page")]
    walk = _Walk()
    value = walk.value(nodes[0], 0) if nodes else None
    return (None, walk.problems) if walk.problems else (Document(file, text, value), [])


def built(text: str) -> list[Any]:
    """Give the documents of a stream that kustomize wrote; raises yaml.YAMLError when it is none.

    kustomize quotes every string that a YAML reader could take for something else, but for a few that only YAML 1.1
    numbers (`12e4567`): those stay strings, as they were.
    """
    return [_Walk().value(node, 0) for node in yaml.compose_all(text, Loader=LOADER)]


def _decode(data: bytes) -> tuple[str | None, list[Problem]]:
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes; the limit is {MAX_BYTES} (1 MiB)"
        return None, [Problem("SPC001", 1, 1, message, "split the page, or move data into files")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return None, [Problem("SPC005", line, column, message, "save the file as UTF-8")]
    problems = [_character_problem(text, match.start()) for match in _FORBIDDEN.finditer(text)]
    problems += [_tab_problem(text, match) for match in re.finditer(r"^ *\t", text, re.MULTILINE)]
    return (None, problems) if problems else (text, [])


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _character_problem(text: str, offset: int) -> Problem:
    line, column = _line_and_column(text, offset)
    message = f"control or bidirectional character U+{ord(text[offset]):04X}"
    return Problem("SPC005", line, column, message, "remove it: it can make a file read differently from what it says")


def _tab_problem(text: str, match: re.Match[str]) -> Problem:
    line, column = _line_and_column(text, match.end() - 1)
    return Problem("SPC001", line, column, "a tab in the indentation", "indent with spaces")


def _syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = " ".join(part for part in (error.context, error.problem) if part)
    return Problem("SPC001", line, column, f"not YAML: {said}", "mend the syntax")


class _Walk:
    """One pass from nodes to plain values that collects every problem on its way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._nodes = 0
        self._open: set[int] = set()

    def value(self, node: yaml.Node, depth: int) -> Any:
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

    def _too_much(self, node: yaml.Node, depth: int) -> None:
        if any(problem.rule == "SPC002" for problem in self.problems):
            return
        if depth > MAX_DEPTH:
            self._complain(node, "SPC002", f"nested deeper than {MAX_DEPTH} levels", "flatten the page")
        else:
            message = f"aliases unfold to more than {MAX_NODES} values, or into themselves"
            self._complain(node, "SPC002", message, "write the values out")

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key, value in node.value:
            name = self._key(key)
            if name in mapping:
                message = f"duplicate key '{name}' (first on line {first[name]})"
                self._complain(key, "SPC004", message, "keep one of the two")
            first.setdefault(name, key.start_mark.line + 1)
            mapping[name] = self.value(value, depth + 1)
        return mapping

    def _sequence(self, node: yaml.Node, depth: int) -> list[Any]:
        return [self.value(item, depth + 1) for item in node.value]

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._complain(node, "SPC001", "a mapping or list as a key", "use a plain word as key")
            return "?"
        if node.value == "<<" and not node.style:
            self._complain(node, "SPC003", "merge key '<<'", "write the values out, or use defaults: in a layer above")
        return str(node.value)

    def _scalar(self, node: yaml.ScalarNode) -> str | int | float | bool | None:
        text: str = node.value
        if node.style:
            self._check_tag(node)
            return text
        if node.tag != _STRING_TAG or text[:1] in "0123456789+-.":
            self._check_tag(node)
            if is_ambiguous(text):
                message = f"`{text}` is a string to some YAML readers, and a number, date or boolean to others"
                self._complain(node, "WRK003", message, f'write "{text}" if you mean the text')
            return resolve(text)
        return resolve(text) if len(text) < 6 else text  # noqa: PLR2004  # longest core word: "false"

    def _check_tag(self, node: yaml.Node) -> None:
        tag = node.tag
        if tag != _STRING_TAG and tag not in _CORE_TAGS and not tag.startswith("tag:yaml.org,2002:timestamp"):
            if tag in {"tag:yaml.org,2002:value", "tag:yaml.org,2002:merge"}:
                return  # the bare words `=` and `<<`: reported as ambiguous
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._complain(node, "SPC003", f"tag {shown}", "remove the tag: pages hold plain values only")

    def _complain(self, node: yaml.Node, rule: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(rule, *_position(node), message, remedy))
