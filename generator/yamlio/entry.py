"""Set one entry of a mapping in a person's page, `environments: {prod: false}`, and not a byte beside it.

The new text goes where a person would put it: in place of the entry's old value, or behind the mapping's last entry.
Whatever the layout, the result is parsed again and must be the old page with that one entry changed.
"""

from __future__ import annotations

import re

import yaml

from generator.yamlio.document import LOADER
from generator.yamlio.edit import SpliceError
from generator.yamlio.read import parse
from generator.yamlio.write import quote

_BOM = b"\xef\xbb\xbf"
_BREAK = re.compile("\r\n|\r|\n")
_COLON = re.compile(r"\s*:")
_ALIAS = re.compile(r" *\*[^\s,\[\]{}]+")

Pair = tuple[yaml.Node, yaml.Node]


def shut_out(data: bytes, environment: str) -> bytes:
    """Return a page with `environments.<environment>` set to false; comments, quotes and line endings around it stay.

    What the page said under that key goes, and the comments inside of it. Raises SpliceError where no edit is found
    that changes this entry alone: then a person has to.
    """
    lead = _BOM if data.startswith(_BOM) else b""
    text = data[len(lead) :].decode()
    spliced = lead + _spliced(text, quote(environment)).encode()
    old, _ = parse(data, "before")
    new, _ = parse(spliced, "after")
    if old is None or new is None or new.value != _shut(old.value, environment):
        raise SpliceError(f"the edit would change more than environments.{environment}")
    if _as_yaml_1_2(spliced) != _shut(_as_yaml_1_2(data), environment):
        raise SpliceError(f"readers of YAML 1.2 would see more change than environments.{environment}")
    return spliced


def _as_yaml_1_2(data: bytes) -> dict[str, object]:
    """Read a page as editors do: another parser, and words such as `no` and `1_000` mean something else to it."""
    from ruamel.yaml import YAML  # 100 ms, for an edit that a person waits for

    value: dict[str, object] = YAML(typ="safe", pure=True).load(data.decode("utf-8-sig"))
    return value


def _shut(page: dict[str, object], environment: str) -> dict[str, object]:
    environments = page.get("environments")
    return {**page, "environments": {**(environments if isinstance(environments, dict) else {}), environment: False}}


def _spliced(text: str, environment: str) -> str:
    root = yaml.compose(text, Loader=LOADER)
    if not isinstance(root, yaml.MappingNode) or not root.value:
        raise SpliceError("the page is no mapping")
    layout = _Layout(text)
    pair = _pair(root, "environments")
    if pair is None:
        return layout.with_pair(root, "environments", f"{{{environment}: false}}", f"{environment}: false")
    mapping = pair[1]
    if not isinstance(mapping, yaml.MappingNode):
        return layout.with_value(root, pair, f"{{{environment}: false}}")
    inner = _pair(mapping, environment)
    if inner is None:
        return layout.with_pair(mapping, environment, "false")
    return layout.with_value(mapping, inner, "false")


def _pair(mapping: yaml.MappingNode, key: str) -> Pair | None:
    return next((pair for pair in mapping.value if quote(str(pair[0].value)) == key), None)


class _Layout:
    """A page's text, and where in it the nodes that YAML finds begin and end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newline = found[0] if (found := _BREAK.search(text)) else "\n"
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def with_pair(self, mapping: yaml.MappingNode, key: str, value: str, below: str = "") -> str:
        """Return the text with a pair more behind the mapping's last; in block style `below` is a line of its own."""
        if mapping.flow_style:
            at = self._end(mapping.value[-1]) if mapping.value else self._offset(mapping.start_mark) + 1
            return self._put(at, at, f"{', ' if mapping.value else ''}{key}: {value}")
        indent = " " * mapping.value[0][0].start_mark.column
        at = self._end(mapping.value[-1])
        at = at if at in self._starts else self._line_end(at)
        lines = [f"{indent}{key}:", f"{indent}  {below}"] if below else [f"{indent}{key}: {value}"]
        if at in self._starts:  # behind a block scalar, which takes its last line break with it
            return self._put(at, at, "".join(line + self._newline for line in lines))
        last = "" if _BREAK.match(self._text, at) else self._newline
        return self._put(at, at, "".join(self._newline + line for line in lines) + last)

    def with_value(self, mapping: yaml.MappingNode, pair: Pair, value: str) -> str:
        """Return the text with another value for a pair of `mapping`."""
        key, node = pair
        colon, end = self._behind_colon(key), self._end(pair)
        beside = node.start_mark.line == key.end_mark.line and not self._is_block(node)
        if _is_alias(pair) or self._offset(node.start_mark) == end:
            return self._put(colon, end, f" {value}")
        if beside or mapping.flow_style:
            return self._put(self._offset(node.start_mark), end, value)
        rest = self._text[colon : self._line_end(colon)]
        comment = rest if rest.lstrip().startswith("#") else ""
        return self._put(colon, self._behind_comments(end, key.start_mark.column), f" {value}{comment}")

    def _end(self, pair: Pair) -> int:
        """Return the offset behind a pair's value, without the blanks and comments that YAML counts to a block."""
        key, node = pair
        if _is_alias(pair):
            alias = _ALIAS.match(self._text, self._behind_colon(key))
            return alias.end() if alias else self._behind_colon(key)
        if isinstance(node, yaml.MappingNode) and self._is_block(node):
            return self._end(node.value[-1])
        if isinstance(node, yaml.SequenceNode) and self._is_block(node):
            return self._end((node, node.value[-1]))
        end = self._offset(node.end_mark)
        folded = isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"} and not node.value.endswith("\n\n")
        return len(self._text[:end].rstrip()) if folded else end  # without `+` blank lines behind it are none of it

    def _behind_comments(self, end: int, column: int) -> int:
        """Return the end of the line at `end`, or of the last comment line after it indented beyond `column`."""
        inner = re.compile(rf"(?:\r\n|\r|\n) {{{column + 1},}}#[^\r\n]*")
        end = self._line_end(len(self._text[:end].rstrip()))
        while found := inner.match(self._text, end):
            end = found.end()
        return end

    def _behind_colon(self, key: yaml.Node) -> int:
        colon = _COLON.match(self._text, self._offset(key.end_mark))
        if colon is None:
            raise SpliceError(f"a key without a colon in line {key.start_mark.line + 1}")
        return colon.end()

    def _line_end(self, offset: int) -> int:
        found = _BREAK.search(self._text, offset)
        return found.start() if found else len(self._text)

    def _offset(self, mark: yaml.Mark) -> int:
        return min(self._starts[min(mark.line, len(self._starts) - 1)] + mark.column, len(self._text))

    @staticmethod
    def _is_block(node: yaml.Node) -> bool:
        return isinstance(node, yaml.CollectionNode) and not node.flow_style

    def _put(self, start: int, end: int, text: str) -> str:
        return self._text[:start] + text + self._text[end:]


def _is_alias(pair: Pair) -> bool:
    """Return whether a value is an alias: YAML gives the node that the anchor stands at, before the key."""
    key, node = pair
    return (node.start_mark.line, node.start_mark.column) < (key.start_mark.line, key.start_mark.column)
