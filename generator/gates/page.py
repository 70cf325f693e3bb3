"""The table of gates in docs/releases.md."""

from __future__ import annotations

from generator.gates.evaluate import GATES
from generator.gates.gate import Cost, ReleaseGate

BEGIN = "<!-- Written by scripts/gates-docs from here -->\n"
END = "<!-- to here -->\n"

_ASKED = {
    Cost.NOTHING: "on the way to the remote",
    Cost.REGISTRY: "there, once the others pass",
    Cost.PROGRAM: "there, last",
}


def gates_page(text: str) -> str:
    """Return a page with the table of today between its marks."""
    before, _, rest = text.partition(BEGIN)
    rows = "".join(f"{_row(gate)}\n" for gate in GATES)
    table = f"\n| gate | a release passes if | why | asked |\n|---|---|---|---|\n{rows}\n"
    return before + BEGIN + table + END + rest.partition(END)[2]


def _row(gate: ReleaseGate) -> str:
    asked = f"{_ASKED[gate.cost]}{', and for an edit of a working tree' if gate.at_edit else ''}"
    return f"| `{gate.name}` | {gate.title} | {gate.why} | {asked} |"
