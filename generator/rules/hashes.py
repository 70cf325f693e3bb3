"""Names with a hash of their content: kustomize's generators make them, and a sync deletes the one of yesterday."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.objects import kind, name, near
from generator.rules.argocd import own_options
from generator.rules.jobs import is_hook
from generator.rules.needs import needs
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.needs import Need
    from generator.rules.view import View

# Ten digits of a hash in kustomize's own alphabet, without vowels and look-alikes:
# https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.8.1/api/hasher/hasher.go
_HASHED = re.compile(r".+-[2456789bcdfghkmt]{10}", re.ASCII)
_HASHABLE = frozenset({"ConfigMap", "Secret"})
_KEPT = frozenset({"Prune=false", "Prune=confirm"})


def _pruned_early(manifest: Manifest, view: View) -> Iterator[Violation]:
    if not _outlives_sync(manifest):
        return
    seen: set[str] = set()
    for need in needs(manifest):
        if need.kind in _HASHABLE and _HASHED.fullmatch(need.name) and need.name not in seen:
            seen.add(need.name)
            if not _is_kept(need, manifest, view):
                yield _violation(need, manifest)


def _outlives_sync(manifest: Manifest) -> bool:
    """Return whether pods of an object may start after the sync that replaced it: hooks and forced Jobs are gone."""
    return kind(manifest) == "CronJob" or not (is_hook(manifest) or "Force=true" in own_options(manifest))


def _is_kept(need: Need, manifest: Manifest, view: View) -> bool:
    return any(
        name(one) == need.name and _KEPT & set(own_options(one)) for one in near(manifest, view.objects, need.kind)
    )


def _violation(need: Need, manifest: Manifest) -> Violation:
    return Violation(
        path=need.path,
        message=f"{kind(manifest)} `{name(manifest)}` reads {need.kind} `{need.name}`, whose name changes with its "
        "content: a run that is under way starts its next pod with the old name, which the sync has pruned by then",
        remedy=f"give it a name without hash, e.g. `{need.name[:-11]}`",
    )


_CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - {name: report, image: "report:1.4.2", envFrom: [{configMapRef: {name: %s}}]}
"""

KUS003 = Rule(
    id="KUS003",
    title="Hashed name that is pruned while Jobs still start",
    why="""kustomize's generators put a hash of the content behind the name of a ConfigMap or Secret. A change makes a
new object, and the sync prunes the old one. `PruneLast=true`, which every Application here has, lets a Deployment
finish its rollout first; but a Job that runs already, from a CronJob for example, keeps the old name: its next pod
never starts. Generators themselves are off (KUS001); this looks at names with such a hash in a person's own files and
on pages. A page's `configMap:` has a fixed name, and a checksum in the pod template rolls the pods. Hooks and Jobs with
`Force=true` are gone before anything is pruned, and a ConfigMap with `Prune=false` stays.""",
    remedy="give it a name without hash",
    severity=Severity.ERROR,
    stage="object",
    check=_pruned_early,
    kinds=frozenset({"CronJob", "Job"}),
    production_only=True,
    bad=_CRON % "report-settings-5f8b7c9d2k",
    good=_CRON % "report-settings",
)
