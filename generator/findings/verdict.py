"""What is known about one overlay after checking it: the small, cacheable answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from generator.findings.finding import Finding, Place
from generator.roots import OVERLAYS, ROOTS, BuildTarget

if TYPE_CHECKING:
    from collections.abc import Iterable


class Suppressed(msgspec.Struct, frozen=True):
    """A finding that the page allows, with the reason that it gives."""

    finding: Finding
    reason: str


class Allowance(msgspec.Struct, frozen=True):
    """An entry of `suppress` on a page, as an overlay sees it: where it stands, and whether the overlay needs it.

    `object` is `Kind/name`, None for any.
    """

    rule: str
    object: str | None
    reason: str
    place: Place
    used: bool

    def covers(self, finding: Finding) -> bool:
        """Report whether a finding of the overlay is one that this entry allows."""
        return covers(self.rule, self.object, finding)


def covers(rule: str, object_: str | None, finding: Finding) -> bool:
    """Report whether an entry of `suppress` for a rule and an object (`Kind/name`, None for any) allows a finding."""
    kind, _, rest = finding.object.partition("/")
    return rule == finding.rule and object_ in {None, f"{kind}/{rest.rpartition('/')[2]}"}


class Needed(msgspec.Struct, frozen=True):
    """A Kubernetes Service that some other overlay must provide, and the field of an object that needs it.

    `certain` is False where the name could also be a public host. The line is looked for only when nobody provides it.
    `meant` is the name of the namespace where the text has its key.
    """

    object: str
    path: tuple[str | int, ...]
    namespace: str
    name: str
    certain: bool
    meant: str = ""


class NamedApplication(msgspec.Struct, frozen=True):
    """The name of an Application that an overlay brings, and the place that it comes from."""

    name: str
    place: Place


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of the repository that Argo CD is told to read, or a pattern of folders or files, at a revision.

    Whether it is there, no page and no overlay says: it is looked up in every run.
    """

    what: str
    kind: Literal["folder", "folders", "files"]
    revision: str
    object: str
    place: Place


class Conditional(msgspec.Struct, frozen=True):
    """A finding that is void where another overlay of the cluster brings an object: (kind, namespace, name)."""

    finding: Finding
    unless: tuple[str, str, str]


class Shared(msgspec.Struct, frozen=True):
    """A finding that stands only where another environment of the cluster takes the same thing."""

    finding: Finding
    what: str


class Workload(msgspec.Struct, frozen=True):
    """Something with pods: its name and namespace, the labels of its selector (none for a job), and those of its pods.

    A selector with more than plain labels is left out.
    """

    object: str
    namespace: str
    selector: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one overlay's own files and pages decide; `root` is the rendered root that it stands in.

    `lasting` says that it holds for as long as pages and files stay as they are: everything was rendered and built.
    `rules` counts the rules that looked, `compared` objects held against the model, `checked` objects that kubeconform
    accepted or refused. `allowances` are what the page suppresses, `awaited` the environments that the page runs in
    once it is released to all of them. `objects` names the built objects, `provides` the Kubernetes Services among them
    as (namespace, name); `needed` are references that other overlays must meet. `applications` are those that Argo CD
    makes of it, `reads` what a person's own ones among them read in this repository. `workloads` are the objects whose
    pods a selector may pick.
    """

    unit: str
    environment: str
    cluster: str
    root: str = OVERLAYS
    lasting: bool = False
    compared: int = 0
    checked: int = 0
    skipped: int = 0
    rules: int = 0
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    awaited: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    provides: tuple[tuple[str, str], ...] = ()
    needed: tuple[Needed, ...] = ()
    external: frozenset[str] = frozenset()
    applications: tuple[NamedApplication, ...] = ()
    reads: tuple[Reading, ...] = ()
    supplies: tuple[tuple[str, str, str], ...] = ()
    conditional: tuple[Conditional, ...] = ()
    shared: tuple[Shared, ...] = ()
    workloads: tuple[Workload, ...] = ()

    @property
    def target(self) -> BuildTarget:
        """The folder that was proven."""
        return BuildTarget(ROOTS[self.root], self.environment, self.unit)


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What an API server of `version` said about one overlay: how many objects it was asked about, and its findings."""

    version: str
    asked: int = 0
    findings: tuple[Finding, ...] = ()


class ServerCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of API servers of these versions: objects in this run, in `seconds`, and in earlier ones."""

    versions: tuple[str, ...]
    asked: int
    cached: int
    seconds: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `validate`: totals, and every finding in the order of files and lines."""

    pages: int
    overlays: int
    compared: int
    checked: int
    skipped: int
    rules: int
    hits: int
    misses: int
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    api_server: ServerCounts | None = None

    @property
    def errors(self) -> int:
        """Number of findings that block."""
        return sum(finding.severity == "error" for finding in self.findings)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings once each, by file, line and rule."""
    return tuple(sorted(set(findings), key=_order))


def _order(found: Finding) -> tuple[Place, str, str, str, str]:
    return found.place, found.rule, found.environment, found.message, found.object
