"""What an AppProject lets an Application do, by the rules of Argo CD 3.5.

A project judges a cluster by its name and its server, and an Application states only one of the two; the other is known
to the cluster's registration alone. What would hang on it is None: it cannot be told here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.address import normalize_address
from generator.controller.glob import glob_match, path_match
from generator.kubernetes.manifest import at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model.base import Manifest

# The cluster that Argo CD runs in has both of these without being registered.
IN_CLUSTER = "in-cluster"
IN_CLUSTER_SERVER = "https://kubernetes.default.svc"


class ApplicationDestination(msgspec.Struct, frozen=True):
    """Where an Application deploys: a registered cluster's name or its server, and the namespace where none is stated.

    None stands for what the Application does not say.
    """

    name: str | None = None
    server: str | None = None
    namespace: str = ""

    def within(self, namespace: str) -> ApplicationDestination:
        """Return the same cluster with another namespace."""
        return ApplicationDestination(self.name, self.server, namespace)

    def __str__(self) -> str:
        cluster = self.name or self.server or "no cluster"
        return f"{cluster}/{self.namespace}" if self.namespace else cluster


def is_source_permitted(project: Manifest, address: str) -> bool:
    """Return whether a project takes sources from a repository: a pattern fits, and no `!` pattern names it."""
    found = False
    for pattern in _texts(at(project, ("spec", "sourceRepos"))):
        denies = pattern.startswith("!")
        fits = _negatable(denies * "!" + normalize_address(pattern.removeprefix("!")), normalize_address(address), "/")
        if denies and not fits:
            return False
        found = found or fits
    return found


def is_destination_permitted(project: Manifest, destination: ApplicationDestination) -> bool | None:
    """Return whether a project's destinations hold this one; None where only the cluster's Secret can tell.

    An entry fits by name or server, and namespace. An entry that denies (`!`) and does not fit ends the search.
    """
    name, server = _known(destination)
    found: bool | None = False
    for entry in _items(at(project, ("spec", "destinations"))):
        by_name = _fits(str(entry.get("name") or ""), name)
        by_server = _fits(str(entry.get("server") or ""), server)
        by_namespace = _negatable(str(entry.get("namespace") or ""), destination.namespace)
        denied = _denies(entry, by_name, by_server, by_namespace)
        matched = _all(_any(by_name, by_server), by_namespace)
        if matched is False and denied:
            return False
        if not matched and denied is not False:
            return None  # whether the search ends here hangs on it
        found = _any(found, matched)
    only_its_own = bool(at(project, ("spec", "permitOnlyProjectScopedClusters")))
    return None if found and only_its_own else found


def _denies(entry: dict[str, Any], by_name: bool | None, by_server: bool | None, by_namespace: bool) -> bool | None:  # noqa: FBT001  # three answers
    """Return whether an entry that does not fit ends the search."""
    name, server, namespace = (str(entry.get(key) or "").startswith("!") for key in ("name", "server", "namespace"))
    by_its_name = name and not by_name if by_name is not None else None if name else False
    by_its_server: bool | None = False
    if server and by_namespace:
        by_its_server = None if by_server is None else not by_server
    by_its_namespace: bool | None = False
    if namespace and not by_namespace:
        by_its_namespace = by_server
    return _any(_any(by_its_name, by_its_server), by_its_namespace)


def _known(destination: ApplicationDestination) -> tuple[str | None, str | None]:
    name, server = destination.name or None, destination.server or None
    if server == IN_CLUSTER_SERVER and name is None:
        return IN_CLUSTER, server
    return name, (IN_CLUSTER_SERVER if name == IN_CLUSTER and server is None else server)


def _fits(pattern: str, value: str | None) -> bool | None:
    """Return whether a pattern takes a value; of an unknown one that is certain for `*`, and for no pattern at all."""
    if value is not None:
        return _negatable(pattern, value)
    return {"*": True, "": False}.get(pattern)


def _negatable(pattern: str, value: str, separator: str = "") -> bool:
    """Return whether a pattern, or what it denies, takes a value; a bare `*` crosses separators too."""
    if pattern.startswith("!"):
        return not glob_match(pattern[1:], value, separator)
    return pattern == "*" or glob_match(pattern, value, separator)


def _any(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001  # three answers
    if one or other:
        return True
    return None if one is None or other is None else False


def _all(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001  # three answers
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def is_kind_permitted(project: Manifest, group: str, kind: str, name: str, *, namespaced: bool) -> bool:
    """Return whether a project takes objects of a kind (cluster-wide ones also by name).

    Without a whitelist of kinds in namespaces all are taken, without one of cluster-wide kinds none.
    """
    scope = "namespace" if namespaced else "cluster"
    white, black = (at(project, ("spec", f"{scope}Resource{colour}list")) for colour in ("White", "Black"))
    taken = white is None if namespaced else False
    taken = taken or _is_listed(white, group, kind, None if namespaced else name)
    return taken and not _is_listed(black, group, kind, None if namespaced else name)


def _is_listed(entries: Any, group: str, kind: str, name: str | None) -> bool:
    return any(
        path_match(str(entry.get("kind") or ""), kind)
        and path_match(str(entry.get("group") or ""), group)
        and (name is None or not entry.get("name") or path_match(str(entry["name"]), name))
        for entry in _items(entries)
    )


def _items(value: Any) -> Iterable[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> Iterator[str]:
    return (item for item in value if isinstance(item, str)) if isinstance(value, list) else iter(())
