"""What an Application's source comes to: a folder that can be built here, or why it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.address import same_repository
from generator.kubernetes.manifest import at
from generator.layout.overrides import overrides
from generator.prove.kustomization_gate import NAMES, reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.controller.application import Application, Source
    from generator.disk.tree import Tree
    from generator.preview.checkout import TreeCheckout

_HEAD = frozenset({"", "HEAD"})
# Without these words a kustomization has no key that reaches into what is built beside it; a backslash may hide one.
_RENAMING = (b"namePrefix", b"nameSuffix", b"namespace", b"components", b"\\")


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """Where an Application's objects come from, here.

    `folder` is set if it can be built, `fault` says why Argo CD cannot build it either, `elsewhere` why it is not
    looked at here. `files` are all that a build reads; `together` says that it may be built beside others.
    """

    folder: str = ""
    fault: str = ""
    elsewhere: str = ""
    files: tuple[str, ...] = ()
    together: bool = False


class Home(msgspec.Struct, frozen=True):
    """The repository that is looked at: its address, and the branch that its files stand for."""

    address: str
    revision: str


def site_of(application: Application, checkout: TreeCheckout, home: Home) -> Site:
    """Find out what an Application's source comes to."""
    sources = application.sources
    if at(application.manifest, ("spec", "sourceHydrator")):
        return Site(elsewhere="hydrated from another branch")
    if not sources or not (sources[0].path or sources[0].chart or sources[0].repository):
        return Site(fault="it has no source")
    if foreign := _elsewhere(sources, home):
        return Site(elsewhere=foreign)
    return _site(sources[0].path, application.name, checkout)


def _elsewhere(sources: Iterable[Source], home: Home) -> str:
    sources = tuple(sources)
    if len(sources) > 1:
        return f"{len(sources)} sources: {', '.join(map(str, sources))}"
    (source,) = sources
    if source.chart:
        return f"Helm chart {source.chart} {source.revision} of {source.repository}"
    if not same_repository(source.repository, home.address):
        return f"another repository: {source.repository}"
    if source.revision != home.revision and not _HEAD.issuperset({source.revision}):
        return f"another revision: {source.revision}"
    return f"overridden by source.{source.overrides[0]}" if source.overrides else ""


def _site(folder: str, name: str, checkout: TreeCheckout) -> Site:
    if folder not in checkout.folders:
        return Site(fault=f"{folder or '.'} is not in the repository")
    present = {path.rpartition("/")[2] for path in checkout.tree.under(folder) if path.rpartition("/")[0] == folder}
    if told := list(overrides({f"{folder}/{file}" for file in present})):
        return Site(fault="; ".join(f"{each.place.file}: {each.message}" for each in told))
    for override in (".argocd-source.yaml", f".argocd-source-{name}.yaml"):
        if override in present:
            return Site(elsewhere=f"overridden by {folder}/{override}")
    if "Chart.yaml" in present:
        return Site(elsewhere=f"Helm chart in {folder}")
    if not present.intersection(NAMES):
        return Site(elsewhere=f"no kustomization in {folder}: plain files")
    return _kustomized(checkout.tree, folder)


def _kustomized(tree: Tree, folder: str) -> Site:
    reached = reach(tree, folder)
    if reached.findings:
        return Site(fault="; ".join(map(str, reached.findings)))
    texts = [tree.files[path] for path in reached.files if path.rpartition("/")[2] in NAMES]
    together = not any(word in text for word in _RENAMING for text in texts)
    return Site(folder=folder, files=reached.files, together=together)
