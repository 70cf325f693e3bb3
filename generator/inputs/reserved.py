"""Content that a page may not pass through: it would steer Argo CD, kustomize or a template (SPC006)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.rules.spec import SPC006

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.kubernetes.manifest import Path
    from generator.yamlio import Document

# Keys that speak to a tool instead of to Kubernetes, and whom they steer.
# https://argo-cd.readthedocs.io/en/stable/user-guide/annotations-and-labels/
# https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/utils/annotations.go
_RESERVED_PREFIXES = {
    "argocd.argoproj.io/": "Argo CD",
    "config.kubernetes.io/": "kustomize",
    "internal.config.kubernetes.io/": "kustomize",
    "kustomize.": "kustomize",
}
# https://git.k8s.io/community/contributors/devel/sig-api-machinery/strategic-merge-patch.md
_RESERVED_DIRECTIVES = ("$patch", "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/")


def reserved_complaints(document: Document) -> Iterator[Finding]:
    """Yield a complaint for each reserved key or value of a page."""
    for path, seen, what in reserved(document.value):
        place = document.key_place(path)
        message = f"'{seen}' is reserved: it steers {what}"
        yield SPC006.complaint(place, message, "use the page's own words for it, or drop it")


def reserved(value: Any) -> Iterator[tuple[Path, str, str]]:
    """Yield path, text and what it would steer, for each reserved key or text of a page (SPC006)."""
    yield from _reserved(value, ())


def _reserved(value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            steered = _steered(str(key))
            if steered:
                yield (*path, key), str(key), steered
            yield from _reserved(inner, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _reserved(item, (*path, number))
    elif isinstance(value, str) and "{{" in value:
        yield path, "{{", "templates"


def _steered(key: str) -> str:
    """Return what a key would steer, nothing if it is an ordinary one."""
    if key.startswith(_RESERVED_DIRECTIVES):
        return "kustomize"
    if "{{" in key:
        return "templates"
    return next((tool for prefix, tool in _RESERVED_PREFIXES.items() if key.startswith(prefix)), "")
