"""Patience: what never becomes healthy holds Argo CD's sync, and every later fix waits behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.objects import kind
from generator.kubernetes.values import mapping, text, whole
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

_HOOK = "argocd.argoproj.io/hook"
_DEADLINE = "progressDeadlineSeconds"
_ACTIVE = "activeDeadlineSeconds"
# Kubernetes' own default, https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds
_DEFAULT = 600
_HOUR = 3600


def _patience(manifest: Manifest, _view: View) -> Iterator[Violation]:
    if kind(manifest) == "Deployment":
        yield from _rollout(mapping(manifest.get("spec")))
    elif _is_hook(manifest):
        yield from _job(mapping(manifest.get("spec")))


def _is_hook(manifest: Manifest) -> bool:
    asked = text(mapping(mapping(manifest.get("metadata")).get("annotations")).get(_HOOK))
    return bool({word.strip() for word in asked.split(",")} - {"", "Skip"})


def _rollout(spec: dict[object, object]) -> Iterator[Violation]:
    if spec.get("paused") is True or whole(spec.get("replicas"), 1) == 0:
        return  # nothing is rolled out
    set_, seconds = _DEADLINE in spec, whole(spec.get(_DEADLINE), _DEFAULT)
    if seconds >= _DEFAULT:
        said = f"`{_DEADLINE}: {seconds}`" if set_ else f"no `{_DEADLINE}`, which means {_DEFAULT}"
        yield Violation(
            path=("spec", _DEADLINE) if set_ else ("spec",),
            message=f"{said}: a rollout that hangs holds the sync for {_minutes(seconds)}, and a commit that mends it "
            "waits as long",
            remedy=f"`{_DEADLINE}: 300`: the sync then fails by itself",
        )


def _job(spec: dict[object, object]) -> Iterator[Violation]:
    seconds = whole(spec.get(_ACTIVE), 0)
    if seconds > _HOUR:
        yield Violation(
            path=("spec", _ACTIVE),
            message=f"`{_ACTIVE}: {seconds}` of a hook: one that hangs holds the sync for {_minutes(seconds)}, and a "
            "commit that mends it waits as long",
            remedy=f"`{_ACTIVE}: 600`, or a Job that is no hook for work that takes longer than an hour",
        )
    elif seconds <= 0:
        yield Violation(
            path=("spec",),
            message=f"a hook without `{_ACTIVE}`: one that hangs holds the sync for ever, and a commit that mends it "
            "waits as long",
            remedy=f"`{_ACTIVE}: 600`: the hook and its sync then fail by themselves",
        )


def _minutes(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds < 2 * _HOUR else f"{seconds // _HOUR} hours"


ARG011 = Rule(
    id="ARG011",
    title="Rollout or hook that holds the sync",
    why="""Argo CD waits for each wave to become healthy and for each hook to end, and until then starts nothing else in
that Application: the commit that mends a crashing image waits behind the rollout that it mends. A rollout that is past
its `progressDeadlineSeconds` counts as degraded, and a Job past its `activeDeadlineSeconds` as failed; the sync then
fails by itself, and the next one starts. Kubernetes' own defaults are ten minutes and for ever.""",
    remedy="a `progressDeadlineSeconds` below 600, and `activeDeadlineSeconds` on every hook",
    severity=Severity.WARNING,
    stage="object",
    check=_patience,
    kinds=frozenset({"Deployment", "Job"}),
    bad=deployment("image: registry.example.com/web:1.4.2\n"),
    good=deployment("image: registry.example.com/web:1.4.2\n", "progressDeadlineSeconds: 300\n"),
)
