"""Objects that call a namespace by its key of the system's page, where the environment has another name for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.finding import Severity
from generator.manifest import at
from generator.rules.objects import kind
from generator.rules.rule import Rule, View, Violation
from generator.rules.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.manifest import Path
    from generator.model.base import Manifest

# Every Namespace has this label: https://kubernetes.io/docs/reference/labels-annotations-taints/
_NAME = "kubernetes.io/metadata.name"
_PEERS = (("ingress", "from"), ("egress", "to"))
# How RBAC calls the ServiceAccounts of a namespace, and one of them.
_ACCOUNTS = ("system:serviceaccounts:", "system:serviceaccount:")


def _called_by_key(manifest: Manifest, view: View) -> Iterator[Violation]:
    """Yield a violation for each place of an object that names a namespace of the system by its key."""
    if not view.renamed:
        return
    found = _selected(manifest) if kind(manifest) == "NetworkPolicy" else _subjects(manifest)
    for path, key in found:
        if key in view.renamed:
            yield _violation(path, key, view)


def _violation(path: Path, key: str, view: View) -> Violation:
    name = view.renamed[key]
    return Violation(
        path=path,
        message=f"the namespace that pages call `{key}` is called `{name}` in {view.environment}, and none is called "
        f"`{key}`",
        remedy=f"`{name}`, for {view.environment} alone",
    )


def _selected(policy: Manifest) -> Iterator[tuple[Path, str]]:
    """Yield the names of namespaces that the rules of a NetworkPolicy select, with their paths."""
    for direction, side in _PEERS:
        for number, rule in enumerate(items(at(policy, ("spec", direction)))):
            for position, peer in enumerate(items(mapping(rule).get(side))):
                path = ("spec", direction, number, side, position, "namespaceSelector")
                yield from _names(mapping(mapping(peer).get("namespaceSelector")), path)


def _names(selector: dict[str, object], path: Path) -> Iterator[tuple[Path, str]]:
    yield (*path, "matchLabels", _NAME), text(mapping(selector.get("matchLabels")).get(_NAME))
    for number, each in enumerate(items(selector.get("matchExpressions"))):
        if mapping(each).get("key") == _NAME:
            for position, value in enumerate(items(mapping(each).get("values"))):
                yield (*path, "matchExpressions", number, "values", position), text(value)


def _subjects(binding: Manifest) -> Iterator[tuple[Path, str]]:
    """Yield the namespaces whose ServiceAccounts a binding gives its role to, with their paths."""
    for number, each in enumerate(items(binding.get("subjects"))):
        subject, path = mapping(each), ("subjects", number)
        yield (*path, "namespace"), text(subject.get("namespace"))
        called = text(subject.get("name"))
        start = next((start for start in _ACCOUNTS if called.startswith(start)), None)
        if start is not None:
            yield (*path, "name"), called.removeprefix(start).partition(":")[0]


_EXAMPLE = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop-dev}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}]}]
"""

WRK029 = Rule(
    id="WRK029",
    title="Namespace called by its key where it has another name",
    why="""Pages call a namespace by its key under `namespaces:`; with a `name:` the cluster calls it otherwise.
Kubernetes' own fields take the name: a NetworkPolicy that selects the key admits nobody, and a RoleBinding gives its
role to an account that is not there.""",
    remedy="write the name that the namespace has in the environment",
    severity=Severity.WARNING,
    stage="object",
    check=_called_by_key,
    kinds=frozenset({"NetworkPolicy", "RoleBinding", "ClusterRoleBinding"}),
    bad=f"# environment: dev\n# renamed: shop=shop-dev\n{_EXAMPLE % 'shop'}",
    good=f"# environment: dev\n# renamed: shop=shop-dev\n{_EXAMPLE % 'shop-dev'}",
)
