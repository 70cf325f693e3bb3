"""What the base commit had running where something changes now: its overlays, built by the real kustomize."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from generator.apiserver.dry_run_request import questions
from generator.apiserver.immutable import ObjectChange, is_replaced
from generator.build.parts import build_parts
from generator.build.snapshot_dir import lay_files
from generator.build.wrapper import wrapper_for
from generator.findings.finding import Finding, Place, Severity
from generator.kubernetes.manifest import ObjectId, identity
from generator.model.base import Manifest
from generator.prove.compare import same
from generator.prove.kustomization_gate import reach
from generator.rules.apiserver import DIF004
from generator.tools.kustomize import BuildError
from generator.tools.pins import kustomize_version_for
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.build.wrapper import Wrapper
    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.inputs.project import Project
    from generator.prove.check import Examined

Key = tuple[str, str]


class Earlier(msgspec.Struct, frozen=True):
    """Objects that ran before, by environment and cluster, and why some of them are not known."""

    objects: dict[Key, dict[ObjectId, Manifest]]
    unknown: dict[Key, str]

    def changes(self, examined: Examined) -> tuple[ObjectChange, ...]:
        """Return every object of an overlay that was there before and becomes another one in its place."""
        placement = examined.overlay.placement
        before = self.objects.get((placement.environment, placement.cluster), {})
        return tuple(
            ObjectChange(before[question.owner], question)
            for manifest in examined.objects
            for question in questions(manifest)
            if question.owner in before and not question.path
            if not same(before[question.owner], manifest) and not is_replaced(manifest)
        )

    def notes(self, examined: Examined) -> tuple[Finding, ...]:
        """Return a finding where nobody can tell what an overlay changes."""
        overlay = examined.overlay
        reason = self.unknown.get((overlay.target.environment, overlay.unit))
        if reason is None:
            return ()
        return (
            DIF004.finding(
                severity=Severity.WARNING,
                place=Place(f"{overlay.folder}/kustomization.yaml"),
                message=f"the base commit's overlay does not build, so immutable fields were not compared: {reason}",
                remedy="look at what runs there before this is merged",
                environment=overlay.target.environment,
            ),
        )


def earlier(project: Project, before: Tree, tree: Tree, environments: Iterable[str], progress: Progress) -> Earlier:
    """Build the overlays of these environments that `before` had and that `tree` has no more, or not like that.

    Raises ToolError when kustomize cannot run.
    """
    known = Earlier({}, {})
    keys = [key for environment in sorted(set(environments)) for key in _gone_or_changed(before, tree, environment)]
    if not keys:
        return known
    progress.stage("building what ran before", len(keys))
    wrapper = wrapper_for(kustomize_version_for(project.gitops.argocd.version))
    for key, found in zip(keys, build_parts("fairlead-before-", keys, partial(_built, wrapper, before)), strict=True):
        progress.advance()
        if isinstance(found, str):
            known.unknown[key] = found
            continue
        place = (key[0], _cluster(before, *key))
        known.objects.setdefault(place, {}).update({identity(manifest): manifest for manifest in found})
    return known


def _gone_or_changed(before: Tree, tree: Tree, environment: str) -> Iterator[Key]:
    units = dict.fromkeys(path.split("/")[2] for path in before.under(f"overlays/{environment}"))
    for unit in units:
        folders = (f"overlays/{environment}/{unit}", f"base/{unit}")
        sides = [
            {path: each.files[path] for folder in folders for path in each.under(folder)} for each in (before, tree)
        ]
        if sides[0] != sides[1]:
            yield environment, unit


def _built(wrapper: Wrapper, before: Tree, scratch: Path, key: Key) -> list[Manifest] | str:
    """Build one overlay as the base commit had it; give why that fails, if it does."""
    folder = f"overlays/{key[0]}/{key[1]}"
    reached = reach(before, folder)
    if reached.findings:
        return reached.findings[0].message
    root = scratch / f"{key[0]}-{key[1]}"
    lay_files(root, {path: before.files[path] for path in reached.files})
    try:
        return [each.manifest for each in wrapper.build_objects(root, [root / folder])]
    except BuildError as error:
        return re.sub(rf"[^\s']*{re.escape(root.name)}/", "", error.reason)


def _cluster(before: Tree, environment: str, unit: str) -> str:
    """Return the cluster that an overlay was for: on another one its objects are new."""
    system = _page(before, f"services/{unit}.yaml").get("system", unit)
    place = (_page(before, f"systems/{system}.yaml").get("environments") or {}).get(environment) or {}
    return str(place.get("cluster", "") if isinstance(place, dict) else "")


def _page(before: Tree, path: str) -> dict[str, Any]:
    document, _ = parse(before.files.get(path, b""), path)
    return document.value if document is not None and isinstance(document.value, dict) else {}
