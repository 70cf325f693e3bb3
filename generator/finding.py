"""A finding: one fault, at one place that a person wrote, with the smallest fix.

Findings are data. They are collected, sorted and reported together; they never stop the others from being found.
"""

from __future__ import annotations

import enum

import msgspec


class Severity(enum.StrEnum):
    """How much a finding weighs: `error` blocks, `warning` and `info` do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Place(msgspec.Struct, frozen=True, order=True):
    """A position in a file of the repository: path relative to its root, line and column from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: which rule, where, what is wrong (with the value seen) and what to do about it.

    `object` names the Kubernetes object as `Kind/namespace/name` where there is one, `environment` the
    environment it was seen in.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    remedy: str = ""
    object: str = ""
    environment: str = ""

    def __str__(self) -> str:
        where = f" [{f'{self.environment} {self.object}'.strip()}]" if self.object else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        text = f"{self.place}: {self.severity} {self.rule}: {self.message}{remedy}{where}"
        return text.replace("\n", "\\n")  # one line, or a value of a page could begin one with `::error`
