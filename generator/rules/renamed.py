"""Objects that call a namespace by its key, or as another environment does, where theirs has another name for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.manifest import at
from generator.kubernetes.objects import RUNNING, kind
from generator.kubernetes.values import items, mapping, text
from generator.rules.references import references
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

# Every Namespace has this label: https://kubernetes.io/docs/reference/labels-annotations-taints/
_NAME = "kubernetes.io/metadata.name"
_PEERS = (("ingress", "from"), ("egress", "to"))
# How RBAC calls the ServiceAccounts of a namespace, and one of them.
_ACCOUNTS = ("system:serviceaccounts:", "system:serviceaccount:")
_BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})


def _called_otherwise(manifest: Manifest, view: View) -> Iterator[Violation]:
    """Yield a violation for each place of an object that names a namespace as this environment does not call it."""
    if not (view.renamed or view.twins):
        return
    what = kind(manifest)
    if what == "NetworkPolicy":
        found = _selected(manifest)
    elif what in _BINDINGS:
        found = _subjects(manifest)
    else:
        yield from _calls(manifest, view)
        return
    for path, name in found:
        if name in view.renamed:
            yield _by_key(path, name, view)
        elif name in view.twins:
            yield _of_another(path, name, view)


def _calls(manifest: Manifest, view: View) -> Iterator[Violation]:
    """Yield the Services of another environment that values name; those that the page lists are meant."""
    for found in references([manifest]) if view.twins else ():
        listed = {found.name, f"{found.name}.{found.namespace}"} & view.external
        if found.namespace in view.twins and not listed:
            yield _of_another(found.path, found.namespace, view, found.name)


def _by_key(path: Path, key: str, view: View) -> Violation:
    name = view.renamed[key]
    return Violation(
        path=path,
        message=f"the namespace that pages call `{key}` is called `{name}` in {view.environment}, and none is called "
        f"`{key}`",
        remedy=f"`{name}`, for {view.environment} alone",
    )


def _of_another(path: Path, name: str, view: View, service: str = "") -> Violation:
    environment, here = view.twins[name]
    message = f"`{name}` is the namespace of {environment}, and in {view.environment} it is called `{here}`"
    if not service:
        return Violation(path=path, message=message, remedy=f"`{here}`, for {view.environment} alone")
    return Violation(
        path=path,
        message=f"{message}: the value names {environment}'s Service `{service}`",
        remedy=f"`{service}.{here}`, for {view.environment} alone; `external: [{service}.{name}]` where it is meant",
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
    title="Namespace called otherwise than the environment calls it",
    why="""Pages call a namespace by its key under `namespaces:`; with a `name:` the cluster calls it otherwise.
Kubernetes' own fields take the name: a NetworkPolicy that selects the key admits nobody, and a RoleBinding gives its
role to an account that is not there. Where two environments share a cluster, the name that one of them has leads the
other one there: staging calls dev's Service, or admits dev's pods.""",
    remedy="write the name that the namespace has in the environment",
    severity=Severity.WARNING,
    stage="object",
    kinds=RUNNING | _BINDINGS | {"NetworkPolicy", "ConfigMap"},
    check=_called_otherwise,
    bad=f"# environment: dev\n# renamed: shop=shop-dev\n{_EXAMPLE % 'shop'}",
    good=f"# environment: dev\n# renamed: shop=shop-dev\n{_EXAMPLE % 'shop-dev'}",
)
