"""The plain objects around the one interesting line of each rule's `bad` and `good`."""

from __future__ import annotations

from textwrap import indent

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
%s  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
%s"""

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8000}]}
"""


def deployment(container: str, spec: str = "") -> str:
    """Return a Deployment with these lines in its one container, and these in its `spec`."""
    return _DEPLOYMENT % (indent(spec, "  "), indent(container, "        "))


def autoscaler(spec: str, target: str = "web") -> str:
    """Return a HorizontalPodAutoscaler of the Deployment `target` with these lines in its `spec`."""
    return f"""\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web, namespace: shop}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {target}}}
{indent(spec, "  ")}"""


def budget(bound: str) -> str:
    """Return a PodDisruptionBudget for the pods `app: web` with this bound."""
    return f"""\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{matchLabels: {{app: web}}}}, {bound}}}
"""


def together(*documents: str) -> str:
    """Return several documents as one stream."""
    return "---\n".join(documents)
