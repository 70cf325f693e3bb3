"""What the API server fills in: two manifests that differ only there are one object to Kubernetes.

The fields of `pkg/apis/*/v1/defaults.go` that the sets use. `replicas` is left out on purpose: a manifest without it
leaves the number to an autoscaler or a person, a manifest with it sets it again at each apply.
"""

from __future__ import annotations

import copy
from typing import Any

Object = dict[str, Any]

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE: Object = {"periodSeconds": 10, "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3}
_POD: Object = {
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "terminationGracePeriodSeconds": 30,
    "serviceAccountName": "default",  # by admission; a pod without an account runs as this one
}
_CONTAINER: Object = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
_ROLLOUT: Object = {"maxSurge": "25%", "maxUnavailable": "25%"}
_DEPLOYMENT: Object = {"revisionHistoryLimit": 10, "progressDeadlineSeconds": 600, "minReadySeconds": 0}
_JOB: Object = {"backoffLimit": 6, "completions": 1, "parallelism": 1, "completionMode": "NonIndexed", "suspend": False}
_CRON_JOB: Object = {
    "concurrencyPolicy": "Allow",
    "suspend": False,
    "successfulJobsHistoryLimit": 3,
    "failedJobsHistoryLimit": 1,
}
_SERVICE: Object = {"type": "ClusterIP", "sessionAffinity": "None", "publishNotReadyAddresses": False}
_REACHED: Object = {"internalTrafficPolicy": "Cluster", "ipFamilyPolicy": "SingleStack"}
_FROM_OUTSIDE: Object = {"externalTrafficPolicy": "Cluster"}
_MODE = 0o644


def with_defaults(manifest: Object) -> Object:
    """Return a manifest as the API server would keep it."""
    filled = copy.deepcopy(manifest)
    spec = filled.get("spec") or {}
    kind = filled["kind"]
    if kind == "Deployment":
        _fill(spec, _DEPLOYMENT)
        _fill_strategy(spec)
        _fill_pod(spec["template"]["spec"])
    elif kind == "Job":
        _fill_job(spec)
    elif kind == "CronJob":
        _fill(spec, _CRON_JOB)
        _fill_job(spec["jobTemplate"]["spec"])
    elif kind == "Service":
        _fill_service(spec)
    elif kind == "HorizontalPodAutoscaler":
        _fill(spec, {"minReplicas": 1})
    elif kind == "NetworkPolicy":
        _fill(spec, {"policyTypes": ["Ingress", *(["Egress"] if "egress" in spec else [])]})
    return filled


def _fill(fields: Object, defaults: Object) -> None:
    for name, value in defaults.items():
        fields.setdefault(name, copy.deepcopy(value))


def _fill_strategy(spec: Object) -> None:
    strategy = spec.setdefault("strategy", {})
    _fill(strategy, {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        _fill(strategy.setdefault("rollingUpdate", {}), _ROLLOUT)


def _fill_job(spec: Object) -> None:
    _fill(spec, _JOB)
    _fill_pod(spec["template"]["spec"])


def _fill_service(spec: Object) -> None:
    _fill(spec, _SERVICE)
    if spec["type"] != "ExternalName":
        _fill(spec, _REACHED)
    if spec["type"] in {"NodePort", "LoadBalancer"}:
        _fill(spec, _FROM_OUTSIDE)
    for port in spec.get("ports") or ():
        _fill(port, {"protocol": "TCP", "targetPort": port["port"]})


def _fill_pod(spec: Object) -> None:
    spec.setdefault("serviceAccountName", spec.pop("serviceAccount", "default"))
    _fill(spec, _POD)
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        _fill_container(container, host=bool(spec.get("hostNetwork")))
    for volume in spec.get("volumes") or ():
        _fill_volume(volume)


def _fill_container(container: Object, *, host: bool) -> None:
    _fill(container, {**_CONTAINER, "imagePullPolicy": _pull_policy(container["image"])})
    for name in _PROBES:
        if container.get(name):
            _fill(container[name], _PROBE)
            _fill_request(container[name])
    for hook in (container.get("lifecycle") or {}).values():
        _fill_request(hook)
    for port in container.get("ports") or ():
        _fill(port, {"protocol": "TCP", **({"hostPort": port["containerPort"]} if host else {})})
    for variable in container.get("env") or ():
        _fill_variable(variable)
    resources = container.get("resources") or {}
    _fill(resources.setdefault("requests", {}), resources.get("limits") or {})


def _pull_policy(image: str) -> str:
    tag = image.rpartition("/")[2].partition(":")[2]
    return "Always" if tag in {"", "latest"} and "@" not in image else "IfNotPresent"


def _fill_request(action: Object) -> None:
    if "httpGet" in action:
        _fill(action["httpGet"], {"path": "/", "scheme": "HTTP"})
    if "grpc" in action:
        _fill(action["grpc"], {"service": ""})


def _fill_variable(variable: Object) -> None:
    source = variable.get("valueFrom")
    if source is None:
        _fill(variable, {"value": ""})
        return
    if "fieldRef" in source:
        _fill(source["fieldRef"], {"apiVersion": "v1"})
    if "resourceFieldRef" in source:
        _fill(source["resourceFieldRef"], {"divisor": "0"})


def _fill_volume(volume: Object) -> None:
    for kind in ("configMap", "secret", "projected", "downwardAPI"):
        if kind in volume:
            _fill(volume[kind], {"defaultMode": _MODE})
    if "hostPath" in volume:
        _fill(volume["hostPath"], {"type": ""})
    for source in (volume.get("projected") or {}).get("sources") or ():
        if "serviceAccountToken" in source:
            _fill(source["serviceAccountToken"], {"expirationSeconds": 3600})
    for item in (volume.get("downwardAPI") or {}).get("items") or ():
        _fill(item.get("fieldRef", {}), {"apiVersion": "v1"})
