"""`fairlead doctor`: what is missing on this machine and in this repository, and the command that mends it."""

from __future__ import annotations

import platform
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click
import msgspec

from generator.address import leads_to_the_same
from generator.cli.common import format_option, root_option, start
from generator.cli.schemas import drifted
from generator.cli.tools import MISSING, servers, wanted
from generator.credentials.masking import mask
from generator.disk.tree import find_root
from generator.findings.answer import Answer, Part
from generator.findings.errors import FairleadError
from generator.inputs.load import load_gitops
from generator.repo.origin import NAME as ORIGIN
from generator.repo.origin import knows_branch, origin_of
from generator.tools import process
from generator.tools.install import inventory
from generator.tools.search import find_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.model.project import GitOps
    from generator.tools.install import ToolEntry

_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")
_OLDEST_PYTHON = (3, 11)


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that Fairlead looks for; `remedy` is the command that mends it, "" when all is well.

    What is not `needed` is optional, or with `suspect` something that is there and looks wrong.
    """

    name: str
    found: str
    remedy: str = ""
    needed: bool = True
    suspect: bool = False

    @property
    def missing(self) -> bool:
        """Return whether work cannot go on without mending this."""
        return self.needed and bool(self.remedy)

    def __str__(self) -> str:
        unneeded = "warning" if self.suspect else "optional"
        word = "ok" if not self.remedy else "missing" if self.needed else unneeded
        return f"{word:<8}  {self.name:<14}  {self.found}" + (f"; run: {self.remedy}" if self.remedy else "")


@click.command("doctor", epilog="Example: fairlead doctor")
@root_option
@format_option
def command(root: Path | None) -> Answer:
    """Say what is missing here, and the command that mends it.

    Exit 3 when something is missing that Fairlead cannot work without.
    """
    states = list(_examine(root))
    return Answer(
        text=lambda: [Part.of_lines(*map(str, states))],
        data=lambda: [{**msgspec.to_builtins(state), "ok": not state.remedy} for state in states],
        exit_code=MISSING if any(state.missing for state in states) else 0,
    )


def _examine(root: Path | None) -> Iterator[Check]:
    yield _python()
    yield _program("git", "--version", _package("git"))
    yield _program("go", "version", _package("golang"), needed=False)
    yield _registry_client()
    yield from _tools(root)
    yield from _servers(root)
    yield from _repository(start(root))


def _python() -> Check:
    fits = sys.version_info[:2] >= _OLDEST_PYTHON
    return Check(name="python", found=platform.python_version(), remedy="" if fits else _package("python3"))


def _program(name: str, argument: str, remedy: str, *, needed: bool = True) -> Check:
    path = find_program(name)
    if path is None:
        use = "" if needed else " (builds a tool where no release of it can be had)"
        return Check(name=name, found=f"not on the PATH{use}", remedy=remedy, needed=needed)
    try:
        said = process.run([path, argument], env={"PATH": "", "HOME": "/"}).stdout.decode(errors="replace")
    except FairleadError as error:
        return Check(name=name, found="; ".join(error.lines), remedy=remedy, needed=needed)
    match = _VERSION.search(said)
    return Check(name=name, found=match[0] if match else path, needed=needed)


def _registry_client() -> Check:
    found = next((name for name in ("crane", "skopeo") if find_program(name)), None)
    if found is None:
        use = "neither crane nor skopeo is on the PATH (they look images up for the gate `image`)"
        return Check(name="registries", found=use, remedy=_package("skopeo"), needed=False)
    return Check(name="registries", found=found, needed=False)


def _package(name: str) -> str:
    """Return the command that installs a package of the system."""
    return f"brew install {name}" if sys.platform == "darwin" else f"sudo apt-get install {name}"


def _tools(root: Path | None) -> Iterator[Check]:
    try:
        entries = inventory(wanted(root))
    except FairleadError as error:
        yield Check(name="tools", found="; ".join(error.lines), remedy="mend gitops.yaml")
        return
    for entry in entries:
        yield Check(name=entry.name, found=_found(entry), remedy=entry.remedy)


def _servers(root: Path | None) -> Iterator[Check]:
    """Look for what `validate --api-server` starts; it installs that by itself, so no machine has to have it."""
    with suppress(FairleadError):  # gitops.yaml is complained about elsewhere
        for entry in inventory(servers(root)):
            use = " (for `validate --api-server`, which installs it when it is first asked for)" if entry.remedy else ""
            yield Check(name=entry.name, found=_found(entry) + use, remedy=entry.remedy, needed=False)


def _found(entry: ToolEntry) -> str:
    if not entry.remedy:
        return f"{entry.found} ({entry.route})"
    return f"{entry.wanted} is wanted, {entry.found or 'none'} is there"


def _repository(folder: Path) -> Iterator[Check]:
    try:
        root = find_root(folder)
    except FairleadError:
        here = "no gitops.yaml here or in any folder above"
        yield Check(
            name="repository", found=here, remedy="write gitops.yaml (README, step 2), or name the repository by --root"
        )
        return
    try:
        gitops = load_gitops(root)
        yield Check(name="repository", found=f"gitops.yaml for {', '.join(gitops.environments)}")
    except FairleadError as error:
        gitops = None
        yield Check(name="repository", found="; ".join(error.lines), remedy="fairlead generate --check")
    yield from _git(root, gitops)
    yield _schemas(root)


def _git(root: Path, gitops: GitOps | None) -> Iterator[Check]:
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        yield Check(name="history", found="the repository is not in git", remedy="git init", needed=False)
        return
    yield Check(name="history", found="in git")
    if gitops is not None:
        yield from _remote(root, gitops)


def _remote(root: Path, gitops: GitOps) -> Iterator[Check]:
    """Hold `origin` against what Argo CD reads; an address is only ever advised by people, never by a page."""
    try:
        address, branch = origin_of(root), gitops.targetRevision
        if address is None:
            found = "there is none, so nothing can be pushed"
            yield Check(name=ORIGIN, found=found, remedy=f"git remote add {ORIGIN} ADDRESS", needed=False)
            return
        yield _address(mask(address), mask(gitops.repoURL), same=leads_to_the_same(address, gitops.repoURL))
        if not knows_branch(root, branch):
            found = f"none is called {branch} (targetRevision) here, and Argo CD reads that one"
            remedy = f"git fetch {ORIGIN}, or where it is new: git push --set-upstream {ORIGIN} {branch}"
            yield Check(name="branch", found=found, remedy=remedy, needed=False, suspect=True)
    except FairleadError as error:
        found = "; ".join(error.lines)
        yield Check(name=ORIGIN, found=found, remedy="git remote --verbose", needed=False, suspect=True)


def _address(ours: str, theirs: str, *, same: bool) -> Check:
    if same:
        return Check(name=ORIGIN, found=ours, needed=False)
    found = f"origin is {ours}, but Argo CD reads {theirs} (repoURL)"
    remedy = (
        f"git remote set-url {ORIGIN} ADDRESS, or mend repoURL; right where `fairlead publish --to` brings it there"
    )
    return Check(name=ORIGIN, found=found, remedy=remedy, needed=False, suspect=True)


def _schemas(root: Path) -> Check:
    stale = drifted(root / "schemas")
    if stale:
        found = f"not as exported: {', '.join(stale)}"
        return Check(name="schemas", found=found, remedy="fairlead schemas export", needed=False)
    return Check(name="schemas", found="as exported", needed=False)
