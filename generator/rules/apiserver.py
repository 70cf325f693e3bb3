"""What a real API server says of built objects (`validate --api-server`): noticed outside the rules."""

from __future__ import annotations

from generator.findings.finding import Severity
from generator.rules.rule import Rule

_DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n"

API001 = Rule(
    id="API001",
    title="Object that a real API server refuses",
    why="""`fairlead validate --api-server` sends every built object through a server-side dry run of the cluster's
Kubernetes version. Schemas know types; the server knows amounts, names that must agree, rules of custom resources, and
the pods that a namespace's Pod Security level would not admit. Argo CD would fail at the sync, after the merge.""",
    remedy="mend the value; the message is the server's own",
    severity=Severity.ERROR,
    stage="proof",
    bad=_DEPLOYMENT + "  template: {spec: {containers: [{name: web, resources: {requests: {cpu: 250x}}}]}}\n",
    good=_DEPLOYMENT + "  template: {spec: {containers: [{name: web, resources: {requests: {cpu: 250m}}}]}}\n",
)
DIF004 = Rule(
    id="DIF004",
    title="Change to a field that cannot be changed",
    why="""The commit compared with (HEAD, or where the branch left `--base`) has the object with another value of a
field that the API server never lets anybody change: a Deployment's selector, a Job's template, the claims of a
StatefulSet. Argo CD's sync fails at that object, again and again, and everything in later waves waits. `fairlead
validate --api-server` applies the old object to a real API server and the new one over it. Hooks that are deleted
before they are made again, and objects with the sync option `Force=true`, may change.""",
    remedy="keep the old value; or give the object another name, so that a new one is made beside the old",
    severity=Severity.ERROR,
    stage="proof",
    bad=_DEPLOYMENT + "  selector: {matchLabels: {app: shop-web}}   # was: {app: web}\n",
    good=_DEPLOYMENT + "  selector: {matchLabels: {app: web}}\n",
)
