"""An Application as Argo CD would have it, and the parts of it that the plan is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.controller.permission import ApplicationDestination
from generator.findings.finding import Place
from generator.kubernetes.manifest import at
from generator.model.base import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

API_VERSION = "argoproj.io/v1alpha1"

# What Argo CD's own fields of a source ask of its tools, beside the path; each makes the build another one.
_OVERRIDES = ("kustomize", "helm", "directory", "plugin")


class Source(msgspec.Struct, frozen=True):
    """Where an Application's objects come from: a path of a repository, or a chart, at a revision."""

    repository: str = ""
    path: str = ""
    chart: str = ""
    revision: str = ""
    overrides: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f"chart {self.chart}" if self.chart else self.path or "."
        return f"{what}@{self.revision}" if self.revision else what


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What Argo CD does by itself: sync a commit, prune, undo changes by hand, sync to nothing; and its `options`."""

    automated: bool = False
    prune: bool = False
    self_heal: bool = False
    allow_empty: bool = False
    options: tuple[str, ...] = ()
    retries: int | None = None

    @property
    def prune_last(self) -> bool:
        """Return whether everything that goes, goes last."""
        return "PruneLast=true" in self.options

    @property
    def prune_option(self) -> str | None:
        """Return what holds for objects without a word of their own: `Prune=false`, `Prune=confirm`."""
        found = [text for text in self.options if text.startswith("Prune=")]
        return found[0].partition("=")[2] if found else None


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """One Application: its `manifest`, the ApplicationSet that makes it ("" for none), and where that is declared.

    `keeps` says that the set never deletes one, `owner_annotations` are those of what the root Application syncs: the
    set, or the Application itself.
    """

    manifest: Manifest
    place: Place
    made_by: str = ""
    keeps: bool = False
    owner_annotations: dict[str, str] = {}

    @property
    def name(self) -> str:
        """Its name."""
        return str(at(self.manifest, ("metadata", "name")) or "")

    @property
    def project(self) -> str:
        """The name of its AppProject; Argo CD's `default` where it names none."""
        return str(at(self.manifest, ("spec", "project")) or "default")

    @property
    def destination(self) -> ApplicationDestination:
        """Where it deploys."""
        given = at(self.manifest, ("spec", "destination"))
        given = given if isinstance(given, dict) else {}
        return ApplicationDestination(
            given.get("name") or None, given.get("server") or None, str(given.get("namespace") or "")
        )

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its objects come from; `sources` count alone where there are any."""
        several = at(self.manifest, ("spec", "sources"))
        given = several or [at(self.manifest, ("spec", "source"))]
        return tuple(_source(each) for each in given if isinstance(each, dict))

    @property
    def policy(self) -> Policy:
        """What Argo CD does by itself."""
        return _policy(at(self.manifest, ("spec", "syncPolicy")))

    @property
    def annotations(self) -> dict[str, str]:
        """Its annotations."""
        found = at(self.manifest, ("metadata", "annotations"))
        return found if isinstance(found, dict) else {}


def _source(given: dict[str, Any]) -> Source:
    return Source(
        repository=str(given.get("repoURL") or ""),
        path=str(given.get("path") or "").strip("/").removeprefix("./"),
        chart=str(given.get("chart") or ""),
        revision=str(given.get("targetRevision") or ""),
        overrides=tuple(key for key in _OVERRIDES if given.get(key)),
    )


def _policy(given: Any) -> Policy:
    given = given if isinstance(given, dict) else {}
    automated = given.get("automated")
    on = isinstance(automated, dict) and automated.get("enabled", True) is not False
    words = automated if isinstance(automated, dict) else {}
    return Policy(
        automated=on,
        prune=bool(words.get("prune")),
        self_heal=bool(words.get("selfHeal")),
        allow_empty=bool(words.get("allowEmpty")),
        options=tuple(map(str, given.get("syncOptions") or ())),
        retries=at(given, ("retry", "limit")),
    )


def twins(applications: tuple[Application, ...]) -> Iterator[tuple[Application, Application]]:
    """Yield each Application with an earlier one of its name."""
    first: dict[str, Application] = {}
    for each in applications:
        if each.name in first:
            yield first[each.name], each
        first.setdefault(each.name, each)
