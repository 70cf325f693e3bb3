"""Would the namespace admit the pods? A Deployment is accepted all the same, so a Pod like its own is asked about.

The server judges Pods alone by the `pod-security.kubernetes.io/enforce` label of their namespace; a workload of pods
that it refuses stands there without any, and Argo CD calls that Progressing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.apiserver.refusal import RefusalCause
from generator.kubernetes.manifest import at, pod_template_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest

_VIOLATES = re.compile(r'violates PodSecurity "[^"]*": ')
_VIOLATION = re.compile(r"[^,()\s][^,()]* \((?P<detail>[^()]*)\)")
_NAMES = re.compile(r'\b(?P<what>container|volume)s? (?P<names>"[^"]*"(?:, "[^"]*")*)')
_CONTEXT = re.compile(r"securityContext((?:\.\w+)+)")
_HOST = re.compile(r"(host\w+)=true")
# What refers to objects of the cluster that are not here; it says nothing about how the pod runs.
_ELSEWHERE = ("serviceAccountName", "serviceAccount", "priorityClassName", "runtimeClassName")


def pod_of(manifest: Manifest, namespace: str) -> Manifest | None:
    """Return the Pod that a workload would have in `namespace`, None for what has no pods."""
    template = pod_template_path(manifest)
    spec = at(manifest, (*template, "spec")) if template is not None else None
    if not isinstance(spec, dict):
        return None
    own = {key: value for key, value in spec.items() if key not in _ELSEWHERE}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "namespace": namespace}, "spec": own}


def violations(message: str, manifest: Manifest) -> Iterator[RefusalCause]:
    """Read the refusal of a workload's Pod as causes at the workload's own fields; none for other reasons."""
    violates = _VIOLATES.search(message)
    if violates is None:
        return
    spec = (*(pod_template_path(manifest) or ()), "spec")
    for found in _VIOLATION.finditer(message, violates.end()):
        for path in dict.fromkeys(_paths(found["detail"], manifest, spec)):
            yield RefusalCause(path, f"{violates[0]}{found[0]}")


def _paths(detail: str, manifest: Manifest, spec: Path) -> Iterator[Path]:
    """Yield the fields of one violation: `container "web" must set securityContext.runAsNonRoot=true`."""
    context = _CONTEXT.search(detail)
    field: Path = ("securityContext", *context[1].strip(".").split(".")) if context else ()
    named = list(_named(detail, manifest, spec))
    host = _HOST.search(detail)
    yield from ((*each, *field) for each in named)
    if not named:
        yield (*spec, host[1]) if host else (*spec, *field)


def _named(detail: str, manifest: Manifest, spec: Path) -> Iterator[Path]:
    for found in _NAMES.finditer(detail):
        lists = ("volumes",) if found["what"] == "volume" else ("initContainers", "containers")
        names = re.findall(r'"([^"]*)"', found["names"])
        for list_ in lists:
            entries: Any = at(manifest, (*spec, list_)) or ()
            yield from ((*spec, list_, number) for number, entry in enumerate(entries) if entry.get("name") in names)
