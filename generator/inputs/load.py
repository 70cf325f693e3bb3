"""Load a tree of pages into a `Project`, or refuse with every complaint about every page."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from generator.disk.tree import read
from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.inputs.annotations import annotation_complaints
from generator.inputs.dependencies import Dependencies
from generator.inputs.enrolment import excluded
from generator.inputs.gate_checks import unfit_gates
from generator.inputs.instances import missing_resources, unfit_instances
from generator.inputs.kinds import unfit_kinds
from generator.inputs.name import is_name
from generator.inputs.namespace_names import unfit_names
from generator.inputs.ownfiles import unfit_files
from generator.inputs.placement_checks import unfit_cluster, unfit_places
from generator.inputs.project import Project
from generator.inputs.references import dangling
from generator.inputs.remotes import unreachable
from generator.inputs.reserved import reserved_complaints
from generator.inputs.schemafiles import foreign_schemas
from generator.inputs.service_page import ServicePage
from generator.inputs.shapes import FILES
from generator.inputs.system_scope import overreach
from generator.inputs.versions import unsupported
from generator.model.project import Cluster, Environment, GitOps, System
from generator.roots import ROOTS
from generator.rules.reader import problem_complaint
from generator.rules.spec import SPC005, SPC007, SPC009
from generator.yamlio import Document, Problem, parse, survey
from generator.yamlio.walk import ProblemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding

# Folder of pages -> the kind of page in it.
FOLDERS = {"systems": "system", "environments": "environment", "clusters": "cluster", "services": "service"}

# Names of projects that Argo CD has already.
_PROJECTS = {
    "root": "it is Argo CD's project of its own objects",
    "platform": "it is Argo CD's project of namespaces",
    "default": "it is the project that Argo CD brings along, and everything may be in it",
}

_SUFFIXES = {".yaml", ".yml"}

# No field of Kubernetes is narrower than 32 bits, which shorter numbers fit.
_LARGE_NUMBER = re.compile(r"\d{10}")

_RESTORE = "restore it (`git checkout HEAD -- gitops.yaml`), or write one (docs/pages.md)"


def load(tree: Tree, only: Collection[str] | None = None) -> Project:
    """Load every page, or of the services only those named in `only`; raises InputError with all complaints."""
    names = {kind: dict(_named(tree, folder)) for folder, kind in FOLDERS.items()}
    complaints = [*_link_complaints(tree), *_name_complaints(tree, names), *_missing_gitops(tree)]
    complaints += foreign_schemas(tree)
    wanted = {name: file for name, file in names["service"].items() if only is None or name in only}
    documents: dict[str, Document] = {}
    for file, kind in _files(tree, names, wanted):
        document, found = _page(tree.files[file], file, kind)
        complaints += found
        if document is not None:
            documents[file] = document
    if complaints:
        raise InputError(sorted(complaints, key=lambda found: found.place))
    project = _project(documents, names, wanted, tree)
    if broken := [
        *dangling(project),
        *unsupported(project),
        *unreachable(project),
        *unfit_gates(project),
        *unfit_instances(project),
        *overreach(project),
    ]:
        raise InputError(sorted(broken, key=lambda found: found.place))
    unfit = [*unfit_places(project), *unfit_names(project), *unfit_kinds(project, tree)]
    if unfit := [*unfit, *unfit_files(project, tree), *missing_resources(project, tree)]:
        raise InputError(sorted(unfit, key=lambda found: found.place))
    return project


def load_gitops(root: Path) -> GitOps:
    """Load `gitops.yaml` alone; raises InputError with all complaints about it."""
    return read_gitops(read(root, ["gitops.yaml"]))


def read_gitops(tree: Tree) -> GitOps:
    """Load `gitops.yaml` of a tree alone; raises InputError with all complaints about it, and where it is missing."""
    document, complaints = None, [*_missing_gitops(tree)]
    if not complaints:
        document, complaints = _page(tree.files["gitops.yaml"], "gitops.yaml", "gitops")
    if document is None:
        raise InputError(complaints)
    return msgspec.convert(document.value, GitOps)


def _files(tree: Tree, names: dict[str, dict[str, str]], wanted: dict[str, str]) -> Iterator[tuple[str, str]]:
    if "gitops.yaml" in tree.files:
        yield "gitops.yaml", "gitops"
    for kind in ("system", "environment", "cluster"):
        for file in names[kind].values():
            yield file, kind
    for file in wanted.values():
        yield file, "service"


def _named(tree: Tree, folder: str) -> Iterator[tuple[str, str]]:
    """Yield the pages of a folder by name."""
    for path in tree.under(folder):
        name = PurePosixPath(path)
        if name.suffix == ".yaml" and path.count("/") == 1:
            yield name.stem, path


def _page(data: bytes, file: str, kind: str) -> tuple[Document | None, list[Finding]]:
    """Read a page; give it, or None with every complaint about it."""
    document, problems = survey(data, file)
    found = [problem_complaint(problem, file) for problem in problems]
    if document is not None:
        if any(problem.kind is ProblemKind.AMBIGUOUS for problem in problems):
            found = _numbers(problems, document, kind)
        known = {complaint.place for complaint in found}  # a scalar that is ambiguous fits nowhere
        found += [misfit for misfit in _misfits(document, kind) if misfit.place not in known]
        found += _oversized(document, kind) if not found and _LARGE_NUMBER.search(document.text) else []
        if kind == "cluster" and not found:
            found += unfit_cluster(document)
        found += [*reserved_complaints(document), *annotation_complaints(document)]
    return (None, found) if found else (document, [])


def _numbers(problems: list[Problem], document: Document, kind: str) -> list[Finding]:
    """Return the complaints about problems, those about ambiguous scalars in the words of their fields."""
    from generator.inputs.numbers import number_complaint  # 10 ms that a good page does not pay

    found = []
    for problem in problems:
        complaint = problem_complaint(problem, document.file)
        is_number = problem.kind is ProblemKind.AMBIGUOUS
        found.append(number_complaint(complaint, document, kind) if is_number else complaint)
    return found


def _oversized(document: Document, kind: str) -> list[Finding]:
    """Return the complaints about numbers that are too large for a field of Kubernetes that a page has as it is."""
    from generator.inputs.numbers import oversized_numbers  # 10 ms that most pages do not pay

    return list(oversized_numbers(document, kind))


def _misfits(document: Document, kind: str) -> list[Finding]:
    try:
        msgspec.convert(document.value, FILES[kind])
    except msgspec.ValidationError as error:
        from generator.inputs.schema_errors import misfits  # 90 ms that a good page does not pay

        return misfits(document.value, FILES[kind], document, str(error))
    return []


def _project(
    documents: dict[str, Document], names: dict[str, dict[str, str]], wanted: dict[str, str], tree: Tree
) -> Project:
    def typed(kind: str, model: type[Any]) -> dict[str, Any]:
        return {name: msgspec.convert(documents[file].value, model) for name, file in names[kind].items()}

    return Project(
        gitops=msgspec.convert(documents["gitops.yaml"].value, GitOps),
        systems=typed("system", System),
        environments=typed("environment", Environment),
        clusters=typed("cluster", Cluster),
        services={name: _service_page(name, documents[file]) for name, file in sorted(wanted.items())},
        names=frozenset(names["service"]),
        documents=documents,
        defaults=built_in_defaults(),
        files=tree.files,
        dependencies=Dependencies(tree),
        read_page=partial(read_other_page, tree),
    )


def read_other_page(tree: Tree, name: str) -> ServicePage | None:
    """Read the page of a service that was not asked for, None where there is anything to complain about."""
    file = f"services/{name}.yaml"
    document, _ = _page(tree.files[file], file, "service")
    return _service_page(name, document) if document is not None else None


def _service_page(name: str, document: Document) -> ServicePage:
    return ServicePage(name=name, system=document.value["system"], document=document, excluded=excluded(document.value))


@cache
def built_in_defaults() -> Document:
    """Return the lowest layer of every page."""
    data = Path(__file__).with_name("defaults.yaml").read_bytes()
    document, problems = parse(data, "built-in defaults")
    if document is None:
        raise AssertionError(problems)
    return document


def _missing_gitops(tree: Tree) -> Iterator[Finding]:
    if "gitops.yaml" in tree.links:
        yield _link_complaint("gitops.yaml")
    elif "gitops.yaml" not in tree.files:
        yield SPC009.complaint(Place("gitops.yaml"), "the file is missing", _RESTORE)


def _link_complaints(tree: Tree) -> Iterator[Finding]:
    for path in tree.odd:
        yield SPC005.complaint(Place(path), "the name is no printable UTF-8", "rename the file")
    yield from map(_link_complaint, tree.links)


def _link_complaint(path: str) -> Finding:
    return SPC005.complaint(Place(path), "a symbolic link", "replace it by the file: links can lead anywhere")


def _name_complaints(tree: Tree, names: dict[str, dict[str, str]]) -> Iterator[Finding]:
    for folder, kind in FOLDERS.items():
        for path in tree.under(folder):
            beside = (
                kind == "service" and path.count("/") > 1 and path.split("/")[1] in names[kind]
            )  # of its ConfigMaps
            if fault := None if beside else _name_fault(path.removeprefix(f"{folder}/"), kind):
                yield SPC007.complaint(Place(path), *fault)
    whole = {name: f"it is the unit of everything under {name}/" for name, root in ROOTS.items() if root.together}
    for kind, taken in {"service": whole, "system": whole | _PROJECTS}.items():
        for name in names[kind].keys() & taken.keys():
            message = f"'{name}' is taken: {taken[name]}"
            yield SPC007.complaint(Place(names[kind][name]), message, f"rename the {kind}")
    for name in names["service"].keys() & names["system"].keys():
        message = f"a system is called '{name}' too ({names['system'][name]}): both would own overlays/<env>/{name}/"
        yield SPC007.complaint(Place(names["service"][name]), message, "rename the service")


def _name_fault(file: str, kind: str) -> tuple[str, str] | None:
    """Return what is wrong with the name of a page, and what to do."""
    name = PurePosixPath(file)
    if name.suffix not in _SUFFIXES:
        return None
    if "/" in file:
        return f"'{file}' is a folder deeper than pages are", f"move it to {kind}s/{name.name}"
    if name.suffix != ".yaml":
        return f"'{file}' does not end in .yaml", f"name the file {name.stem}.yaml"
    if not is_name(name.stem):
        remedy = (
            f"name the file <{kind}>.yaml: lower-case letters, digits and '-', a letter first, at most 42 characters"
        )
        return f"'{name.stem}' is not a name for a {kind}", remedy
    return None
