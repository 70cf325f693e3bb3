"""A registry that is nothing but a table, for what must hold whatever the registries hold."""

from __future__ import annotations


class Memory:
    """Images of all hosts: `tags` gives the digest of `host/repository:tag`, `digests` are `host/repository@digest`."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.digests: set[str] = set()
        self.asked: list[str] = []
        self.copies: list[str] = []

    def hold(self, reference: str, digest: str) -> None:
        """Put an image there."""
        repository, separator, tag = reference.partition("@") if "@" in reference else reference.rpartition(":")
        self.digests.add(f"{repository}@{digest}")
        if separator == ":":
            self.tags[f"{repository}:{tag}"] = digest

    def digest(self, reference: str) -> str | None:
        """See Registry."""
        self.asked.append(reference)
        if "@" in reference:
            return reference.partition("@")[2] if reference in self.digests else None
        return self.tags.get(reference)

    def copy(self, source: str, target: str) -> None:
        """See Registry; copies go by digest."""
        self.copies.append(target)
        assert source in self.digests
        self.hold(target, source.partition("@")[2])
