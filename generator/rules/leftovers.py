"""What is left in an object from where it was copied: fields that the API server owns, and text of other tools.

A page renders none of this; a person's own files are often the output of `kubectl get -o yaml`, or a Helm template that
nobody rendered. What Kubernetes takes as any text (data, arguments, environment values, annotations) may hold marks of
every template language and stays untouched, but for words that only Helm fills in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.objects import group
from generator.kubernetes.values import mapping
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

_REFUSED = "the API server refuses the object"
_IGNORED = "it is the API server's to write, and what git says is never what runs"
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
_OWNED = {
    "uid": (f"it names one object of one cluster: {_REFUSED} (409) wherever that is not there", Severity.ERROR),
    "resourceVersion": (f"it names one state of one object: {_REFUSED} (409) once that has changed", Severity.ERROR),
    "managedFields": (f"{_REFUSED} when it is applied on the server's side", Severity.ERROR),
    "ownerReferences": (
        "the owner's `uid` is that of one cluster: elsewhere the garbage collector deletes the object",
        Severity.ERROR,
    ),
    "generation": (_IGNORED, Severity.WARNING),
    "creationTimestamp": (_IGNORED, Severity.WARNING),
    "deletionTimestamp": (_IGNORED, Severity.WARNING),
    "deletionGracePeriodSeconds": (_IGNORED, Severity.WARNING),
    "selfLink": (_IGNORED, Severity.WARNING),
}
_NOTED = {
    "kubectl.kubernetes.io/last-applied-configuration": "`kubectl apply` writes it",
    "deployment.kubernetes.io/revision": "the Deployment controller writes it",
    "autoscaling.alpha.kubernetes.io/conditions": "the autoscaler writes it",
    "autoscaling.alpha.kubernetes.io/current-metrics": "the autoscaler writes it",
    "control-plane.alpha.kubernetes.io/leader": "leader election writes it",
    "pv.kubernetes.io/bind-completed": "the volume controller writes it",
    "pv.kubernetes.io/bound-by-controller": "the volume controller writes it",
    "meta.helm.sh/release-name": "Helm writes it, and takes the object for its own",
    "meta.helm.sh/release-namespace": "Helm writes it, and takes the object for its own",
}
# A mark of a template where no text of a template can stand, and who fills it in.
_MARKS = (
    (re.compile(r"\{\{-?.*"), "a template engine (Helm, Go, Jinja)"),
    (re.compile(r"\{%-?.*"), "Jinja"),
    (re.compile(r"<%[-=]?.*"), "ERB"),
    (re.compile(r"\$\{[A-Za-z_][^}]*\}?"), "`envsubst` or Terraform"),
    (re.compile(r"#\{[A-Za-z_][^}]*\}#?"), "a pipeline that replaces tokens"),
    (re.compile(r"<no value>"), "a Go template that had no value"),
)
# With what any of them, and a mark of Helm, begins: Python writes no mapping and no list like that.
_BEGINNINGS = ("{{", "{%", "<%", "<no value>", "${", "#{")
_HELM = re.compile(r"\{\{-?[^}]*?(\.(?:Values|Release|Chart|Capabilities|Template)\.\w+|\b(?:include|tpl) +[^\s}]+)")
# What may hold any text, in every kind of Kubernetes' own; storage drivers fill `${pvc.name}` in themselves.
_FREE = frozenset(
    {"data", "stringData", "binaryData", "annotations", "env", "args", "command", "httpHeaders"}
    | {"parameters", "volumeAttributes"}
)
# Their objects are programs, or define what others may say.
_FOREIGN = frozenset({"apiextensions.k8s.io", "admissionregistration.k8s.io"})
_LONG = 60


def _leftovers(manifest: Manifest, view: View) -> Iterator[Violation]:
    yield from _owned(manifest)
    yield from _noted(manifest)
    yield from _marked(manifest, view.spelled_out(manifest))


def _owned(manifest: Manifest) -> Iterator[Violation]:
    """Yield the fields that the server writes; `creationTimestamp: null` and `status: {}` are what generators print."""
    for field, value in mapping(manifest.get("metadata")).items():
        if field in _OWNED and not _is_empty(value):
            why, severity = _OWNED[field]
            yield _violation(("metadata", field), f"`metadata.{field}` is a leftover of the cluster: {why}", severity)
    if _has_status(manifest) and not _is_empty(manifest.get("status")):
        what = f"`status` is a leftover of the cluster: {_IGNORED}, so the object may stay out of sync for ever"
        yield _violation(("status",), what, Severity.WARNING)


def _has_status(manifest: Manifest) -> bool:
    """Return whether a kind's `status` is sure to be the controller's; others may call a value of their own so."""
    return "." not in group(manifest) or group(manifest).endswith((".k8s.io", "argoproj.io"))


def _is_empty(value: Any) -> bool:
    if isinstance(value, (dict, list)):
        return all(map(_is_empty, value.values() if isinstance(value, dict) else value))
    return value is None or value == ""


def _noted(manifest: Manifest) -> Iterator[Violation]:
    for key in mapping(mapping(manifest.get("metadata")).get("annotations")):
        if key in _NOTED:
            path: Path = ("metadata", "annotations", key)
            yield _violation(path, f"annotation `{key}` is a leftover: {_NOTED[key]}", Severity.WARNING)


def _violation(path: Path, message: str, severity: Severity) -> Violation:
    return Violation(path=path, message=message, remedy=f"take `{path[-1]}` out", severity=severity)


def _marked(manifest: Manifest, whole: str) -> Iterator[Violation]:
    if not any(map(whole.__contains__, _BEGINNINGS)):
        return  # nearly every object
    own = _is_of_kubernetes(manifest)
    for path, text in _texts(manifest, ()):
        if "{" not in text and "<" not in text:
            continue
        named = path[:1] == ("metadata",) and path[1:2] != ("annotations",)
        strict = named or (own and _FREE.isdisjoint(path))
        found = _mark(text) if strict else None
        if found:
            yield _unfilled(path, *found, Severity.ERROR)
        elif helm := _HELM.search(text):
            yield _unfilled(path, helm[1], "Helm", Severity.WARNING)


def _is_of_kubernetes(manifest: Manifest) -> bool:
    """Return whether a kind is Kubernetes' own; what others define may hold templates anywhere, and definitions do."""
    name = group(manifest)
    return ("." not in name or name.endswith(".k8s.io")) and name not in _FOREIGN


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text of an object with its path; a key counts as text at its own place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, str):
                yield (*path, key), key
                yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))


