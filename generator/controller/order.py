"""The order in which Argo CD syncs an Application's objects: phase, wave, kind, name, as its sync engine has it.

Facts of gitops-engine in Argo CD 3.5 (pkg/sync/sync_tasks.go, sync_context.go, hook/, syncwaves/).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.controller.object_summary import Trait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

HOOK = "argocd.argoproj.io/hook"
WAVE = "argocd.argoproj.io/sync-wave"
DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
_HELM_HOOK = "helm.sh/hook"
_HELM_WEIGHT = "helm.sh/hook-weight"
_HELM_DELETE_POLICY = "helm.sh/hook-delete-policy"

SYNC = "Sync"
# In the order in which they run; the last one runs only after a failure.
PHASES = ("PreSync", SYNC, "PostSync", "SyncFail")

_SKIP = "Skip"
_HELM_PHASES = {
    "pre-install": "PreSync", "pre-upgrade": "PreSync", "post-install": "PostSync", "post-upgrade": "PostSync",
}  # fmt: skip
_HELM_POLICIES = {
    "before-hook-creation": "BeforeHookCreation", "hook-succeeded": "HookSucceeded", "hook-failed": "HookFailed",
}  # fmt: skip
_POLICIES = frozenset(_HELM_POLICIES.values())

# Kinds that go before all others of their wave, whatever their group.
_KINDS = (
    "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
    "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
    "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService",
)  # fmt: skip
_RANK = {kind: number - len(_KINDS) for number, kind in enumerate(_KINDS)}

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One object in one phase of a sync. `prune` says that it is deleted there, or would be if pruning were on."""

    object: Trait
    phase: str
    wave: int
    prune: bool = False

    @property
    def hook(self) -> bool:
        """Return whether the object is a hook."""
        return is_hook(self.object)


class Wave(msgspec.Struct, frozen=True):
    """What Argo CD applies at once before it waits for it to become healthy."""

    phase: str
    wave: int
    tasks: tuple[Task, ...]


def waves(
    objects: Iterable[Trait], gone: Iterable[Trait] = (), *, namespace: str = "", prune_last: bool = False
) -> tuple[Wave, ...]:
    """Return the steps of a sync in order; `gone` are objects that are no longer wanted.

    `namespace` is the Application's, for objects that state none. An object of several phases comes several times.
    """
    tasks = [Task(object=each, phase=phase, wave=wave_of(each)) for each in objects for phase in phases_of(each)]
    tasks += _pruning([each for each in gone if not is_hook(each)], tasks, prune_last=prune_last)
    return tuple(_steps(_ordered(tasks, namespace)))


def never_applied(objects: Iterable[Trait]) -> tuple[Trait, ...]:
    """Return objects of which no sync takes notice: skipped ones, hooks of deletion, hooks of no phase that exists."""
    return tuple(each for each in objects if not phases_of(each))


def is_hook(trait: Trait) -> bool:
    """Return whether Argo CD takes an object for a hook."""
    if HOOK in trait.annotations:
        return not _is_skipped(trait)
    return trait.annotations.get(_HELM_HOOK, "crd-install") != "crd-install"


def phases_of(trait: Trait) -> tuple[str, ...]:
    """Return the phases in which an object is applied, none for one that no sync applies."""
    if _is_skipped(trait):
        return ()
    if not is_hook(trait):
        return (SYNC,)
    types = _hook_types(trait)
    return tuple(phase for phase in PHASES if phase in types)


def wave_of(trait: Trait) -> int:
    """Return the wave that an object's annotation names, Helm's weight without one, else 0."""
    for key in (WAVE, _HELM_WEIGHT):
        if _INTEGER.fullmatch(trait.annotations.get(key, "")):
            return int(trait.annotations[key])
    return 0


def delete_policies(trait: Trait) -> tuple[str, ...]:
    """Return when a hook is deleted."""
    named = [text for text in _listed(trait, DELETE_POLICY) if text in _POLICIES]
    named += [_HELM_POLICIES[text] for text in _listed(trait, _HELM_DELETE_POLICY) if text in _HELM_POLICIES]
    return tuple(named) or ("BeforeHookCreation",)


