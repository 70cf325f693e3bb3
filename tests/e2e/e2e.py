"""The proof on real control planes: three clusters, two Argo CDs, one repository, and what must hold between them."""

from __future__ import annotations

import argparse
import functools
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import yaml

import generator
from generator.findings.errors import FairleadError
from tests.e2e import isolation, programs, stage
from tests.e2e.state import save_logs, state
from tests.e2e.steps import STEPS, needed
from tests.e2e.table import Table

if TYPE_CHECKING:
    from tests.e2e.control_plane import Cluster, Machine
    from tests.e2e.repository import Repository
    from tests.e2e.scene import Scene

_GITOPS = Path(generator.__file__).parents[1] / "gitops.yaml"
_VERSIONS = ("1.35", "1.36")


def main() -> None:
    """Show everything, print the table, and exit: 0 all shown, 1 something was not, 3 a program is missing."""
    options = _options(sys.argv[1:])
    if options.list:
        print("\n".join(f"{name:<18} {step.__doc__}" for name, step in STEPS.items()))
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        sys.exit(_run(options))
    except FairleadError as error:
        print(f"e2e: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except _StoppedError as stopped:
        print(f"e2e: stopped by {stopped.number.name}", file=sys.stderr)
        sys.exit(128 + stopped.number)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/e2e", description="Show that real Argo CDs sync what pages say.")
    parser.add_argument("--kubernetes", choices=_VERSIONS, default=_VERSIONS[0], help="version of the clusters")
    parser.add_argument("--keep", action="store_true", help="leave the folder of the run behind, logs and all")
    parser.add_argument("--programs", type=Path, metavar="DIR", help="take programs that are there from this folder")
    parser.add_argument("--only", type=lambda names: names.split(","), metavar="NAME,...", help="only these steps")
    parser.add_argument("--list", action="store_true", help="say what the steps show, and do nothing")
    parser.add_argument(isolation.INSIDE, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    unknown = [name for name in options.only or () if name not in STEPS]
    if unknown:
        parser.error(f"no step {', '.join(unknown)}; --list names them")
    return options


def _run(options: argparse.Namespace) -> int:
    argocd = yaml.safe_load(_GITOPS.read_text(encoding="utf-8"))["argocd"]["version"]
    found = programs.find(argocd, options.kubernetes, options.programs)
    if options.inside:
        isolation.bring_up_loopback()
    else:
        isolation.enter(sys.argv[1:])
    table = Table()
    with state(keep=options.keep) as folder:
        try:
            with stage.running(folder, programs.link(found, folder / "bin")) as (machine, repository):
                _play(options, table, machine, repository)
        except BaseException:
            print(f"e2e: the logs are in {save_logs(folder / 'log')}", file=sys.stderr)
            raise
        table.write()
        if table.failed:
            print(f"e2e: the logs are in {save_logs(folder / 'log')}", file=sys.stderr)
    return int(bool(table.failed))


def _play(options: argparse.Namespace, table: Table, machine: Machine, repository: Repository) -> None:
    """Set the stage and take the steps; one that others need and that fails is the last."""
    made: dict[str, Cluster] = {}
    scenes: list[Scene] = []

    def clusters() -> str:
        made.update(stage.clusters(machine))
        return f"{len(made)} of Kubernetes {', '.join({each.api.version() for each in made.values()})}"

    def argocds() -> str:
        scenes.append(stage.scene(machine, made, repository))
        return f"{len(scenes[0].argocds)}, {machine.servers.memory() / 2**30:.1f} GiB resident in all"

    def pages() -> str:
        return f"commit {repository.create(options.kubernetes)[:8]}"

    settings = {"repository": pages, "clusters": clusters, "argocd": argocds}
    if not all(table.show(name, setting) for name, setting in settings.items()):
        return
    for name, step in STEPS.items():
        wanted = not options.only or name in options.only or needed(name)
        if wanted and not table.show(name, functools.partial(step, scenes[0])) and needed(name):
            return


class _StoppedError(BaseException):
    """Somebody wants the run to end; no step may take that for its own failure."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number)
        self.number = number


def _stop(number: int, _: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # what is going on now is the end, and it takes seconds
    raise _StoppedError(signal.Signals(number))
