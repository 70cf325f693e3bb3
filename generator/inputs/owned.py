"""Fields of pods and containers that `podSpec:` and `container:` do not take, and what to write in their place.

Each field of a pod or a container is either here or passed through; tests/inputs/test_passed.py holds these tables
against what the renderers write, and against every Kubernetes version on board.
"""

from __future__ import annotations

from typing import NamedTuple


class RefusedField(NamedTuple):
    """Why a field is refused, and what to do."""

    reason: str
    remedy: str


def _worded(**words: str) -> dict[str, RefusedField]:
    """Return the refusals of fields that have a word of their own."""
    return {field: RefusedField("has a word of its own", f"write `{word}`") for field, word in words.items()}


# What no pod template may say: the API server refuses it, or works it out.
_OF_NO_POD: dict[str, RefusedField] = {
    "ephemeralContainers": RefusedField("is for running pods alone", "`kubectl debug` adds them"),
    # A pod of a named node passes by the scheduler: where it does not fit, its controller makes new ones without end.
    "nodeName": RefusedField("passes by the scheduler", "write `nodeSelector: {kubernetes.io/hostname: NAME}`"),
    "overhead": RefusedField("follows from the runtime class", "write `runtimeClassName`"),
    "preemptionPolicy": RefusedField("follows from the priority class", "write `priorityClassName`"),
    "priority": RefusedField("follows from the priority class", "write `priorityClassName`"),
}
_OF_ALL_PODS: dict[str, RefusedField] = {
    **_OF_NO_POD,
    **_worded(
        containers="containers",
        initContainers="initContainers",
        serviceAccount="serviceAccount",
        serviceAccountName="serviceAccount",
        volumes="volumes",
    ),
}

# Of the pods of a page's Deployment.
DEPLOYMENT_POD: dict[str, RefusedField] = {
    **_OF_ALL_PODS,
    **_worded(
        affinity="affinity",
        automountServiceAccountToken="automountServiceAccountToken",
        enableServiceLinks="enableServiceLinks",
        imagePullSecrets="imagePullSecrets",
        nodeSelector="nodeSelector",
        priorityClassName="priorityClassName",
        securityContext="podSecurityContext",
        terminationGracePeriodSeconds="terminationGracePeriodSeconds",
        tolerations="tolerations",
        topologySpreadConstraints="topologySpreadConstraints",
    ),
    "activeDeadlineSeconds": RefusedField("is for jobs: the API server refuses it in a Deployment", "take it out"),
    "restartPolicy": RefusedField("is always `Always` in a Deployment", "take it out"),
}

# Of the pods of a job. What these take over from the page, such as `nodeSelector`, the job's `podSpec` may replace.
JOB_POD: dict[str, RefusedField] = {**_OF_ALL_PODS, **_worded(restartPolicy="restartPolicy")}

# Of a service's own container, and of a job's.
CONTAINER: dict[str, RefusedField] = _worded(
    args="args",
    command="command",
    env="env",
    envFrom="envFrom",
    image="image",
    imagePullPolicy="imagePullPolicy",
    lifecycle="lifecycle",
    livenessProbe="livenessProbe",
    name="containerName",
    ports="ports",
    readinessProbe="readinessProbe",
    resources="resources",
    securityContext="securityContext",
    startupProbe="startupProbe",
    volumeMounts="volumeMounts",
    workingDir="workingDir",
)

# Of a Service.
SERVICE: dict[str, RefusedField] = {
    **_worded(
        externalName="externalName",
        externalTrafficPolicy="externalTrafficPolicy",
        internalTrafficPolicy="internalTrafficPolicy",
        ipFamilies="ipFamilies",
        ipFamilyPolicy="ipFamilyPolicy",
        loadBalancerClass="loadBalancerClass",
        loadBalancerSourceRanges="loadBalancerSourceRanges",
        ports="port",
        publishNotReadyAddresses="publishNotReadyAddresses",
        selector="selector",
        sessionAffinity="sessionAffinity",
        sessionAffinityConfig="sessionAffinityConfig",
        type="type",
    ),
    "clusterIP": RefusedField("is given by the API server", "take it out, or write `headless: true` for none"),
    "clusterIPs": RefusedField("is given by the API server", "take it out, or write `headless: true` for none"),
}

# Of containers beside it, and before it.
SIDE_CONTAINER: dict[str, RefusedField] = {
    **CONTAINER,
    **_worded(restartPolicy="restartPolicy"),
    "name": RefusedField("is the key of the container", "rename the key"),
}
