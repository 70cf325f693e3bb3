"""What the AppProject of an overlay refuses: an object that builds well and that no sync ever creates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.findings.finding import Severity
from generator.findings.nearest import did_you_mean
from generator.kubernetes.objects import group, namespace
from generator.kubernetes.values import text
from generator.rules.examples import SERVICE
from generator.rules.permits import unpermitted
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import Limits, View

# Kinds of Kubernetes that no namespace holds, as its API server lists them (1.35, `kubectl api-resources`).
_CLUSTER_WIDE = {
    "": "Namespace Node PersistentVolume",
    "admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding "
    "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
    "ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io": "IPAddress IngressClass ServiceCIDR",
    "node.k8s.io": "RuntimeClass",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
    "resource.k8s.io": "DeviceClass ResourceSlice",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
    "gateway.networking.k8s.io": "GatewayClass",
    "external-secrets.io": "ClusterExternalSecret ClusterPushSecret ClusterSecretStore",
}
# For an Argo CD's own folder, whose project no page can open.
_APART = (
    "put it into a folder of its own, and list under `extraResources` an Application that reads this folder, in an "
    "AppProject of yours that allows it"
)
CLUSTER_WIDE = frozenset((group, kind) for group, kinds in _CLUSTER_WIDE.items() for kind in kinds.split())


def _refused(manifest: Manifest, view: View) -> Iterator[Violation]:
    limits, what = view.limits, (group(manifest), text(manifest.get("kind")))
    if limits is None or not what[1]:
        return
    if what in CLUSTER_WIDE:
        yield _of_argocd(_cluster_wide(_shown(what), limits), view)
    elif what not in limits.kinds:
        yield _of_argocd(_unlisted(_shown(what), limits), view)
    elif namespace(manifest) and namespace(manifest) not in limits.namespaces:
        yield _of_argocd(_elsewhere(namespace(manifest), limits), view)
    elif view.reader == "argocd":
        yield from unpermitted(manifest, view)


def _of_argocd(violation: Violation, view: View) -> Violation:
    """Return another remedy for what an Argo CD syncs for itself: its project follows from no page."""
    return msgspec.structs.replace(violation, remedy=_APART) if view.reader == "argocd" else violation


def _shown(what: tuple[str, str]) -> str:
    return "/".join(part for part in what if part)


def _cluster_wide(what: str, limits: Limits) -> Violation:
    return Violation(
        path=("kind",),
        message=f"`{what}` belongs to no namespace, and AppProject `{limits.system}` lets no such object through: the "
        "whole sync fails",
        remedy="give it to whoever runs the platform; Namespaces stand under `namespaces:` of "
        f"systems/{limits.system}.yaml",
    )


def _unlisted(what: str, limits: Limits) -> Violation:
    return Violation(
        path=("kind",),
        message=f"AppProject `{limits.system}` does not list the kind `{what}`: the whole sync fails, that of all "
        "other objects too",
        remedy=f"add `{what}` under `kinds:` of systems/{limits.system}.yaml",
    )


def _elsewhere(there: str, limits: Limits) -> Violation:
    guess = did_you_mean(there, limits.namespaces)
    page = f"systems/{limits.system}.yaml"
    if there in limits.elsewhere:
        return Violation(
            path=("metadata", "namespace"),
            message=f"namespace `{there}` is that of environment {limits.elsewhere[there]}: the object would be "
            "created there, or refused",
            remedy=f"{guess} one of {_listed(limits)}".lstrip(),
        )
    return Violation(
        path=("metadata", "namespace"),
        message=f"namespace `{there}` is no destination of AppProject `{limits.system}`: the whole sync fails, that of "
        "all other objects too",
        remedy=f"{guess} one of {_listed(limits)}, or a new one under `namespaces:` of {page}".lstrip(),
    )


def _listed(limits: Limits) -> str:
    return ", ".join(f"`{name}`" for name in sorted(limits.namespaces)) or "its system's namespaces"


ARG012 = Rule(
    id="ARG012",
    title="Object that its AppProject refuses",
    why="""Services of a system are synced in a project that lists kinds and namespaces: those that pages render, those
under `kinds:` of the system's page, and its own namespaces. An object beside them, from a file under `resources/`,
builds and passes every schema, and then fails the sync of everything in its Application. The project of
`argocd/<instance>/` lists Argo CD's own kinds in Argo CD's namespace; an Application there must be one that its own
project lets in.""",
    remedy="add the kind under `kinds:` of the system's page, or take the object out",
    severity=Severity.ERROR,
    stage="object",
    check=_refused,
    bad=SERVICE.replace("namespace: shop", "namespace: shopp"),
    good=SERVICE,
)