def option(trait: Trait, name: str) -> str | None:
    """Return the value of an object's own sync option, None where it has none."""
    found = (text for text in _listed(trait, SYNC_OPTIONS) if text.startswith(f"{name}="))
    return next((text.partition("=")[2] for text in found), None)


def sync_options(trait: Trait) -> tuple[str, ...]:
    """Return an object's own sync options."""
    return _listed(trait, SYNC_OPTIONS)


def _hook_types(trait: Trait) -> tuple[str, ...]:
    own = tuple(text for text in _listed(trait, HOOK) if text in PHASES or text == _SKIP)
    return own or tuple(_HELM_PHASES[text] for text in _listed(trait, _HELM_HOOK) if text in _HELM_PHASES)


def _is_skipped(trait: Trait) -> bool:
    return _hook_types(trait) == (_SKIP,)


def _listed(trait: Trait, annotation: str) -> tuple[str, ...]:
    texts = (text.strip() for text in trait.annotations.get(annotation, "").split(","))
    return tuple(dict.fromkeys(text for text in texts if text))


def _pruning(gone: Iterable[Trait], tasks: Sequence[Task], *, prune_last: bool) -> list[Task]:
    """Return the tasks that delete: waves in reverse, or all after the last wave of the phase with PruneLast."""
    found = [
        Task(object=each, phase=phase, wave=wave_of(each), prune=True) for each in gone for phase in phases_of(each)
    ]
    present = sorted({task.wave for task in found})
    reverse = dict(zip(present, reversed(present), strict=True))
    pruning = [msgspec.structs.replace(task, wave=reverse[task.wave]) for task in found]
    after = max((0, *(task.wave for task in (*tasks, *pruning) if task.phase == SYNC))) + 1
    return [
        msgspec.structs.replace(task, wave=after)
        if prune_last or "PruneLast=true" in sync_options(task.object)
        else task
        for task in pruning
    ]


def _ordered(tasks: Iterable[Task], namespace: str) -> list[Task]:
    """Sort; then let Namespaces and CustomResourceDefinitions go before the first object that needs them."""
    ordered = sorted(tasks, key=_rank)
    ordered = _with_dependencies_first(ordered, _namespace_made, lambda each: each.namespace or namespace or None)
    return _with_dependencies_first(ordered, _kind_made, lambda each: f"{each.group}/{each.kind}")


def _rank(task: Task) -> tuple[int, int, int, str, str, str]:
    each = task.object
    return PHASES.index(task.phase), task.wave, _RANK.get(each.kind, 0), each.name, each.namespace, each.group


def _namespace_made(trait: Trait) -> str | None:
    return trait.name if (trait.group, trait.kind) == ("", "Namespace") else None


def _kind_made(trait: Trait) -> str | None:
    return trait.defines or None


def _with_dependencies_first(
    tasks: Iterable[Task], made: Callable[[Trait], str | None], needed: Callable[[Trait], str | None]
) -> list[Task]:
    """Move what others need before the first one that needs it, into that one's phase and wave.

    What makes something is not asked for what it needs itself, and what is deleted neither makes nor needs.
    """
    ordered: list[Task] = []
    first: dict[str, int] = {}
    for task in tasks:
        name = None if task.prune else made(task.object)
        if name is not None and name in first:
            position = first[name]
            before = ordered[position]
            ordered.insert(position, msgspec.structs.replace(task, phase=before.phase, wave=before.wave))
            first = {key: at + (at >= position) for key, at in first.items()}
            continue
        wanted = None if task.prune or name is not None else needed(task.object)
        if wanted is not None:
            first.setdefault(wanted, len(ordered))
        ordered.append(task)
    return ordered


def _steps(tasks: Iterable[Task]) -> Iterator[Wave]:
    """Gather tasks by phase and wave, in the order in which Argo CD comes to them."""
    steps: dict[tuple[str, int], list[Task]] = {}
    for task in tasks:
        steps.setdefault((task.phase, task.wave), []).append(task)
    return (Wave(phase, wave, tuple(found)) for (phase, wave), found in steps.items())
