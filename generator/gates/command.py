"""The gate that runs a program of the repository: a smoke test, say, which knows what no page can say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.credentials.masking import mask
from generator.findings.errors import ToolError
from generator.findings.text import is_visible
from generator.gates.gate import Cost, ReleaseGate, overrule, refusal_of
from generator.tools import process
from generator.tools.search import absolute_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gates.gate import Candidate, GateRefusal, GateRequest
    from generator.model.gates import Gates

# Lines of a program's last words that are shown, and the longest of them.
_LINES = 20
_WIDTH = 300


def command_refusal(gates: Gates, candidate: Candidate, root: Path) -> GateRefusal | None:
    """Run the environment's command in the repository at `root`; give its refusal, None if it ends with 0 or is none.

    It is not run when nothing moves. One that cannot be started or is too slow refuses: nobody knows what it would say.
    """
    command = gates.command
    if command is None or not candidate.moves:
        return None
    program = command.args[0]
    if not is_program(program, root):
        message = f"{program} is no file of the repository, nor the name of a program on the PATH: it was not run"
        return refusal_of(candidate, "command", message, overrule("command"))
    environment, limit = dict(_environment(candidate)), float(command.timeoutSeconds)
    try:
        ended = process.run(command.args, cwd=root, env=environment, timeout=limit)
    except ToolError as error:
        return refusal_of(candidate, "command", mask(str(error)), overrule("command"))
    if ended.returncode == 0:
        return None
    refusal = refusal_of(candidate, "command", f"{program} ended with {ended.returncode}", overrule("command"))
    said = mask(ended.stdout.decode(errors="replace") + ended.stderr)
    return msgspec.structs.replace(refusal, output="".join(_last_lines(said)))


def is_program(program: str, root: Path) -> bool:
    """Return whether this is a name to be looked for on the PATH, or leads to a file inside the repository at `root`.

    Links count for what they lead to: a file of a pull request must not stand for a shell of the machine.
    """
    if "/" not in program:
        return program not in {"", ".", ".."}
    if program.startswith("/") or ".." in program.split("/"):
        return False
    real = Path(os.path.realpath(root / program))
    is_file = real.is_file() or not real.exists()  # that nothing is there is told by whoever starts it
    return is_file and real.is_relative_to(os.path.realpath(root))


def _environment(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Yield all that the program may know: the tools of the machine, and what is to be released where."""
    yield "PATH", absolute_path()
    yield from ((name, os.environ[name]) for name in ("HOME",) if name in os.environ)
    yield "FAIRLEAD_SERVICE", candidate.service
    yield "FAIRLEAD_ENVIRONMENT", candidate.environment
    yield "FAIRLEAD_IMAGES", " ".join(f"{move.image}{move.after.suffix}" for move in candidate.moves)


def _last_lines(text: str) -> Iterator[str]:
    """Yield the last lines of an output, each on a line of its own, and nothing in them that a terminal would obey."""
    for line in [line.rstrip() for line in text.splitlines() if line.strip()][-_LINES:]:
        yield "\n  " + "".join(each if is_visible(each) else "?" for each in line[:_WIDTH])


def _refuse_failed(asked: GateRequest) -> Iterator[GateRefusal]:
    """Run the environment's command, with every file of the repository at hand."""
    command, candidate, session = asked.gates.command, asked.candidate, asked.session
    if command is None or session is None:
        return
    if "command" in candidate.overridden:
        yield refusal_of(candidate, "command", f"{command.args[0]} was not run", overrule("command"))
        return
    session.clone.whole()
    refusal = command_refusal(asked.gates, candidate, session.clone.root)
    if refusal is not None:
        yield refusal


COMMAND = ReleaseGate(
    name="command",
    title="this program of the repository ends with 0",
    why="A smoke test knows what no page can say.",
    check=_refuse_failed,
    cost=Cost.PROGRAM,
    depends_on=lambda asked: msgspec.json.encode(asked.gates.command),
)
