"""Would Kubernetes take these objects? kubeconform over everything that was built: strict, offline, nothing skipped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.crds.definition import API_VERSION, faults, is_definition, names_a_kind
from generator.crds.files import FOLDER
from generator.findings.errors import ToolError
from generator.folders.scratch import scratch_folder
from generator.kubernetes.manifest import at
from generator.kubernetes.packs import crd_pack
from generator.model.base import Manifest
from generator.prove.schemas import lay_out, locations, served_version, unusable
from generator.rules.proof import SCH001, SCH002
from generator.rules.rule import Rule, Violation
from generator.tools.kubeconform import Status, Unproven, check
from generator.yamlio.scalar import whole_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.kubernetes.manifest import Path as Steps

_ADD = "give the definition of the kind to `fairlead schemas add CRD.yaml`"


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What kubeconform said about one list of objects: how many it accepted, skipped, and the faults it found."""

    checked: int
    skipped: int
    faults: tuple[tuple[Rule, Manifest, Violation], ...]


class Judge(msgspec.Struct, frozen=True):
    """Runs kubeconform with our own schemas; `crds` are the repository's: path below `schemas/crds` -> bytes.

    They have been found to refer to nothing outside of themselves, see `crds.reference`.
    """

    kubeconform: Path
    crds: Mapping[str, bytes]

    def judge(self, objects: Mapping[str, Sequence[Manifest]], kubernetes_version: str) -> dict[str, Checked]:
        """Check named lists of objects against one Kubernetes version, all in one process.

        A list that holds definitions has a process of its own: they hold for its objects and for no others.
        """
        alone = {name for name, manifests in objects.items() if any(map(is_definition, manifests))}
        together = {name: manifests for name, manifests in objects.items() if name not in alone}
        groups = [together, *({name: objects[name]} for name in sorted(alone))]
        judged = [self._judge(group, kubernetes_version) for group in groups if group]
        found = {name: checked for group in judged for name, checked in group.items()}
        return {name: _with_unnamed(checked, objects[name]) for name, checked in found.items()}

    def _judge(self, objects: Mapping[str, Sequence[Manifest]], kubernetes_version: str) -> dict[str, Checked]:
        objects = {name: [each for each in manifests if names_a_kind(each)] for name, manifests in objects.items()}
        with scratch_folder("fairlead-objects-") as scratch:
            files = {name: Path(scratch, f"{number}.yaml") for number, name in enumerate(objects)}
            for name, file in files.items():
                file.write_bytes(b"\n---\n".join(msgspec.json.encode(manifest) for manifest in objects[name]))
            custom = Path(scratch, "crds")
            lay_out([each for manifests in objects.values() for each in manifests], self.crds, crd_pack(), custom)
            schemas = locations(kubernetes_version, custom)
            result = check(self.kubeconform, list(files.values()), schemas, kubernetes_version)
        seen, asked = result.total, sum(len(manifests) for manifests in objects.values())
        if seen != asked:
            raise ToolError(f"kubeconform looked at {seen} of {asked} objects")
        by_file: dict[str, list[Unproven]] = {}
        for problem in result.problems:
            by_file.setdefault(problem.file, []).append(problem)
        return {name: self._checked(objects[name], by_file.get(str(files[name]), [])) for name in objects}

    def _checked(self, objects: Sequence[Manifest], problems: Sequence[Unproven]) -> Checked:
        skipped = sum(problem.status is Status.SKIPPED for problem in problems)
        found = [fault for problem in problems for fault in self._faults(_object(objects, problem), problem)]
        found += [fault for manifest in objects for fault in _unusable_definition(manifest)]
        return Checked(checked=len(objects) - skipped, skipped=skipped, faults=tuple(found))

    def _faults(self, manifest: Manifest, problem: Unproven) -> Iterator[tuple[Rule, Manifest, Violation]]:
        broken = unusable(manifest, self.crds, crd_pack()) if problem.status is not Status.INVALID else None
        if broken or problem.status in {Status.NO_SCHEMA, Status.SKIPPED}:
            yield SCH002, manifest, _unchecked(problem, broken, self.crds)
            return
        for cause in problem.causes:
            path = _path(manifest, cause.path)
            where = cause.path.strip("/").replace("/", ".") or "the object"
            yield SCH001, manifest, _misfit(manifest, path, where, cause.message)
        if not problem.causes:
            yield SCH001, manifest, Violation(path=(), message=problem.message, remedy="")


