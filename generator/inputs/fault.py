"""A fault in a merged page before it has a place in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.inputs.complaint import complaint

if TYPE_CHECKING:
    from generator.finding import Finding
    from generator.inputs.layers import Layers

Path = tuple[str | int, ...]


class Fault(NamedTuple):
    """A fault before it has a place: where in the merged page, what, what to do, and keys that exclude each other."""

    path: Path
    message: str
    remedy: str = ""
    rivals: tuple[Path, ...] = ()
    rule: str = "SPC008"


def placed(fault: Fault, layers: Layers) -> Finding:
    """Give a fault its place: that of the last part in it, with those of the others in the message."""
    if not fault.rivals:
        return complaint(fault.rule, layers.place(fault.path), fault.message, fault.remedy)
    *others, last = sorted((layers.height(path), layers.place(path), path[-1]) for path in fault.rivals)
    where = ", ".join(f"{key} at {place}" for _, place, key in others)
    below = others[0][0] < last[0]
    remedy = f"write `{others[0][2]}: null` beside it to drop what a layer below sets" if below else "keep one"
    return complaint(fault.rule, last[1], f"{fault.message} ({where})", remedy)
