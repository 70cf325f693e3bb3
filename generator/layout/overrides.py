"""Files that Argo CD reads beside a kustomization: with one of them it builds something else than what stands there.

https://argo-cd.readthedocs.io/en/stable/user-guide/parameters/#store-overrides-in-git. Argo CD finds them by their
exact names, in the folder of an Application; any folder that is rendered may be one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings.finding import Finding, Place
from generator.paths import NAME
from generator.roots import find_rendered_root
from generator.rules.kustomization import KUS005

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_PARAMETERS = re.compile(r"(?:.*/)?\.argocd-source(?:-(?P<application>[^/]+))?\.yaml")
# How the name of a file ends that makes Argo CD take its folder for a Helm chart: `webChart.yaml` too.
_CHART = "Chart.yaml"
_PARAMETERS_REMEDY = (
    "take it out: tags belong into the release record (`fairlead bump`; Argo CD Image Updater: "
    "`write-back-target: kustomization`), all else onto the page"
)
_CHART_REMEDY = "take it out, or move it out of the rendered folders"


def overrides(paths: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each of `paths`, those of a whole tree, that overrides what a rendered folder builds to."""
    for path in paths:
        if ("/.argocd-source" in path or path.endswith(_CHART)) and _is_read_by_argocd(path):
            message, remedy = _told(path, paths)
            if message:
                yield KUS005.finding(place=Place(path), message=message, remedy=remedy)


def _is_read_by_argocd(path: str) -> bool:
    root = find_rendered_root(path)
    return root is not None and root.reader != "person"


def _told(path: str, paths: Collection[str]) -> tuple[str, str]:
    """Return what a file overrides, nothing where Argo CD does not read it."""
    found = _PARAMETERS.fullmatch(path)
    folder = path.rpartition("/")[0]
    if found:
        who = f"Application {found['application']}" if found["application"] else "every Application"
        return f"Argo CD merges this file into {who} of {folder}: what it builds is not what is proven here", (
            _PARAMETERS_REMEDY
        )
    if path.endswith(_CHART) and f"{folder}/{NAME}" in paths:
        return f"Argo CD may take {folder} for a Helm chart, and does not build its kustomization then", _CHART_REMEDY
    return "", ""
