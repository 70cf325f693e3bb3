"""`fairlead argocd`: what Argo CD will do with the repository, seen from here."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from generator.cli.common import TerminalProgress, format_option, no_install_option, root_option, start
from generator.cli.completion_names import application_names, environment_names, instance_names
from generator.disk.tree import find_root
from generator.findings.answer import Answer, Part
from generator.findings.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from generator.preview.bootstrap import Bootstrap
    from generator.preview.preview import Forecast

# Something could not be found out: an exit code of its own, never 0.
_UNKNOWN = 3

_SETTINGS = (
    "# - where Argo CD's own settings are kept by Helm or by an Application, the instance says `settings: false` "
    "(docs/argocd.md)"
)

instance_option = click.option(
    "--instance", shell_complete=instance_names, help="One Argo CD of gitops.yaml. [default: all]"
)


@click.group("argocd", epilog="Example: fairlead argocd plan --base origin/main")
def command() -> None:
    """Show what Argo CD will do with the repository."""


@command.command("plan", epilog="Example: fairlead argocd plan dev-frontend --base origin/main")
@click.argument("applications", metavar="[APPLICATION]...", nargs=-1, shell_complete=application_names)
@instance_option
@click.option("--env", "environment", shell_complete=environment_names, help="One environment. [default: all]")
@click.option("--base", metavar="REF", help="Show what changes since the commit where HEAD left REF.")
@click.option("--changed", is_flag=True, help="With --base: list only the Applications that change.")
@click.option("--commit", metavar="REF", help="Plan this commit. [default: the working tree]")
@click.option("--verbose", is_flag=True, help="Show every Application in full, as the named ones are.")
@click.option("--allow-unexpanded", is_flag=True, help="Exit 0 though something could not be found out.")
@no_install_option
@root_option
@format_option
def plan(  # the options of a command
    applications: tuple[str, ...],
    instance: str | None,
    environment: str | None,
    base: str | None,
    commit: str | None,
    root: Path | None,
    *,
    changed: bool,
    verbose: bool,
    allow_unexpanded: bool,
) -> Answer:
    """Show the Applications that Argo CD makes, and how it syncs them.

    Reads the rendered files, expands ApplicationSets as their controller does, builds with the real kustomize, and
    shows waves and hooks in their order, closed sync windows, and what the AppProject refuses. With --base: what is
    created, changed and pruned. Nothing is asked of a cluster. Exit 1 if Argo CD would refuse something or cannot build
    it, 3 if something (a generator of another kind) is not worked out here.
    """
    from generator.preview.plan import PlanRequest, planned  # 60 ms, for this command alone
    from generator.report.argocd import plan_text  # the same
    from generator.report.forecast import plan_data  # the same

    if changed and base is None:
        raise UsageError("--changed needs --base REF: against what?")
    asked = PlanRequest(names=applications, instance=instance, environment=environment, base=base, commit=commit)
    forecasts = planned(_root(root, commit), asked, TerminalProgress(), datetime.now(UTC))
    return Answer(
        text=lambda: [Part.of_text(plan_text(forecasts, named=bool(applications) or verbose, changed=changed))],
        data=lambda: plan_data(forecasts, changed=changed),
        exit_code=_exit_code(forecasts, allow_unexpanded=allow_unexpanded),
    )


def _exit_code(forecasts: list[Forecast], *, allow_unexpanded: bool) -> int:
    if any(forecast.faults for forecast in forecasts):
        return 1
    return _UNKNOWN if any(forecast.unknown for forecast in forecasts) and not allow_unexpanded else 0


@command.command("bootstrap", epilog="Example: fairlead argocd bootstrap --instance hub")
@instance_option
@root_option
@format_option
def bootstrap(instance: str | None, root: Path | None) -> Answer:
    """Print the one command that hands the repository to Argo CD.

    And what must be there before it: where Argo CD runs, the repository that it reads, the clusters that it knows.
    It is printed as a shell script, for one instance; nothing is run.
    """
    from generator.preview.bootstrap import bootstraps  # 40 ms, for this command alone

    found = bootstraps(_root(root), instance)
    return Answer(
        text=lambda: [Part.of_lines(*_bootstrap_lines(_only(found)))],
        data=lambda: {"instances": [_bootstrap_data(each) for each in found]},
    )


def _only(found: list[Bootstrap]) -> Bootstrap:
    """Return the only instance; raises UsageError where there are more: as one script, all would land in a cluster."""
    if len(found) > 1:
        names = [each.instance for each in found]
        raise UsageError(f"there are {len(names)} instances: {', '.join(names)}; choose one: --instance {names[0]}")
    return found[0]


def _root(root: Path | None, commit: str | None = None) -> Path:
    """Find the repository in the working tree, or with a `commit` in that: what lies beside it may be anything."""
    if commit is None:
        return find_root(start(root), str(root or "."))
    from generator.preview.checkout import find_root_at  # as above
    from generator.repo.head import commit_of  # as above

    folder = start(root)
    return find_root_at(folder, commit_of(folder, commit, "--commit"))


def _bootstrap_lines(each: Bootstrap) -> list[str]:
    return [
        f"# Argo CD '{each.instance}'. Before this:",
        f"# - these files are on branch {each.revision} of {each.repository}",
        f"# - Argo CD {each.version} runs in namespace {each.namespace} of the cluster that kubectl points at",
        f"# - it can read {each.repository}: a private one needs a Secret with credentials (argocd repo add)",
        *(f"# - it knows {cluster} (argocd cluster add)" for cluster in each.clusters),
        *([_SETTINGS] if each.settings else []),
        shlex.join(each.command),
    ]


def _bootstrap_data(each: Bootstrap) -> dict[str, Any]:
    return {
        "instance": each.instance,
        "command": each.command,
        "version": each.version,
        "namespace": each.namespace,
        "repository": each.repository,
        "revision": each.revision,
        "settings": each.settings,
        "clusters": each.clusters,
    }
