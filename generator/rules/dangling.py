"""References to ConfigMaps, Secrets, ServiceAccounts and claims that nothing brings: the pod waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.findings.nearest import did_you_mean
from generator.kubernetes.objects import kind, neighbours, title
from generator.rules.examples import deployment, together
from generator.rules.needs import Need, needs
from generator.rules.rule import Rule, Violation
from generator.rules.supplies import KINDS, may_make, supplies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

_EFFECT = {
    "ConfigMap": "its pods do not start",
    "Secret": "its pods do not start",
    "ServiceAccount": "no pod is made",
    "PersistentVolumeClaim": "its pods stay Pending",
}


def _dangling(manifest: Manifest, view: View) -> Iterator[Violation]:
    taken = list(needs(manifest))
    if not taken:
        return
    beside = [other for other in view.objects if neighbours(manifest, other)]
    brought = {(what, known) for other in beside for what, _, known in supplies(other)} | _promised(view)
    for need in taken:
        wanted = (need.kind, need.name)
        if wanted not in brought and not any(may_make(other, need.name) for other in beside):
            brought.add(wanted)  # once is enough, here and for the objects to come
            if not _was_said(need, manifest, view):
                yield _violation(need, manifest, view)


def _promised(view: View) -> set[tuple[str, str]]:
    """Return what others bring by the page's word, and the Secrets that `fairlead secrets` makes of a file."""
    kinds = {what.lower(): what for what in KINDS}
    listed = (entry.partition("/") for entry in view.external)
    external = {(kinds[word], name) for word, _, name in listed if word in kinds}
    return external | ({("Secret", name) for name in view.secrets} if view.store == "File" else set())


def _was_said(need: Need, manifest: Manifest, view: View) -> bool:
    """Return whether an earlier object of the view lacks the same: once is enough."""
    wanted = (need.kind, need.namespace, need.name)
    for other in view.objects:
        if other is manifest:
            return False
        if any((each.kind, each.namespace, each.name) == wanted for each in needs(other)):
            return True
    return False


def _violation(need: Need, manifest: Manifest, view: View) -> Violation:
    owner = _owner(need, view)
    return Violation(
        path=need.path,
        message=f"{need.kind} `{need.name}` is {owner or 'not rendered here, and no page of this cluster has it'}: "
        f"without it {_effect(need, manifest)}",
        remedy=_remedy(need, view, owned=bool(owner)),
        severity=Severity.ERROR if owner else None,
        unless=None if owner else (need.kind, need.namespace, need.name),
    )


def _effect(need: Need, manifest: Manifest) -> str:
    if kind(manifest) == "Ingress":
        return "HTTPS has no certificate"
    return "images of a private registry are not pulled" if "imagePullSecrets" in need.path else _EFFECT[need.kind]


def _owner(need: Need, view: View) -> str:
    """Return how the page itself makes what is missing, nothing if it does not."""
    for manifest in view.modelled:
        if any((what, known) == (need.kind, need.name) for what, _, known in supplies(manifest)):
            return f"rendered by the page as {title(manifest)}, and is not in the build"
    return ""


def _remedy(need: Need, view: View, *, owned: bool) -> str:
    if owned:
        return "look for a file under `patches/` that deletes or renames it"
    if need.kind == "Secret" and need.name in view.secrets and not view.store:
        return (
            f"add a `secretStore` to environment {view.environment} of the system's page, "
            f"or list it: `external: [secret/{need.name}]`"
        )
    known = [supply[2] for other in view.objects for supply in supplies(other) if supply[0] == need.kind]
    guess = did_you_mean(need.name, known)
    listed = f"list it: `external: [{need.kind.lower()}/{need.name}]`"
    return f"{guess} If another team owns it, {listed}" if guess else f"if another team owns it, {listed}"


_FROM = "image: web:1.4.2\nenvFrom:\n- configMapRef: {name: %s}\n"
_SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web-config, namespace: shop}
data: {LOG_LEVEL: info}
"""

WRK022 = Rule(
    id="WRK022",
    title="Reference to an object that nothing brings",
    why="""A pod that names a ConfigMap, Secret, ServiceAccount or claim which does not exist is never started, and the
rollout hangs; an Ingress without its TLS Secret serves no certificate. Looked for is what the overlay holds, what other
overlays of the cluster bring into the namespace, the Secrets that ExternalSecrets, SecretProviderClasses, Certificates
and other custom resources stand for, and what the page lists under `external:` as `secret/NAME`, `configmap/NAME`,
`serviceaccount/NAME` or `persistentvolumeclaim/NAME`. `optional: true` is fine. It is an error where the page itself
renders the object and a person's own file takes it away.""",
    remedy="render it, or list it under `external:` if another team owns it",
    severity=Severity.WARNING,
    stage="object",
    check=_dangling,
    bad=together(deployment(_FROM % "web-settings"), _SETTINGS),
    good=together(deployment(_FROM % "web-config"), _SETTINGS),
)
