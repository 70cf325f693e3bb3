"""Jobs under Argo CD: the template of a Job never changes, so each release needs a new Job or a new name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.objects import name
from generator.kubernetes.pods import containers
from generator.kubernetes.values import mapping, text
from generator.rules.argocd import SYNC_OPTIONS, own_options
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

_HOOK, _POLICY = "argocd.argoproj.io/hook", "argocd.argoproj.io/hook-delete-policy"
_HELM_HOOK, _HELM_POLICY = "helm.sh/hook", "helm.sh/hook-delete-policy"
# Argo CD reads both spellings; a word that it does not know counts as not there.
_BEFORE, _SUCCEEDED, _FAILED = "BeforeHookCreation", "HookSucceeded", "HookFailed"
_POLICIES = {
    _POLICY: {word: word for word in (_BEFORE, _SUCCEEDED, _FAILED)},
    _HELM_POLICY: {"before-hook-creation": _BEFORE, "hook-succeeded": _SUCCEEDED, "hook-failed": _FAILED},
}
_BETTER_HOOK = (
    f'`annotations: {{{_HOOK}: Sync, {_POLICY}: {_BEFORE}, argocd.argoproj.io/sync-wave: "-1"}}` '
    "(PreSync only when all that it references is external), or put the tag in its name"
)


def is_hook(manifest: Manifest) -> bool:
    """Return whether Argo CD runs an object at a point of the sync instead of keeping it."""
    return bool(_words(manifest, _HOOK) or _words(manifest, _HELM_HOOK))


def _words(manifest: Manifest, key: str) -> list[str]:
    """Return the words of an annotation that is a list with commas."""
    value = mapping(mapping(manifest.get("metadata")).get("annotations")).get(key)
    return [word.strip() for word in text(value).split(",") if word.strip()]


def _unchangeable(manifest: Manifest, _view: View) -> Iterator[Violation]:
    if not name(manifest) or is_hook(manifest):
        return
    asked = own_options(manifest)
    if "Force=true" in asked or _is_named_after_its_tag(manifest):
        return
    half = "`Replace=true` alone writes the template anew, which is refused too; " if "Replace=true" in asked else ""
    path: Path = ("metadata", "annotations", SYNC_OPTIONS) if half else _image_path(manifest)
    yield Violation(
        path=path,
        message=f"Job `{name(manifest)}` is no hook and keeps its name: the template of a Job cannot change, so the "
        f'sync of each new image fails with "field is immutable"; {half}the release stops there',
    )


def _image_path(manifest: Manifest) -> Path:
    return next(((*one.path, "image") for one in containers(manifest)), ("metadata", "name"))


def _is_named_after_its_tag(manifest: Manifest) -> bool:
    """Return whether the tag of one of its images stands in the name of a Job: `web-seed-1-4-2`."""
    images = (text(one.spec.get("image")).partition("@")[0].rpartition("/")[2] for one in containers(manifest))
    tags = (re.sub(r"[^a-z0-9]+", "-", image.partition(":")[2].lower()).strip("-") for image in images)
    return any(tag and f"-{tag}-" in f"-{name(manifest).replace('.', '-')}-" for tag in tags)


def _left_over(manifest: Manifest, _view: View) -> Iterator[Violation]:
    if not name(manifest) or not is_hook(manifest):
        return
    found = [(key, known[word]) for key, known in _POLICIES.items() for word in _words(manifest, key) if word in known]
    words = [word for _, word in found]
    if words and _BEFORE not in words:
        yield _violation(manifest, found[0][0], words)


def _violation(manifest: Manifest, key: str, words: list[str]) -> Violation:
    listed = " and ".join(f"`{word}`" for word in dict.fromkeys(words))
    before = _BEFORE if key == _POLICY else "before-hook-creation"
    return Violation(
        path=("metadata", "annotations", key),
        message=f"hook Job `{name(manifest)}` is deleted on {listed} only: {_consequence(set(words))}",
        remedy=f"`{key}: {before}`",
        severity=Severity.WARNING if len(set(words)) > 1 else None,
    )


def _consequence(words: set[str]) -> str:
    if words == {_SUCCEEDED}:
        return "one that failed stays, and every later sync fails at it"
    if words == {_FAILED}:
        return (
            "one that succeeded stays, so the next sync takes it for done without running it, "
            'or fails with "field is immutable" when its image is new'
        )
    return "one that is left behind when a sync is stopped stays, and every later sync trips over it"


_JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrations
  namespace: shop
%sspec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrations, image: "shop-migrations:1.4.2"}]
"""
_ANNOTATIONS = f"  annotations: {{{_HOOK}: Sync, {_POLICY}: %s}}\n"

WRK019 = Rule(
    id="WRK019",
    title="Job that the next image cannot change",
    why="""The pod template of a Job is immutable. A Job with a fixed name that is neither a hook nor replaced by force
takes its first image; with the next one the sync fails with "field is immutable", and the new version of the service
waits behind it. A Job of a page's `jobs:` carries `Force=true`, and `migrations:` is a hook; this is about a person's
own Jobs. A name that holds the image's tag, or `generateName`, is fine. `Replace=true` alone is not: it writes the
template anew, and that is refused as well.""",
    remedy=f"make it a hook: {_BETTER_HOOK}",
    severity=Severity.ERROR,
    stage="object",
    check=_unchangeable,
    kinds=frozenset({"Job"}),
    bad=_JOB % "",
    good=_JOB % (_ANNOTATIONS % _BEFORE),
)

WRK020 = Rule(
    id="WRK020",
    title="Hook Job that stays in the way of the next one",
    why="""Argo CD deletes a hook when its delete policy says so. With `HookSucceeded` alone a Job that failed stays:
its template is immutable, and every later sync fails at it until somebody deletes it by hand. With `HookFailed` alone
a Job that succeeded stays, and the next sync takes it for done. `BeforeHookCreation`, which also counts where there is
no policy, deletes the old one first. With both of the others (a warning) one is left only when a sync is stopped
midway. `generateName` is fine.""",
    remedy=f"`{_POLICY}: {_BEFORE}`",
    severity=Severity.ERROR,
    stage="object",
    check=_left_over,
    kinds=frozenset({"Job"}),
    bad=_JOB % (_ANNOTATIONS % _SUCCEEDED),
    good=_JOB % (_ANNOTATIONS % _BEFORE),
)
