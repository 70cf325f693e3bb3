"""Hooks that run before what they need: Argo CD applies nothing of a sync until its PreSync hooks have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.objects import group, name, neighbours, title
from generator.kubernetes.pods import pod
from generator.kubernetes.values import items, mapping, text
from generator.rules.examples import together
from generator.rules.needs import needs
from generator.rules.rule import Rule, Violation
from generator.rules.supplies import supplies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

_HOOK = "argocd.argoproj.io/hook"
_PHASE = "PreSync"
_CLASS = ("secrets-store.csi.x-k8s.io", "SecretProviderClass")


def _early(manifest: Manifest, view: View) -> Iterator[Violation]:
    if _PHASE not in _phases(manifest):
        return
    wanted = {(need.kind, need.name) for need in needs(manifest)}
    mounted = set(_classes(manifest))
    later = [other for other in view.objects if neighbours(manifest, other) and _PHASE not in _phases(other)]
    late = [title(other) for other in later if _brings(other, wanted) or _mounted(other, mounted)]
    if late:
        names = " and ".join(f"`{each}`" for each in dict.fromkeys(late))
        yield Violation(
            path=("metadata", "annotations", _HOOK),
            message=f"the hook runs before {names}, which it needs: on the first sync it waits for what never comes, "
            "and later it sees the last sync's",
        )


def _phases(manifest: Manifest) -> set[str]:
    asked = text(mapping(mapping(manifest.get("metadata")).get("annotations")).get(_HOOK))
    return {word.strip() for word in asked.split(",")}


def _brings(other: Manifest, wanted: set[tuple[str, str]]) -> bool:
    return any((what, known) in wanted for what, _, known in supplies(other))


def _classes(manifest: Manifest) -> Iterator[str]:
    """Yield the SecretProviderClasses whose files the pod mounts."""
    for volume in items(pod(manifest)[1].get("volumes")):
        attributes = mapping(mapping(mapping(volume).get("csi")).get("volumeAttributes"))
        if attributes.get("secretProviderClass"):
            yield text(attributes["secretProviderClass"])


def _mounted(other: Manifest, mounted: set[str]) -> bool:
    return (group(other), text(other.get("kind"))) == _CLASS and name(other) in mounted


_JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: web-migrations
  namespace: shop
  annotations: {argocd.argoproj.io/hook: %s}
spec:
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: migrations, image: "web:1.4.2", envFrom: [{secretRef: {name: db}}]}
"""
_EXTERNAL = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db, namespace: shop, annotations: {argocd.argoproj.io/sync-wave: "-2"}}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: aws}
  data: [{secretKey: DB_URL, remoteRef: {key: web/database-url}}]
"""

ARG014 = Rule(
    id="ARG014",
    title="PreSync hook before what it needs",
    why="""Argo CD runs PreSync hooks to their end before it applies anything of the sync, whatever the waves say. A
migration in that phase finds no Secret, ConfigMap or ServiceAccount of its own overlay: on the first sync its pod never
starts, and the sync fails with it; on later ones it runs with what the last sync left. A Sync hook in a wave before the
workload runs as early, and after all it needs. A PreSync hook is for what stands there already.""",
    remedy="drop `hook: PreSync`: the migrations then run in a wave after it, and before the workload",
    severity=Severity.ERROR,
    stage="object",
    check=_early,
    bad=together(_JOB % "PreSync", _EXTERNAL),
    good=together(_JOB % "Sync", _EXTERNAL),
)
