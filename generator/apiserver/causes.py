"""Everything that the API server has against one object.

It stops at the first fault of some kinds: what cannot be read, what does not fit the schema. So what it named is taken
out and it is asked again, until it has nothing new to say.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from generator.apiserver.locate_field import existing_paths, locate_path, without
from generator.apiserver.network import addresses, is_of_network
from generator.apiserver.refusal import RefusalCause, refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.apiserver.client import Response
    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest

    Ask = Callable[[Manifest], Response]

# So many faults that hide others are looked for in one object; the rest shows once these are mended.
_ROUNDS = 8


def hear(manifest: Manifest, ask: Ask) -> tuple[RefusalCause, ...]:
    """Return every cause for which the server refuses an object; empty when it accepts it.

    What it says of its own network is none.
    """
    found: list[RefusalCause] = []
    gone: list[Path] = []
    for _ in range(_ROUNDS):
        rest = without(manifest, gone)
        answer = ask(rest)
        if answer.status < HTTPStatus.BAD_REQUEST:
            break
        said = [_placed(each, rest, ask) for each in refusals(answer.body, rest)]
        new = [_as_written(each, gone) for each in said if not is_of_network(each)]
        found += [each for each in new if not _follows(each, gone) and each not in found]
        hiding = existing_paths(
            manifest, [each.path for each in new if each.path is not None and each.path not in gone]
        )
        if len(new) < len(said):
            hiding += addresses(rest)
        elif answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            break
        if not hiding:
            break
        gone += hiding
    return tuple(found)


def _placed(refusal: RefusalCause, manifest: Manifest, ask: Ask) -> RefusalCause:
    """Look for the field of a complaint that names none."""
    if refusal.path is not None:
        return refusal

    def persists(other: Manifest) -> bool:
        answer = ask(other)
        return answer.status >= HTTPStatus.BAD_REQUEST and refusal in refusals(answer.body, other)

    return RefusalCause(locate_path(manifest, persists), refusal.message)


def _follows(refusal: RefusalCause, gone: Sequence[Path]) -> bool:
    """Return whether a complaint is about what was taken out before: the server may miss it under another path."""
    path = refusal.path or ()
    missed = refusal.message.startswith("Required value") and path[-1:] in {each[-1:] for each in gone}
    return missed or any(each == path[: len(each)] for each in gone)


def _as_written(refusal: RefusalCause, gone: Iterable[Path]) -> RefusalCause:
    """Return a complaint with its path in the whole object: entries move up when one before them is taken out."""
    if refusal.path is None:
        return refusal
    path = list(refusal.path)
    for each in sorted(gone, key=lambda path: (len(path), path)):
        *around, last = each
        if isinstance(last, int) and len(path) >= len(each) and path[: len(around)] == around:
            step = path[len(around)]
            path[len(around)] = step + 1 if isinstance(step, int) and step >= last else step
    return RefusalCause(tuple(path), refusal.message)
