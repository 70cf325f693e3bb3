"""Revisions of what others publish: a chart or a repository that moves by itself changes production by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.values import text
from generator.rules.argo_examples import application
from generator.rules.argocd import BLUEPRINTS, blueprints, generators, is_templated, sources
from generator.rules.repository import is_own, is_pinned, is_range, shown
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View


def _floating(manifest: Manifest, view: View) -> Iterator[Violation]:
    for blueprint in blueprints(manifest):
        for source in sources(blueprint):
            yield from _loose(source.path, source.spec, "targetRevision", view)
    for generator in generators(manifest):
        if generator.word == "git":
            yield from _loose(generator.path, generator.spec, "revision", view)


def _loose(path: Path, spec: dict[Any, Any], key: str, view: View) -> Iterator[Violation]:
    url, revision = text(spec.get("repoURL")), spec.get(key)
    chart = bool(spec.get("chart")) or url.startswith("oci://")
    if not url or is_templated(url) or is_own(url, view.repository):
        return  # a hole is filled from a generator, which is looked at for itself
    said = text(revision)
    if (revision is not None and not isinstance(revision, str)) or is_templated(said):
        return
    if not is_pinned(said, chart=chart):
        what = f"chart `{text(spec.get('chart')) or shown(url)}`" if chart else f"`{shown(url)}`"
        yield Violation(
            path=(*path, key),
            message=f"`{key}` of {what} {_why(said, chart=chart)}: what runs changes without a commit here",
            remedy="pin a whole version: `4.11.3`"
            if chart
            else "pin a tag with a whole version, `v1.4.2`, or a commit's SHA",
        )


def _why(revision: str, *, chart: bool) -> str:
    if not revision:
        return "is not set, which means " + ("the newest version" if chart else "`HEAD`")
    if is_range(revision):
        return f"is the range `{revision}`, which takes the highest version that there is"
    return f"is `{revision}`, which is no whole version" + ("" if chart else " and no commit")


_CHART = "source: {{repoURL: https://charts.example.com, chart: ingress, targetRevision: {}}}\n"

ARG009 = Rule(
    id="ARG009",
    title="Revision that moves, of a source that is not ours",
    why="""Argo CD asks for a branch, `HEAD` or a range of versions again every few minutes, and syncs what it finds.
When a chart's author or another team pushes, production changes with no commit in this repository, nothing to review
and nothing to revert. The repository's own address may follow its branch: there a change is a commit here.""",
    remedy="pin a whole version (`4.11.3`, `v1.4.2`) or a commit's SHA; Renovate can move it by pull request",
    severity=Severity.ERROR,
    stage="object",
    check=_floating,
    kinds=BLUEPRINTS,
    bad=application(source=_CHART.format('">=4.0.0"')),
    good=application(source=_CHART.format("4.11.3")),
)