def _mark(text: str) -> tuple[str, str] | None:
    return next(((found[0], who) for pattern, who in _MARKS if (found := pattern.search(text))), None)


def _unfilled(path: Path, seen: str, who: str, severity: Severity) -> Violation:
    shown = f"{seen[:_LONG]}..." if len(seen) > _LONG else seen
    return Violation(
        path=path,
        message=f"`{shown}` waits for {who} to fill it in; Argo CD applies it as it stands",
        remedy="write the value that is meant",
        severity=severity,
    )


_CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dash\n  namespace: shop\n%sdata: {colour: blue}\n"

WRK025 = Rule(
    id="WRK025",
    title="Leftover of the cluster or of another tool",
    why="""An own file that began as `kubectl get -o yaml` carries what the API server wrote: a `uid` or
`resourceVersion` names one object of one cluster, and the sync fails everywhere else
([argo-cd#3657](https://github.com/argoproj/argo-cd/issues/3657)); owners that are not there get the object deleted;
`status`, times and counters never are what git says
([argo-cd#2603](https://github.com/argoproj/argo-cd/issues/2603)). A file that began as a template carries holes,
`{{ }}` or `${NAME}`, that nobody fills: Argo CD applies them as text. Empty values (`creationTimestamp: null`,
`status: {}`) pass, and so do templates where Kubernetes takes any text (data, arguments, environment values,
annotations) unless only Helm could fill them.""",
    remedy="take the field out, or write the value that is meant",
    severity=Severity.ERROR,
    stage="object",
    check=_leftovers,
    bad=_CONFIG_MAP % "  uid: 3c5e7a90-41d2-4b8f-8a6e-9d2b1f0c4e37\n",
    good=_CONFIG_MAP % "",
)
