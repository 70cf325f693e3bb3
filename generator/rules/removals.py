"""What Kubernetes stopped serving, by minor version: API versions of kinds, volume types, annotations.

Sources: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ and, for what is still to go, the lifecycle
that k8s.io/api v0.36.3 gives its types (`APILifecycleRemoved`). EKS serves what Kubernetes serves, beta APIs included.
The volume types are those whose driver left the kubelet; `gitRepo` is turned off since 1.33 (KEP-5040) and locked so
since 1.36.
"""

from __future__ import annotations

from typing import NamedTuple


class Removal(NamedTuple):
    """What `1.<minor>` no longer has, and what takes its place: an API version, or a sentence; maybe nothing."""

    minor: int
    instead: str


_POD_SECURITY = "use Pod Security Admission: `podSecurity:` of the namespace, in the system's page"

_ADMISSION = "admissionregistration.k8s.io"
_FLOW = ("FlowSchema PriorityLevelConfiguration", "flowcontrol.apiserver.k8s.io/v1")
_RESOURCE = ("DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice", "resource.k8s.io/v1")
_ROLES = ("ClusterRole ClusterRoleBinding Role RoleBinding", "rbac.authorization.k8s.io/v1")

# Minor version, API version, its kinds, replacement.
_APIS: tuple[tuple[int, str, str, str], ...] = (
    (16, "apps/v1beta1", "Deployment StatefulSet ControllerRevision", "apps/v1"),
    (16, "apps/v1beta2", "Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision", "apps/v1"),
    (16, "extensions/v1beta1", "Deployment DaemonSet ReplicaSet", "apps/v1"),
    (16, "extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1"),
    (16, "extensions/v1beta1", "PodSecurityPolicy", _POD_SECURITY),
    (22, f"{_ADMISSION}/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration", f"{_ADMISSION}/v1"),
    (22, "apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "apiextensions.k8s.io/v1"),
    (22, "apiregistration.k8s.io/v1beta1", "APIService", "apiregistration.k8s.io/v1"),
    (22, "certificates.k8s.io/v1beta1", "CertificateSigningRequest", "certificates.k8s.io/v1"),
    (22, "coordination.k8s.io/v1beta1", "Lease", "coordination.k8s.io/v1"),
    (22, "extensions/v1beta1", "Ingress", "networking.k8s.io/v1"),
    (22, "networking.k8s.io/v1beta1", "Ingress IngressClass", "networking.k8s.io/v1"),
    (22, "rbac.authorization.k8s.io/v1beta1", *_ROLES),
    (22, "scheduling.k8s.io/v1beta1", "PriorityClass", "scheduling.k8s.io/v1"),
    (22, "storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", "storage.k8s.io/v1"),
    (25, "autoscaling/v2beta1", "HorizontalPodAutoscaler", "autoscaling/v2"),
    (25, "batch/v1beta1", "CronJob", "batch/v1"),
    (25, "discovery.k8s.io/v1beta1", "EndpointSlice", "discovery.k8s.io/v1"),
    (25, "events.k8s.io/v1beta1", "Event", "events.k8s.io/v1"),
    (25, "node.k8s.io/v1beta1", "RuntimeClass", "node.k8s.io/v1"),
    (25, "policy/v1beta1", "PodDisruptionBudget", "policy/v1"),
    (25, "policy/v1beta1", "PodSecurityPolicy", _POD_SECURITY),
    (26, "autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v2"),
    (26, "flowcontrol.apiserver.k8s.io/v1beta1", *_FLOW),
    (27, "storage.k8s.io/v1beta1", "CSIStorageCapacity", "storage.k8s.io/v1"),
    (29, "flowcontrol.apiserver.k8s.io/v1beta2", *_FLOW),
    (32, "flowcontrol.apiserver.k8s.io/v1beta3", *_FLOW),
    (34, f"{_ADMISSION}/v1beta1", "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding", f"{_ADMISSION}/v1"),
    (37, "networking.k8s.io/v1beta1", "IPAddress ServiceCIDR", "networking.k8s.io/v1"),
    (37, "storage.k8s.io/v1beta1", "VolumeAttributesClass", "storage.k8s.io/v1"),
    (38, "resource.k8s.io/v1beta1", *_RESOURCE),
    (39, "resource.k8s.io/v1beta2", *_RESOURCE),
    (40, f"{_ADMISSION}/v1beta1", "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding", f"{_ADMISSION}/v1"),
)

APIS: dict[tuple[str, str], Removal] = {
    (version, kind): Removal(minor, instead) for minor, version, kinds, instead in _APIS for kind in kinds.split()
}

_CSI = "use a PersistentVolumeClaim of a CSI driver"

VOLUMES: dict[str, Removal] = {
    "scaleIO": Removal(22, _CSI),
    "flocker": Removal(25, _CSI),
    "quobyte": Removal(25, _CSI),
    "storageos": Removal(25, _CSI),
    "glusterfs": Removal(26, _CSI),
    "cephfs": Removal(31, _CSI),
    "rbd": Removal(31, _CSI),
    "gitRepo": Removal(33, "use an `emptyDir` that an init container clones into"),
}

# Keys of annotations on pods, whole or as prefixes (those that end in a slash).
ANNOTATIONS: dict[str, Removal] = {
    "scheduler.alpha.kubernetes.io/critical-pod": Removal(16, "use `priorityClassName`"),
    "seccomp.security.alpha.kubernetes.io/pod": Removal(27, "use `securityContext.seccompProfile` of the pod"),
    "container.seccomp.security.alpha.kubernetes.io/": Removal(
        27, "use `securityContext.seccompProfile` of the container"
    ),
}
