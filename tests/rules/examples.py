"""Reading case files: what the head of a file expects, and what the rules say about its objects."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import yaml

from generator.findings.finding import Place
from generator.findings.verdict import Reading, Verdict
from generator.kubernetes.objects import kind, name, namespace, title
from generator.prove.presence import absence, nearest_path
from generator.rules.absent import absent
from generator.rules.applications import made
from generator.rules.references import references
from generator.rules.rule import Violation
from generator.rules.runner import violations
from generator.rules.sources import reads
from generator.rules.taken_names import collision
from generator.rules.unprovided import unknown
from generator.rules.view import Limits, SyncedRepository, View
from generator.rules.world import Absence, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.rule import Rule

# The head of a case file: which environment, what is external, what is there besides, and every finding in full.
_SETTING = re.compile(
    r"# (environment|external|folders|promised|kubernetes|provider|store|secrets|neighbours|renamed|twins|modelled)"
    r": (.*)"
)
_FOLDERS = "base/web charts/web overlays/prod/web overlays/dev/web"
_LIMITS = Limits(
    system="shop",
    kinds=frozenset({("", "Service"), ("apps", "Deployment")}),
    namespaces=frozenset({"shop", "shop-jobs"}),
)


def view(text: str) -> View:
    """Return the objects of a stream as a view; production unless the head says otherwise."""
    settings = {found[1]: found[2] for found in map(_SETTING.fullmatch, text.splitlines()) if found}
    environment = settings.get("environment", "prod")
    return View(
        objects=tuple(yaml.safe_load_all(text)),
        environment=environment,
        production=environment == "prod",
        service="web",
        external=frozenset(settings.get("external", "").split()),
        environments={"dev": False, "prod": True},
        repository=SyncedRepository(
            url="https://git.example.com/shop.git",
            promised=frozenset(settings.get("promised", "").split()),
            folders=frozenset(settings.get("folders", _FOLDERS).split()),
        ),
        kubernetes=settings.get("kubernetes", "1.35"),
        provider=settings.get("provider", "aws"),
        store=settings.get("store", "ClusterSecretStore"),
        secrets=frozenset(settings.get("secrets", "").split()),
        neighbours=frozenset(settings.get("neighbours", "").split()),
        renamed=dict(pair.split("=") for pair in settings.get("renamed", "").split()),
        twins={name: (there, here) for name, there, here in map(_three, settings.get("twins", "").split())},
        modelled=tuple(map(_plain, settings.get("modelled", "").split())),
    )


def _three(words: str) -> list[str]:
    """Return a name, the environment that has it, and the name here: `shop-dev=dev=shop-prod`."""
    return words.split("=")


def _plain(words: str) -> Manifest:
    """Return the object `Kind/name`, with nothing in it."""
    what, _, called = words.partition("/")
    return {"apiVersion": "v1", "kind": what, "metadata": {"name": called, "namespace": "shop"}}


def said(rule: Rule, seen: View) -> list[Violation]:
    """Return what one rule over objects, or over the objects of all overlays, says about a view."""
    if rule.id == "WRK023":
        provided = [(namespace(one), name(one)) for one in seen.objects if kind(one) == "Service"]
        return [violation for _, violation in unknown(references(seen.objects), provided, seen.external)]
    if rule.id == "ARG001":
        return list(_taken(seen))
    if rule.id == "ARG012":
        seen = msgspec.structs.replace(seen, limits=_LIMITS)
    found = [violation for _, _, violation in violations(seen, [rule])]
    return [*found, *_absent(seen)] if rule.id == "ARG006" else found


def _taken(seen: View) -> Iterator[Violation]:
    """Yield what is said where two objects make Applications of one name."""
    owners: dict[str, Manifest] = {}
    for manifest in seen.objects:
        for each in made(manifest, seen.repository):
            owner = owners.setdefault(each.name, manifest)
            if owner is not manifest:
                yield Violation(path=each.path, message=collision(each.name, title(owner)))


def _absent(seen: View) -> Iterator[Violation]:
    """Yield what is said where the folders of the head are all that is there, each with one file."""
    assert seen.repository is not None
    with tempfile.TemporaryDirectory() as folder:
        for path in seen.repository.folders:
            (Path(folder) / path).mkdir(parents=True)
            (Path(folder) / path / "kustomization.yaml").touch()
        for read in (read for manifest in seen.objects for read in reads(manifest, seen.repository)):
            wanted = Reading(what=read.what, kind=read.kind, revision="main", object="", place=Place(""))
            if state := absence(Path(folder), wanted):
                near = nearest_path(Path(folder), read.what)
                absence_ = Absence(Verdict(unit="web", environment="prod", cluster=""), wanted, state, near)
                for one in absent(World(verdicts=(), absences=(absence_,))):
                    yield Violation(path=read.path, message=one.message, remedy=one.remedy or "")


def expected(text: str) -> list[str]:
    """Return the expectations in the head of a case file."""
    return re.findall(r"^# (?:expect|remedy|severity): .*$", text, re.MULTILINE)


def written(rule: Rule, found: list[Violation]) -> list[str]:
    """Return violations the way the head of a case file writes them."""
    return [line for violation in found for line in _lines(rule, violation)]


def _lines(rule: Rule, violation: Violation) -> Iterator[str]:
    yield f"# expect: {violation.message}"
    yield f"# remedy: {violation.remedy or rule.remedy}"
    if violation.severity not in {None, rule.severity}:
        yield f"# severity: {violation.severity}"
