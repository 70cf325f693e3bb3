"""git's configuration as it holds in a checkout: from all of its files, what they include, and the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Entries = tuple[tuple[str, str], ...]

# These would lead git to another repository than the one in which it is started.
_OTHERS = frozenset({"core.worktree", "core.bare"})


class Configuration(msgspec.Struct, frozen=True):
    """Keys and values in git's order; section and last part of a key are in lower case."""

    entries: Entries = ()

    def all(self, key: str) -> list[str]:
        """Return all values of a key."""
        return [value for name, value in self.entries if name == key]

    def rewritten(self, address: str) -> str:
        """Return the address that git fetches from where it is told `address`."""
        return self._by_longest(address, ".insteadof") or address

    def rewritten_for_push(self, address: str) -> str:
        """Return the address that git pushes to where it is told to fetch from `address`."""
        return self._by_longest(address, ".pushinsteadof") or self.rewritten(address)

    def _by_longest(self, address: str, word: str) -> str | None:
        """Apply the longest of the rules `url.<base><word> = <start>` that fits; None when there is none."""
        rules = [
            (start, key.removeprefix("url.").removesuffix(word))
            for key, start in self.entries
            if key.startswith("url.") and key.endswith(word) and address.startswith(start)
        ]
        if not rules:
            return None
        start, base = max(rules, key=lambda rule: len(rule[0]))  # of two as long the first, as in git
        return base + address.removeprefix(start)


def parse_configuration(text: str) -> Configuration:
    """Read the output of `git config --list --null`: a key alone means true."""
    pairs = [entry.partition("\n") for entry in text.split("\0") if entry]
    return Configuration(tuple((key, value if newline else "true") for key, newline, value in pairs))


def of_environment(environ: Mapping[str, str]) -> Entries:
    """Return the configuration in `GIT_CONFIG_COUNT` and its variables, but what would lead to another repository."""
    return tuple((key, value) for key, value in _pairs(environ) if key.lower() not in _OTHERS)


def _pairs(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    count = environ.get("GIT_CONFIG_COUNT", "")
    for number in range(int(count) if count.isdecimal() else 0):
        yield environ.get(f"GIT_CONFIG_KEY_{number}", ""), environ.get(f"GIT_CONFIG_VALUE_{number}", "")
