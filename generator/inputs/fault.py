"""A fault in a merged page before it has a place in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.inputs.keys import name_of
from generator.rules.spec import SPC008

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.inputs.layers import Layers
    from generator.rules.rule import Rule

Path = tuple[str | int, ...]


class Fault(NamedTuple):
    """A fault before it has a place: where in the merged page, what, what to do, and keys that exclude each other.

    `drops` are the paths that `null` takes away, one for each of `rivals`; the rivals themselves unless given.
    """

    path: Path
    message: str
    remedy: str = ""
    rivals: tuple[Path, ...] = ()
    rule: Rule = SPC008
    drops: tuple[Path, ...] = ()


def duplicate_fault(
    path: Path, message: str, remedy: str, rivals: tuple[Path, ...] = (), drops: tuple[Path, ...] = ()
) -> Fault:
    """Return the fault of something that a page says twice, where only one of the two can be rendered."""
    from generator.rules.duplicates import WRK017  # 6 ms that a good page does not pay

    return Fault(path, message, remedy, rivals, WRK017, drops)


def placed(fault: Fault, layers: Layers) -> Finding:
    """Return a fault its place: that of the last part in it, with those of the others in the message."""
    if not fault.rivals:
        return fault.rule.complaint(layers.place(fault.path), fault.message, fault.remedy)
    drops = dict(zip(fault.rivals, fault.drops or fault.rivals, strict=True))
    *others, last = sorted(fault.rivals, key=lambda path: (layers.height(path), layers.place(path)))
    near = len({path[:-1] for path in fault.rivals}) == 1
    where = ", ".join(f"{path[-1] if near else name_of(path)} at {layers.place(path)}" for path in others)
    below = layers.height(others[0]) < layers.height(last)
    remedy = fault.remedy or (_dropping(drops[others[0]], near=near) if below else "keep one")
    return fault.rule.complaint(layers.place(last), f"{fault.message} ({where})", remedy)


def _dropping(path: Path, *, near: bool) -> str:
    """Return how the word at `path`, which a layer below sets, is dropped from the layer above."""
    if near:
        return f"write `{path[-1]}: null` beside it to drop what a layer below sets"
    written = "null"
    for step in reversed(path[1:]):
        written = f"{{{step}: {written}}}"
    return f"keep one; `{path[0]}: {written}` in the same part of the page drops what a layer below sets"


def require_one(path: Path, value: object, keys: tuple[str, ...]) -> Iterator[Fault]:
    """Yield a fault unless exactly one of `keys` is set."""
    given = [key for key in keys if getattr(value, key) is not None]
    if len(given) == 1:
        return
    if not given:
        yield Fault(path, f"'{name_of(path)}' has none of {', '.join(keys)}", "add exactly one of them")
    else:
        message = f"'{name_of(path)}' has {' and '.join(given)}, and only one can be"
        yield Fault(path, message, rivals=tuple((*path, key) for key in given))
