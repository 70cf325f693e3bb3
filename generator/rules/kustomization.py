"""Kustomization files: what a build may not do. The gate in `prove/` reads them before kustomize starts."""

from __future__ import annotations

from generator.findings.finding import Severity
from generator.rules.rule import Rule

_HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_GOOD = _HEAD + "resources:\n- ../../../base/web\nlabels:\n- pairs: {team: checkout}\n  includeSelectors: false\n"

KUS001 = Rule(
    id="KUS001",
    title="Code or foreign files in a kustomization",
    why="""A `kustomization.yaml` is code. Remote bases fetch what nobody reviewed, Helm charts, generators
and transformers can run programs, and a path that leaves the repository reads other people's files
([CVE-2022-24877](https://nvd.nist.gov/vuln/detail/CVE-2022-24877)). The gate reads every file that a build
would reach and refuses those keys and paths before kustomize starts.""",
    remedy="only local paths inside the repository; `helmCharts`, `helmGlobals`, `generators`, "
    "`transformers`, "
    "`validators` and `openapi` are off",
    severity=Severity.ERROR,
    stage="kustomization",
    bad=_HEAD + "resources:\n- https://github.com/example/base?ref=main\n",
    good=_GOOD,
)

KUS002 = Rule(
    id="KUS002",
    title="Labels that change selectors",
    why="""`commonLabels`, and `labels` with `includeSelectors: true`, write labels into selectors too. The
selector of a Deployment is immutable: the sync fails with "field is immutable" until somebody deletes the
Deployment.""",
    remedy="`labels: [{pairs: {...}, includeSelectors: false}]`",
    severity=Severity.ERROR,
    stage="kustomization",
    bad=_HEAD + "resources:\n- ../../../base/web\ncommonLabels: {team: checkout}\n",
    good=_GOOD,
)

KUS004 = Rule(
    id="KUS004",
    title="Rendered file that is not what its page renders",
    why="""Argo CD builds what is committed, not what the page says. A rendered file that was edited by
hand or not rendered again means that the page and the cluster disagree, and the next render changes
production without anybody having asked for it. A release's tag and digest are no drift.""",
    remedy="run `fairlead generate`; a change meant to stay goes onto the page or into `patches/`",
    severity=Severity.ERROR,
    stage="kustomization",
    bad=_HEAD + "resources:\n- ../../../base/web\n- by-hand.yaml\n",
    good=_HEAD + "resources:\n- ../../../base/web\n",
)

KUS005 = Rule(
    id="KUS005",
    title="File that overrides what Argo CD builds",
    why="""Argo CD merges `.argocd-source.yaml` and `.argocd-source-<application>.yaml` in an Application's folder over
the Application's own source: other images, prefixes, patches, or no kustomize at all. What is read, reviewed and proven
here is not what runs then, and a release changes nothing
([argocd-image-updater#438](https://github.com/argoproj-labs/argocd-image-updater/issues/438)). A file whose name ends
with `Chart.yaml` beside a kustomization may make it a Helm chart. `validate`, `bump`, `promote`, `rollback`, `publish`
and `argocd plan` refuse.""",
    remedy="take the file out; tags go into the release record, everything else onto the page",
    severity=Severity.ERROR,
    stage="kustomization",
    bad="kustomize:  # .argocd-source-dev-web.yaml\n  images:\n  - shop/web=registry.example.com/shop/web:9.9.9\n",
    good=_HEAD + 'resources:\n- ../../../base/web\nimages:\n- {name: shop/web, newTag: "9.9.9"}\n',
)
