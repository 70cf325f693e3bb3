"""Objects that are too large: to be stored at all, or to be applied with all of them in an annotation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.manifest import GO_ESCAPES, LARGEST_VALUES, MOST_ESCAPED
from generator.kubernetes.objects import kind
from generator.kubernetes.values import mapping
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

# etcd's `--max-request-bytes`: https://etcd.io/docs/v3.6/dev-guide/limit/
_LARGEST_OBJECT = 3 << 19
# All annotations together: `TotalAnnotationSizeLimitB` (apimachinery, api/validation/objectmeta.go). What Argo CD adds
# to them (its tracking) is well below the rest.
_LARGEST_ANNOTATIONS = 256 << 10
_ADDED = 1 << 10
_SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
_OTHER_WAYS = frozenset({"ServerSideApply=true", "Replace=true"})
_VALUES = ("data", "binaryData", "stringData")


def _sizes(manifest: Manifest, view: View) -> Iterator[Violation]:
    if len(view.spelled_out(manifest)) * MOST_ESCAPED < _LARGEST_ANNOTATIONS - _ADDED:
        return  # nearly every object
    whole = len(_as_go(manifest))
    values = dict(_values(manifest))
    if sum(values.values()) > LARGEST_VALUES:
        yield _violation(values, f"{sum(values.values())} bytes in all values", f"more than {LARGEST_VALUES}")
    elif whole > _LARGEST_OBJECT:
        yield _violation(values, f"{whole} bytes as JSON", f"a request of more than {_LARGEST_OBJECT}")
    elif whole + _annotated(manifest) > _LARGEST_ANNOTATIONS - _ADDED and not _is_applied_otherwise(manifest):
        message = (
            f"{whole} bytes as JSON: a client-side apply keeps them in an annotation, and all annotations together "
        )
        remedy = f"add the annotation `{_SYNC_OPTIONS}: ServerSideApply=true`, or split the object"
        yield Violation(path=_path(values), message=f"{message}have at most {_LARGEST_ANNOTATIONS}", remedy=remedy)


def _violation(values: dict[Path, int], size: str, limit: str) -> Violation:
    return Violation(path=_path(values), message=f"{size}; the API server does not take {limit}")


def _path(values: dict[Path, int]) -> Path:
    """Return the path of the largest value, or of the object."""
    return max(values, key=lambda path: values[path]) if values else ("metadata", "name")


def _values(manifest: Manifest) -> Iterator[tuple[Path, int]]:
    """Yield the size of each value of a ConfigMap or Secret as it is stored."""
    if kind(manifest) not in {"ConfigMap", "Secret"}:
        return
    for field in _VALUES:
        encoded = field == "binaryData" or (field == "data" and kind(manifest) == "Secret")
        for key, value in mapping(manifest.get(field)).items():
            size = len(str(value).encode(errors="replace"))
            yield (field, key), size // 4 * 3 if encoded else size


def _annotated(manifest: Manifest) -> int:
    annotations = mapping(mapping(manifest.get("metadata")).get("annotations"))
    return sum(len(f"{key}{value}".encode(errors="replace")) for key, value in annotations.items())


def _is_applied_otherwise(manifest: Manifest) -> bool:
    options = str(mapping(mapping(manifest.get("metadata")).get("annotations")).get(_SYNC_OPTIONS, ""))
    return not _OTHER_WAYS.isdisjoint(option.strip() for option in options.split(","))


def _as_go(value: Any) -> bytes:
    """Return an object as kubectl writes it into the annotation."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), skipkeys=True, default=str)
    return text.translate(GO_ESCAPES).encode(errors="replace")


# What its aliases unfold to counts; written out it would be 280,000 bytes.
_DASHBOARD = """\
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata:
  name: sales
  namespace: shop
%sspec:
  row: &row [&panel "sum(rate(http_requests_total[5m])) by (service, code)", *panel, *panel, *panel, *panel, *panel]
  page: &page [*row, *row, *row, *row, *row, *row, *row, *row, *row, *row]
  book: &book [*page, *page, *page, *page, *page, *page, *page, *page, *page, *page]
  shelf: [*book, *book, *book, *book, *book, *book, *book, *book, *book]
"""

WRK027 = Rule(
    id="WRK027",
    title="Object that is too large to be applied",
    why="""A client-side apply, which is Argo CD's default, keeps the whole object in the annotation
`kubectl.kubernetes.io/last-applied-configuration`, and all annotations together may have 262,144 bytes: the sync of
everything beside it fails for good ([argo-cd#820](https://github.com/argoproj/argo-cd/issues/820)). A server-side apply
needs no such annotation; what a page renders as ConfigMap asks for one by itself when it is that large. A ConfigMap or
Secret holds at most 1 MiB, and etcd takes no request above 1.5 MiB, however it is applied.""",
    remedy="split the object, or put what it holds into the image or a volume",
    severity=Severity.ERROR,
    stage="object",
    check=_sizes,
    bad=_DASHBOARD % "",
    good=_DASHBOARD % f"  annotations: {{{_SYNC_OPTIONS}: ServerSideApply=true}}\n",
)
