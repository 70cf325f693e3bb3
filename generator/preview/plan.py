"""The plan: read the repository, expand, build, judge, compare. The one room of this house that touches the world."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from generator.build.wrapper import wrapper_for
from generator.disk.cache import open_cache
from generator.findings.errors import InputError, ToolError, UsageError
from generator.folders.throwaway import throwaway
from generator.inputs.load import read_gitops
from generator.preview.builder import Surveyor
from generator.preview.checkout import TreeCheckout, tree_at, working_tree
from generator.preview.crd_scopes import scopes_of
from generator.preview.declared import instances
from generator.preview.instance import chosen, hint
from generator.preview.preview import Forecast, Side, forecast
from generator.preview.removed_instance import abandoned
from generator.repo.head import base_of, commit_of
from generator.tools.pins import kustomize_version_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from generator.controller.application import Application
    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.findings.progress import Progress


class PlanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to plan: some Applications by name, an instance, an environment; nothing stands for all.

    `base` is a reference to compare with, `commit` what to plan in place of the working tree.
    """

    names: tuple[str, ...] = ()
    instance: str | None = None
    environment: str | None = None
    base: str | None = None
    commit: str | None = None

    def wants(self, application: Application) -> bool:
        """Return whether an Application is asked for."""
        if self.names and application.name not in self.names:
            return False
        return self.environment is None or self.environment in _environments(application)


def planned(root: Path, asked: PlanRequest, progress: Progress, now: datetime) -> list[Forecast]:
    """Return what each instance will do at `now`; raises UsageError for unknown names, InputError, ToolError."""
    tip = None if asked.commit is None else commit_of(root, asked.commit, "--commit")
    base = None if asked.base is None else base_of(root, asked.base, tip or "HEAD").revision
    tree = working_tree(root) if tip is None else tree_at(root, tip)
    names = chosen(tree, asked.instance, tip)
    survey = _Survey(root, asked, progress)
    heads = survey.sides(tree, names, tip)
    bases: dict[str, Side] = {}
    if base is not None:
        before = tree_at(root, base)
        past = [name for name in instances(before) if asked.instance in {None, name}]
        bases = survey.sides(before, past, base)
    survey.save()
    _refuse_unknown(asked, [*heads.values(), *bases.values()])
    found = [_forecast(tree, heads[name], bases.get(name), now, compared=base is not None) for name in names]
    return found + [abandoned(bases[name], heads.values(), asked.wants) for name in bases if name not in heads]


def _forecast(tree: Tree, head: Side, base: Side | None, now: datetime, *, compared: bool) -> Forecast:
    scopes = scopes_of(tree, [trait for built in head.built for trait in built.traits])
    if compared and base is None:  # a new instance
        base = Side(declaration=head.declaration, built=(), all=(), unexpanded=())
    return forecast(head, base, now, scopes)


class _Survey:
    """Builds instances of several commits, each with the kustomize that its own gitops.yaml asks for."""

    def __init__(self, root: Path, asked: PlanRequest, progress: Progress) -> None:
        self._root, self._asked, self._progress = root, asked, progress
        self._cache = open_cache(root, "synced")
        self._surveyors: dict[str, Surveyor] = {}

    def sides(self, tree: Tree, names: list[str], commit: str | None) -> dict[str, Side]:
        """Survey the instances of the working tree, or of a commit; raises InputError for what cannot be read there."""
        if not names:
            return {}
        with _said_of(commit), _folder(needed=commit is not None) as scratch:
            surveyor, checkout = self._surveyor(tree), TreeCheckout(tree)
            return {name: surveyor.side(checkout, scratch or self._root, name, self._asked.wants) for name in names}

    def save(self) -> None:
        """Remember what was built, if everything was asked for."""
        if not (self._asked.names or self._asked.environment or self._asked.instance):
            self._cache.save()

    def _surveyor(self, tree: Tree) -> Surveyor:
        version = kustomize_version_for(read_gitops(tree).argocd.version)
        if version not in self._surveyors:
            wrapper = wrapper_for(version)
            self._surveyors[version] = Surveyor(wrapper, version, self._cache, self._progress)
        return self._surveyors[version]


@contextmanager
def _said_of(commit: str | None) -> Iterator[None]:
    """Name a commit in what is said of it, and its files as git does: `<commit>:<path>`."""
    try:
        yield
    except InputError as error:
        if commit is None:
            raise
        raise InputError([_in_commit(found, commit) for found in error.complaints]) from error
    except ToolError as error:
        raise error if commit is None else ToolError(f"commit {commit[:12]}: {error}") from error


def _in_commit(found: Finding, commit: str) -> Finding:
    place = msgspec.structs.replace(found.place, file=f"{commit[:12]}:{found.place.file}")
    return msgspec.structs.replace(found, place=place)


@contextmanager
def _folder(*, needed: bool) -> Iterator[Path | None]:
    """Return a folder for files of a commit, where they are needed."""
    if not needed:
        yield None
        return
    with throwaway() as folder:
        yield folder / "files"


def _refuse_unknown(asked: PlanRequest, sides: list[Side]) -> None:
    """Raise UsageError for a name or an environment that no Application has, now or before."""
    known = {each.name: each for side in sides for each in side.all}
    for name in asked.names:
        if name not in known:
            raise UsageError(f"no Application '{name}'; {hint(name, tuple(known))}")
    environments = {name for each in known.values() for name in _environments(each)}
    if asked.environment is not None and asked.environment not in environments:
        raise UsageError(
            f"no Application in environment '{asked.environment}'; {hint(asked.environment, environments)}"
        )


def _environments(application: Application) -> frozenset[str]:
    """Return the environments of an Application: its label's, and those of its paths `overlays/<env>/...`."""
    labels = application.manifest.get("metadata", {}).get("labels") or {}
    paths = [source.path.split("/") for source in application.sources]
    found = [parts[1] for parts in paths if parts[0] == "overlays" and len(parts) > 1]
    return frozenset([*found, *([str(labels["environment"])] if labels.get("environment") else [])])
