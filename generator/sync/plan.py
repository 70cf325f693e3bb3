"""The plan: read the repository, expand, build, judge, compare. The one room of this house that touches the world."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from generator.errors import UsageError
from generator.inputs.load import load_gitops
from generator.memory.cache import open_cache
from generator.packs import openapi_document, openapi_left_out
from generator.prove.wrapper import Wrapper
from generator.repo.head import base_of, commit_of
from generator.repo.throwaway import throwaway
from generator.sync.abandonment import abandoned
from generator.sync.catalogue import scopes_of
from generator.sync.checkout import Checkout
from generator.sync.declared import instances
from generator.sync.forecast import Forecast, Side, forecast
from generator.sync.instance import chosen, hint
from generator.sync.reading import tree_at, working_tree
from generator.sync.survey import Surveyor
from generator.tools.pins import KUSTOMIZE, kustomize_version_for
from generator.tools.program import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from generator.progress import Progress
    from generator.sync.application import Application
    from generator.tree import Tree


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What to plan: some Applications by name, an instance, an environment; nothing stands for all.

    `base` is a reference to compare with, `commit` what to plan in place of the working tree.
    """

    names: tuple[str, ...] = ()
    instance: str | None = None
    environment: str | None = None
    base: str | None = None
    commit: str | None = None

    def wants(self, application: Application) -> bool:
        """Say whether an Application is asked for."""
        if self.names and application.name not in self.names:
            return False
        return self.environment is None or self.environment in _environments(application)


def planned(root: Path, asked: Asked, progress: Progress, now: datetime) -> list[Forecast]:
    """Give what each instance will do at `now`; raises UsageError for unknown names, InputError, ToolError."""
    tip = "HEAD" if asked.commit is None else commit_of(root, asked.commit, "--commit")
    base = None if asked.base is None else base_of(root, asked.base, tip).revision
    tree = working_tree(root) if asked.commit is None else tree_at(root, tip)
    names = chosen(tree, asked.instance)
    surveyor = _surveyor(root, progress)
    with _folder(needed=asked.commit is not None) as scratch:
        heads = _sides(surveyor, Checkout(tree), scratch or root, names, asked)
    bases: dict[str, Side] = {}
    if base is not None:
        before = tree_at(root, base)
        past = [name for name in instances(before) if asked.instance in {None, name}]
        with _folder(needed=True) as scratch:
            bases = _sides(surveyor, Checkout(before), scratch or root, past, asked)
    if not (asked.names or asked.environment or asked.instance):
        surveyor.save()
    _refuse_unknown(asked, [*heads.values(), *bases.values()])
    found = [_forecast(tree, heads[name], bases.get(name), now, compared=base is not None) for name in names]
    return found + [abandoned(bases[name], heads.values(), asked.wants) for name in bases if name not in heads]


def _forecast(tree: Tree, head: Side, base: Side | None, now: datetime, *, compared: bool) -> Forecast:
    scopes = scopes_of(tree, [trait for built in head.built for trait in built.traits])
    if compared and base is None:  # a new instance
        base = Side(declaration=head.declaration, built=(), all=(), unexpanded=())
    return forecast(head, base, now, scopes)


def _sides(surveyor: Surveyor, checkout: Checkout, root: Path, names: list[str], asked: Asked) -> dict[str, Side]:
    return {name: surveyor.side(checkout, root, name, asked.wants) for name in names}


def _surveyor(root: Path, progress: Progress) -> Surveyor:
    version = kustomize_version_for(load_gitops(root).argocd.version)
    wrapper = Wrapper(program(KUSTOMIZE, version), openapi_document(version), openapi_left_out(version))
    return Surveyor(wrapper, version, open_cache(root, "synced"), progress)


@contextmanager
def _folder(*, needed: bool) -> Iterator[Path | None]:
    """Give a folder for files of a commit, where they are needed."""
    if not needed:
        yield None
        return
    with throwaway() as folder:
        yield folder / "files"


def _refuse_unknown(asked: Asked, sides: list[Side]) -> None:
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
    """Give the environments of an Application: its label's, and those of its paths `overlays/<env>/...`."""
    labels = application.manifest.get("metadata", {}).get("labels") or {}
    paths = [source.path.split("/") for source in application.sources]
    found = [parts[1] for parts in paths if parts[0] == "overlays" and len(parts) > 1]
    return frozenset([*found, *([str(labels["environment"])] if labels.get("environment") else [])])
