"""A finding: one fault, at one place that a person wrote, with the smallest fix.

Findings are data. They are collected, sorted and reported together; they never stop the others from being found.
"""

from __future__ import annotations

import enum

import msgspec

from generator.findings.text import escape_line


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
        return self.line(self.environment)

    def line(self, environments: str) -> str:
        """Return the finding as one line that may be shown, as seen in `environments`."""
        remedy = f"; {self.remedy}" if self.remedy else ""
        text = f"{self.place}: {self.severity} {self.rule}: {self.message}{remedy}"
        return escape_line(text + self.seen(environments))

    def seen(self, environments: str) -> str:
        """Return where the object was seen, as the end of a line: ` [prod Deployment/shop/web]`, "" without one."""
        return f" [{f'{environments} {self.object}'.strip()}]" if self.object else ""
