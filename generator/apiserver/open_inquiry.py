"""The API server that `validate` asks, or nobody in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.repo.head import tree_at
from generator.roots import rendered_folders

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.findings.progress import Progress
    from generator.findings.verdict import Report
    from generator.prove.check_stale import CheckedNow
    from generator.prove.proof import Proof
    from generator.repo.head import Base
    from generator.roots import BuildTarget


class AskedServer(Protocol):
    """Whoever is asked about overlays, beside the proof."""

    def stale(self) -> frozenset[BuildTarget]:
        """Return the target of every overlay about which something has to be asked."""

    def ask(self, checked: CheckedNow, progress: Progress) -> None:
        """Ask about the stale overlays among those that were built."""

    def report(self, proof: Proof, beside: Collection[Finding]) -> Report:
        """Return the answer of the proof, with what was said."""


class Nobody:
    """Nobody is asked: the answer is that of the proof."""

    def stale(self) -> frozenset[BuildTarget]:
        """Return nothing: nothing has to be asked."""
        return frozenset()

    def ask(self, checked: CheckedNow, progress: Progress) -> None:
        """Ask nothing."""

    def report(self, proof: Proof, beside: Collection[Finding]) -> Report:
        """Return the answer of the proof."""
        return proof.report(beside)


def open_inquiry(tree: Tree, base: Base, *, api_server: bool) -> AskedServer:
    """Return what asks a real API server about a tree and about what changes since a base, where that is wanted."""
    if not api_server:
        return Nobody()
    from generator.apiserver.api_server_check import Inquiry  # 20 ms that a run without it does not pay

    return Inquiry(tree, tree_at(tree.root, base.revision, "services", "systems", *rendered_folders()))
