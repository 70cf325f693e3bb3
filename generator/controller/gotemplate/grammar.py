"""The part of Go's text/template that ApplicationSets use, read into pipes of calls.

Raised are ExpansionError where Go refuses a template too, and UnsupportedError for what is not worked out here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.functions import FUNCTIONS

_BLANKS = " \t\r\n"

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)|(?P<end>-?\}\})|(?P<field>(?:\.[^\W\d]\w*)+)|(?P<dot>\.)(?!\d)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<raw>`[^`]*`)|(?P<number>[+-]?(?:0|[1-9]\d*)(?![\w.]))"""
    r"""|(?P<word>[^\W\d]\w*)|(?P<mark>[|()])"""
)
_ESCAPE = re.compile(r'\\(["\\ntr])')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_CONSTANTS = {"true": True, "false": False}


class Field(msgspec.Struct, frozen=True):
    """`.a.b`; without names `.` itself."""

    names: tuple[str, ...]


class Call(msgspec.Struct, frozen=True):
    """A function with its arguments; what a pipe brings is its last one."""

    function: str
    arguments: tuple[Any, ...]


class Literal(msgspec.Struct, frozen=True):
    """A text, a whole number, or a boolean."""

    value: str | int | bool


class Pipe(msgspec.Struct, frozen=True):
    """Operands and calls, each of which gets the value of the one before."""

    parts: tuple[Any, ...]


@lru_cache(maxsize=4096)
def parse_template(text: str) -> tuple[str | Pipe, ...]:
    """Return a template as texts and pipes; raises ExpansionError, UnsupportedError."""
    nodes: list[str | Pipe] = []
    position, trim = 0, False
    while (start := text.find("{{", position)) >= 0:
        before = text[position:start].lstrip(_BLANKS) if trim else text[position:start]
        inner = start + 2
        if text[inner : inner + 1] == "-" and text[inner + 1 : inner + 2] in tuple(_BLANKS):
            before, inner = before.rstrip(_BLANKS), inner + 1
        action = _Action(text, inner)
        nodes += [before, action.pipe()]
        position, trim = action.position, action.trims
    rest = text[position:]
    return (*nodes, rest.lstrip(_BLANKS) if trim else rest)


class _Action:
    """Reads one action, from behind its `{{`."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self.position = position
        self.trims = False
        self._kind, self._word = "", ""
        self._spaced = False
        self._next()

    def pipe(self) -> Pipe:
        """Read to the end of the action."""
        if self._kind == "end":
            raise ExpansionError(f"failed to parse template {self._text}: missing value for command")
        pipe = self._pipe()
        if self._kind != "end":
            raise self._unsupported()
        self.trims = self._word.startswith("-")
        if self.trims and not self._spaced:
            raise self._unsupported()
        return pipe

    def _pipe(self) -> Pipe:
        parts = [self._command()]
        while self._word == "|" and self._kind == "mark":
            self._next()
            parts.append(self._command())
        return Pipe(tuple(parts))

    def _command(self) -> Any:
        if self._kind == "word" and self._word not in _CONSTANTS:
            name = self._function()
            return Call(name, tuple(self._operands(follow=True)))
        operands = self._operands(follow=False)
        if not operands:
            raise ExpansionError(f"failed to parse template {self._text}: missing value for command")
        if len(operands) > 1:
            raise ExpansionError(f"failed to parse template {self._text}: can't give argument to non-function")
        return operands[0]

    def _operands(self, *, follow: bool) -> list[Any]:
        """Read operands with blanks between them; `follow` says that something stands before the first, too."""
        operands: list[Any] = []
        while self._kind not in {"end", ""} and (self._kind != "mark" or self._word == "("):
            if (follow or operands) and not self._spaced:
                raise self._unsupported()
            operands.append(self._operand())
        return operands

    def _operand(self) -> Any:
        kind, token = self._kind, self._word
        if kind == "mark":
            self._next()
            pipe = self._pipe()
            if self._word != ")":
                raise ExpansionError(f"failed to parse template {self._text}: unclosed left paren")
            self._next()
            return pipe
        if kind == "word" and token not in _CONSTANTS:
            return Call(self._function(), ())
        self._next()
        return _operand(kind, token)

    def _function(self) -> str:
        """Read the name of a function; raises UnsupportedError for one not worked out here, and for keywords."""
        name = self._word
        if name not in FUNCTIONS:
            raise UnsupportedError(f"template function `{name}`")
        self._next()
        return name

    def _next(self) -> None:
        """Go to the next token that is no blank."""
        self._spaced = False
        while True:
            match = _TOKEN.match(self._text, self.position)
            if match is None:
                raise self._unsupported()
            self.position = match.end()
            if match.lastgroup != "blank":
                break
            self._spaced = True
        self._kind, self._word = str(match.lastgroup), match[0]

    def _unsupported(self) -> Exception:
        if self.position >= len(self._text):
            return ExpansionError(f"failed to parse template {self._text}: unclosed action")
        return UnsupportedError(f"template `{self._text}`")


def _operand(kind: str, token: str) -> Any:
    if kind in {"field", "dot"}:
        return Field(tuple(token[1:].split(".")) if kind == "field" else ())
    if kind == "number":
        return Literal(int(token))
    if kind == "word":
        return Literal(_CONSTANTS[token])
    if kind == "raw":
        return Literal(token[1:-1].replace("\r", ""))
    rest = _ESCAPE.sub("", token[1:-1])
    if "\\" in rest:
        raise UnsupportedError(f"the text {token} in a template")
    return Literal(_ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), token[1:-1]))
