"""What is left for a person to do once a retirement is written: git, then Argo CD, in the only order that works.

An ApplicationSet that creates and updates but never deletes leaves the Application behind when its overlay goes, and
makes it again while the overlay is still on the branch. So the commit comes first. Without its finalizer
(`preserveResourcesOnDeletion`) an Application that is deleted leaves its objects behind, unless one asks for more.
https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.paths import base_folder, overlay_folder
from generator.records.retirement import tombstone_path
from generator.roots import ARGOCD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.retire.retirement import EnvironmentPart, Retirement

_CASCADE = '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}'
# Folder of the ApplicationSets of an instance: argocd/<instance>/applicationsets/<name>.yaml.
_SETS = "applicationsets"
_LAST = (
    "last, when its Applications are gone: delete the ApplicationSet; the root Application prunes nothing by itself, "
    "and a set that goes first takes its Applications along"
)
_BEFORE = "before that Argo CD would make a deleted Application again"
_APPROVED = 'argocd.argoproj.io/deletion-approved="$(date --utc +%FT%TZ)"'


# How a retirement lands: in the working tree, as a commit on the branch, or on a branch that waits for review.
Way = Literal["tree", "push", "review"]


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do, and the commands that do it; `instead` of the step before."""

    what: str
    commands: tuple[str, ...]
    instead: bool = False


def next_command(plan: Retirement, reason: str | None, options: Sequence[str] = ()) -> str:
    """Return the command that confirms a plan; `options` say where it is to land."""
    named = [word for name in plan.irreplaceable for word in ("--delete-data", name)]
    words = ["fairlead", "retire", *plan.asked, "--confirm", plan.token, *named, *options]
    return f"{shlex.join(words)} --reason " + (shlex.quote(reason) if reason else '"..."')


def steps(plan: Retirement, branch: str, way: Way = "tree") -> Iterator[NextStep]:
    """Yield what is to be done after it has landed that `way`, in order; `branch` is the one that Argo CD syncs."""
    if way == "tree":
        commands = (
            f"git add --all -- {shlex.join(_paths(plan))}",
            f"git commit --message {shlex.quote(subject(plan))}",
        )
        yield NextStep(what=f"commit, and merge to {branch}; {_BEFORE}", commands=commands)
    if way == "review":
        yield NextStep(what=f"merge the request into {branch}; {_BEFORE}", commands=())
    sets = _sets(plan)
    instances = list(dict.fromkeys([*(part.instance for part in plan.parts), *(instance for instance, _ in sets)]))
    for instance in instances:
        where = f"Argo CD {instance}: " if len(instances) > 1 and instance else ""
        for step in _argocd(plan, instance, [name for there, name in sets if there == instance]):
            yield msgspec.structs.replace(step, what=f"{where}{step.what}")


def subject(plan: Retirement) -> str:
    """Return the first line of the commit."""
    return f"Retire {plan.service}" + (f" from {plan.environment}" if plan.environment else "")


def _paths(plan: Retirement) -> Iterator[str]:
    """Yield the paths of the commit, folders for what goes whole, also of what an interrupted run did already."""
    changed = [change.path for change in plan.changes]
    for part in plan.parts:
        yield tombstone_path(part.environment, plan.service)
    folders = [*(overlay_folder(part.environment, plan.service) for part in plan.parts), base_folder(plan.service)]
    folders.append(f"services/{plan.service}")
    gone = [*changed, *plan.missing]
    yield from (folder for folder in folders if any(path.startswith(f"{folder}/") for path in gone))
    page = f"services/{plan.service}.yaml"
    if plan.page or page in gone:
        yield page
    if plan.begun and plan.told:
        yield ARGOCD
    else:
        yield from (path for path in changed if path.startswith(f"{ARGOCD}/"))


def _sets(plan: Retirement) -> list[tuple[str, str]]:
    """Return (instance, name) of the ApplicationSets that go: the service was the last of its system there."""
    gone = (change.path.split("/") for change in plan.changes if change.after is None)
    return [(parts[1], parts[3].removesuffix(".yaml")) for parts in gone if parts[::2] == [ARGOCD, _SETS]]


def _argocd(plan: Retirement, instance: str, sets: Sequence[str]) -> Iterator[NextStep]:
    """Yield what is to be done in one Argo CD: with the Applications, by either program, and then with their sets."""
    kubectl = f"kubectl --namespace {shlex.quote(plan.argocd)}"
    if parts := [part for part in plan.parts if part.instance == instance]:
        yield from _applications(parts, kubectl)
    if sets:
        yield NextStep(
            what=_LAST, commands=tuple(f"{kubectl} delete applicationset {shlex.quote(name)}" for name in sets)
        )


def _applications(parts: Sequence[EnvironmentPart], kubectl: str) -> Iterator[NextStep]:
    names = [shlex.quote(part.application) for part in parts]
    asks = [any(each.confirmed for each in part.objects) for part in parts]
    asking = [name for name, confirms in zip(names, asks, strict=True) if confirms]
    yield NextStep(
        what="wait until Argo CD says that its path does not exist",
        commands=tuple(f"argocd app get {name} --hard-refresh" for name in names),
    )
    delete = [f"argocd app delete {name} --cascade --yes" for name in names]
    yield NextStep(
        what="delete it, and its objects with it",
        commands=(*delete, *(f"argocd app confirm-deletion {name}" for name in asking)),
    )
    yield NextStep(
        what="or the same with kubectl",
        commands=tuple(
            command
            for name in names
            for command in (
                *([f"{kubectl} annotate application {name} {_APPROVED}"] if name in asking else []),
                f"{kubectl} patch application {name} --type merge --patch '{_CASCADE}'",
                f"{kubectl} delete application {name}",
            )
        ),
        instead=True,
    )
    yield NextStep(
        what="or delete it alone: its objects keep running, without an owner",
        commands=tuple(f"argocd app delete {name} --cascade=false --yes" for name in names),
        instead=True,
    )