def _misfit(manifest: Manifest, path: Steps, where: str, said: str) -> Violation:
    """Return what a schema says of a field, and the number to write where it is text that means one."""
    from generator.inputs.numbers import bounds_message, field_bounds, is_beyond, number_remedy  # as in load

    value, remedy = at(manifest, path), "Kubernetes refuses or ignores this; mend the page"
    bounds = field_bounds(path) if isinstance(value, str) and whole_numbers(value) else None
    if isinstance(value, str) and bounds is not None and "integer" in said:
        too_large = is_beyond(value, bounds)
        said = f"{said}; it {bounds_message(value, bounds)[0]}" if too_large else said
        remedy = bounds_message(value, bounds)[1] if too_large else number_remedy(value, where)
    return Violation(path=path, message=f"{where}: {said}", remedy=remedy)


def _with_unnamed(checked: Checked, manifests: Sequence[Manifest]) -> Checked:
    """Add a fault for each object that kubeconform was not asked about: its words would lead it to any file."""
    unnamed = [manifest for manifest in manifests if not names_a_kind(manifest)]
    faults = tuple((SCH001, manifest, _unnamed(manifest)) for manifest in unnamed)
    return msgspec.structs.replace(checked, faults=(*checked.faults, *faults))


def _unnamed(manifest: Manifest) -> Violation:
    what = f"{manifest.get('apiVersion')} {manifest.get('kind')}"
    message = f"apiVersion and kind are '{what}', which are no names: it was not checked"
    return Violation(path=("kind",), message=message, remedy="write them as the API reference does")


def _unchecked(problem: Unproven, broken: str | None, own: Iterable[str]) -> Violation:
    """Return the violation of an object that was not checked: no schema, a `broken` one, or one of another version."""
    what = f"no schema for {problem.version} {problem.kind}"
    group, _, version = problem.version.rpartition("/")
    if broken is None and (served := served_version(group, problem.kind, own, crd_pack())):
        message = f"{what}: `{group}/{served}` is the version that is served; it was not checked"
        remedy = f"write `apiVersion: {group}/{served}`; for an operator that still serves {version}, {_ADD}"
        return Violation(path=("apiVersion",), message=message, remedy=remedy)
    if broken is not None:
        what = f"{FOLDER}/{broken} is no JSON Schema that kubeconform can use"
    return Violation(path=(), message=f"{what}: it was not checked", remedy=_ADD)


def _unusable_definition(manifest: Manifest) -> Iterator[tuple[Rule, Manifest, Violation]]:
    """Yield what an API server would refuse about a definition, and kubeconform does not see."""
    if is_definition(manifest) and manifest.get("apiVersion") == API_VERSION:
        for fault in faults(manifest):
            yield SCH001, manifest, Violation(path=fault.path, message=fault.message, remedy=fault.remedy)


def _object(objects: Sequence[Manifest], problem: Unproven) -> Manifest:
    for manifest in objects:
        named = manifest.get("kind") == problem.kind and (manifest.get("metadata") or {}).get("name") == problem.name
        if named and manifest.get("apiVersion") == problem.version:
            return manifest
    return next((manifest for manifest in objects if manifest.get("kind") == problem.kind), objects[0])


def _path(manifest: Manifest, pointer: str) -> tuple[str | int, ...]:
    """Return a JSON pointer as a path into the object."""
    path: list[str | int] = []
    value: object = manifest
    for part in filter(None, pointer.split("/")):
        name = part.replace("~1", "/").replace("~0", "~")
        step: str | int = int(name) if isinstance(value, list) and name.isdigit() else name
        path.append(step)
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
    return tuple(path)
