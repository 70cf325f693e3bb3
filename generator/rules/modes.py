"""Permissions of files in volumes: decimal numbers, where everybody thinks of octal ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.kubernetes.pods import pod
from generator.kubernetes.values import items, mapping
from generator.rules.rule import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest

MOST = 0o777
_HOLDING = ("configMap", "secret", "downwardAPI", "projected")


def unfit_modes(manifest: Manifest) -> Iterator[Violation]:
    """Yield each number that the API server takes for no permissions."""
    path, spec = pod(manifest)
    for number, volume in enumerate(items(spec.get("volumes"))):
        for where, mode in _modes(mapping(volume), (*path, "volumes", number)):
            if isinstance(mode, int) and not isinstance(mode, bool) and not 0 <= mode <= MOST:
                message = f"`{where[-1]}: {mode}` is no file's permissions, which are a decimal number up to {MOST}"
                yield Violation(
                    path=where, message=f"{message}; the API server refuses the object", remedy=mode_remedy(mode)
                )


def _modes(holder: dict[Any, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield every mode of a volume, or of a source of a projected one."""
    for word in _HOLDING:
        source = mapping(holder.get(word))
        yield (*path, word, "defaultMode"), source.get("defaultMode")
        for number, item in enumerate(items(source.get("items"))):
            yield (*path, word, "items", number, "mode"), mapping(item).get("mode")
        for number, one in enumerate(items(source.get("sources"))):
            yield from _modes(mapping(one), (*path, word, "sources", number))


def mode_remedy(mode: int) -> str:
    """Return what to write for a mode that is too large: most are octal numbers without their zero."""
    written = str(abs(mode))
    if mode > 0 and set(written) <= set("01234567") and int(written, 8) <= MOST:
        return f"write {int(written, 8)}, which is 0{written} in decimal"
    return "write the permissions as a decimal number: 420 for rw-r--r--"
