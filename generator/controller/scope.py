"""Which kinds have no namespace, as far as that can be known without a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.controller.object_summary import Trait

GroupKind = tuple[str, str]

# Groups whose kinds are all known: those of Kubernetes 1.31 to 1.36, and of the custom resources that pages render.
_KNOWN = frozenset(
    {
        "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
        "argoproj.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
        "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
        "external-secrets.io", "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy",
        "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "secrets-store.csi.x-k8s.io",
        "storage.k8s.io",
    }
)  # fmt: skip
# And those of them that live in no namespace: `kubectl api-resources --namespaced=false` of the same versions.
_CLUSTER_WIDE = frozenset(
    {
        ("", "ComponentStatus"), ("", "Namespace"), ("", "Node"), ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"), ("apiregistration.k8s.io", "APIService"),
        ("authentication.k8s.io", "SelfSubjectReview"), ("authentication.k8s.io", "TokenReview"),
        ("authorization.k8s.io", "SelfSubjectAccessReview"), ("authorization.k8s.io", "SelfSubjectRulesReview"),
        ("authorization.k8s.io", "SubjectAccessReview"),
        ("certificates.k8s.io", "CertificateSigningRequest"), ("certificates.k8s.io", "ClusterTrustBundle"),
        ("external-secrets.io", "ClusterExternalSecret"), ("external-secrets.io", "ClusterPushSecret"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("networking.k8s.io", "IPAddress"), ("networking.k8s.io", "IngressClass"),
        ("networking.k8s.io", "ServiceCIDR"), ("node.k8s.io", "RuntimeClass"),
        ("rbac.authorization.k8s.io", "ClusterRole"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("resource.k8s.io", "DeviceClass"), ("resource.k8s.io", "DeviceTaintRule"),
        ("resource.k8s.io", "ResourceSlice"), ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"), ("storage.k8s.io", "CSINode"), ("storage.k8s.io", "StorageClass"),
        ("storage.k8s.io", "VolumeAttachment"), ("storage.k8s.io", "VolumeAttributesClass"),
    }
)  # fmt: skip


def is_namespaced(kind: GroupKind, declared: Mapping[GroupKind, bool]) -> bool | None:
    """Return whether objects of a kind live in a namespace; None where that cannot be told.

    `declared` is what definitions of custom kinds say.
    """
    if kind in declared:
        return declared[kind]
    if kind[0] in _KNOWN:
        return kind not in _CLUSTER_WIDE
    return None


def declared_scopes(objects: Iterable[Trait]) -> dict[GroupKind, bool]:
    """Return what CustomResourceDefinitions among built objects say of their kinds."""
    found: dict[GroupKind, bool] = {}
    for each in objects:
        if each.defines:
            group, _, kind = each.defines.partition("/")
            found[group, kind] = each.namespaced
    return found
