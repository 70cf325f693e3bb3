"""One server over many overlays: questions go out several at a time, and what is refused comes back as findings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec

from generator.apiserver.dry_run_request import Question, questions
from generator.apiserver.immutable import ObjectChange, refused_changes
from generator.findings.finding import Finding
from generator.findings.verdict import Accepted, sort_findings
from generator.kubernetes.manifest import identity, show
from generator.prove.check import Examined, ObjectFault
from generator.render import render_shared
from generator.rules.apiserver import API001, DIF004
from generator.rules.leftovers import WRK025
from generator.rules.proof import SCH001, SCH002

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from generator.apiserver.refusal import RefusalCause
    from generator.apiserver.session import Session
    from generator.findings.progress import Progress
    from generator.inputs.project import Project
    from generator.kubernetes.manifest import ObjectId
    from generator.layout.unit import Overlay
    from generator.model.base import Manifest
    from generator.rules.rule import Rule

# The namespace of whoever says none.
_DEFAULT = "default"
_REMEDY = "the cluster would refuse it too: mend the value"
# Rules that say the same of a field without a server.
_OFFLINE_RULES = frozenset({SCH001.id, SCH002.id, WRK025.id})
# The server's words for a field that there is not.
_UNDECLARED = frozenset({"field not declared in schema", "unknown field"})
# Questions under way at once: 2 ms each, and the server has the other core.
_WORKERS = 4


class Case(msgspec.Struct, frozen=True):
    """One overlay to judge: whether its objects are asked about, and what changes in those that run already.

    `notes` are findings about that change which no server is needed for.
    """

    examined: Examined
    fresh: bool = True
    changes: tuple[ObjectChange, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def overlay(self) -> Overlay:
        """The overlay that it is about."""
        return self.examined.overlay

    @property
    def questions(self) -> list[Question]:
        """What is asked about its objects."""
        return [each for manifest in self.examined.objects for each in questions(manifest)] if self.fresh else []


class Judgement(msgspec.Struct, frozen=True):
    """What the server said about one overlay: to its objects, and to what changes in them."""

    accepted: Accepted
    kept: Accepted


class Court:
    """Asks one server about overlays; `project` is what the pages say."""

    def __init__(self, session: Session, project: Project, progress: Progress) -> None:
        self._session = session
        self._project = project
        self._progress = progress
        self._labels: dict[str, Mapping[str, Mapping[str, str]]] = {}

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        """Judge overlays, in their order; raises ToolError when the server goes away."""
        asked = [(case, question) for case in cases for question in case.questions]
        changed = [change.question for case in cases for change in case.changes]
        self._session.prepare(
            [*(question for _, question in asked), *changed],
            {self._namespace(case.overlay, question) for case, question in asked},
        )
        self._progress.stage("asking the API server", len(cases))
        with ThreadPoolExecutor(_WORKERS) as pool:
            return [self._judged(case, pool) for case in cases]

    def _judged(self, case: Case, pool: Executor) -> Judgement:
        asked, version = case.questions, self._session.version
        refused = [found for each in pool.map(lambda each: list(self._refused(case, each)), asked) for found in each]
        broken = [
            found for each in pool.map(lambda each: list(self._broken(case, each)), case.changes) for found in each
        ]
        self._progress.advance()
        return Judgement(
            accepted=Accepted(version=version, asked=len(asked), findings=sort_findings(refused)),
            kept=Accepted(version=version, asked=len(case.changes), findings=sort_findings([*case.notes, *broken])),
        )

    def _refused(self, case: Case, question: Question) -> Iterator[Finding]:
        """Yield what the server has against one object, but for what its schema said of the same place."""
        namespace = self._namespace(case.overlay, question)
        refusals = self._session.refusals(question, namespace)
        refusals += self._session.pod_refusals(question, self._labels_of(case).get(namespace, {}))
        known = [each for each in case.examined.verdict.findings if each.rule in _OFFLINE_RULES]
        for each in refusals:
            path = (*question.path, *(each.path or ()))
            message = f"{show(path)}: {each.message}" if path else each.message
            found = _finding(case, API001, question.owner, ObjectFault(path, message, _REMEDY))
            if not any(_is_same(one, found, each) for one in known):
                yield found

    def _broken(self, case: Case, change: ObjectChange) -> Iterator[Finding]:
        """Yield what the server has against one change to an object that runs already."""
        for fault in refused_changes(self._session, change):
            yield _finding(case, DIF004, identity(change.question.manifest), fault)

    def _namespace(self, overlay: Overlay, question: Question) -> str:
        """Return where an object goes; one that names no namespace into the first of its system, as Argo CD does it."""
        if question.namespace:
            return question.namespace
        page = self._project.services.get(overlay.unit)
        system = page.system if page else overlay.unit
        if system not in self._project.systems:
            return _DEFAULT
        return next(iter(self._project.namespaces(system, overlay.placement.environment).values()), _DEFAULT)

    def _labels_of(self, case: Case) -> Mapping[str, Mapping[str, str]]:
        """Return the labels of the namespaces that an overlay's pods can be in."""
        cluster = case.overlay.placement.cluster
        if cluster not in self._labels:
            self._labels[cluster] = _labels(self._shared(cluster))
        return {**self._labels[cluster], **_labels(case.examined.objects)}

    def _shared(self, cluster: str) -> Iterator[Manifest]:
        """Yield what systems share on a cluster."""
        for system, environment in self._project.shared_overlays:
            if self._project.placement(system, environment).cluster == cluster:
                yield from render_shared(self._project.shared(system, environment))


def _labels(objects: Iterable[Manifest]) -> dict[str, dict[str, str]]:
    """Return the labels of each Namespace, by its name."""
    namespaces = (each["metadata"] for each in objects if each.get("kind") == "Namespace")
    return {metadata["name"]: metadata.get("labels") or {} for metadata in namespaces}


def _is_same(known: Finding, found: Finding, refusal: RefusalCause) -> bool:
    """Return whether a schema said it: at the same place, or of an unknown field in what is around it."""
    if known.object != found.object:
        return False
    unknown = refusal.message in _UNDECLARED and refusal.path and f"'{refusal.path[-1]}'" in known.message
    return known.place == found.place or bool(unknown)


def _finding(case: Case, rule: Rule, id_: ObjectId, fault: ObjectFault) -> Finding:
    assert case.examined.lines is not None  # noqa: S101  # it was built
    return case.examined.lines.finding(rule, id_, fault)
