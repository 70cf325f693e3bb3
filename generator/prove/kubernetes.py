"""Would Kubernetes take these objects? kubeconform over everything that was built: strict, offline, nothing skipped."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.errors import ToolError
from generator.model.base import Manifest
from generator.packs import kubernetes_pack
from generator.rules.rule import Violation
from generator.tools.kubeconform import Problem, Status, check, pack_location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Rule ids of what only a schema knows.
MISFIT, NO_SCHEMA = "SCH001", "SCH002"


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What kubeconform said about one list of objects: how many it accepted, skipped, and the faults it found."""

    checked: int
    skipped: int
    faults: tuple[tuple[str, Manifest, Violation], ...]


class Judge(msgspec.Struct, frozen=True):
    """Runs kubeconform with our own schemas; `crds` is the repository's folder of custom resource schemas."""

    kubeconform: Path
    crds: Path

    def judge(self, objects: Mapping[str, Sequence[Manifest]], kubernetes_version: str) -> dict[str, Checked]:
        """Check named lists of objects against one Kubernetes version, all in one process."""
        with tempfile.TemporaryDirectory(prefix="fairlead-objects-") as scratch:
            files = {name: Path(scratch, f"{number}.yaml") for number, name in enumerate(objects)}
            for name, file in files.items():
                file.write_bytes(b"\n---\n".join(msgspec.json.encode(manifest) for manifest in objects[name]))
            result = check(
                self.kubeconform,
                list(files.values()),
                self._locations(kubernetes_version),
                kubernetes_version,
            )
        seen, asked = result.total, sum(len(manifests) for manifests in objects.values())
        if seen != asked:
            raise ToolError(f"kubeconform looked at {seen} of {asked} objects")
        by_file: dict[str, list[Problem]] = {}
        for problem in result.problems:
            by_file.setdefault(problem.file, []).append(problem)
        return {name: _checked(objects[name], by_file.get(str(files[name]), [])) for name in objects}

    def _locations(self, kubernetes_version: str) -> list[str]:
        pack = pack_location(kubernetes_pack(kubernetes_version))
        own = f"{self.crds}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"
        return [pack, own] if self.crds.is_dir() else [pack]


def _checked(objects: Sequence[Manifest], problems: Sequence[Problem]) -> Checked:
    skipped = sum(problem.status is Status.SKIPPED for problem in problems)
    faults = tuple(fault for problem in problems for fault in _faults(objects, problem))
    return Checked(checked=len(objects) - skipped, skipped=skipped, faults=faults)


def _faults(objects: Sequence[Manifest], problem: Problem) -> Iterator[tuple[str, Manifest, Violation]]:
    manifest = _object(objects, problem)
    if problem.status in {Status.NO_SCHEMA, Status.SKIPPED}:
        message = f"no schema for {problem.version} {problem.kind}: it was not checked"
        remedy = "put its JSON Schema under schemas/crds/<group>/<kind>_<version>.json"
        yield NO_SCHEMA, manifest, Violation(path=(), message=message, remedy=remedy)
        return
    for cause in problem.causes:
        path = _path(manifest, cause.path)
        where = cause.path.strip("/").replace("/", ".") or "the object"
        remedy = "Kubernetes refuses or ignores this; mend the page"
        yield MISFIT, manifest, Violation(path=path, message=f"{where}: {cause.message}", remedy=remedy)
    if not problem.causes:
        yield MISFIT, manifest, Violation(path=(), message=problem.message, remedy="")


def _object(objects: Sequence[Manifest], problem: Problem) -> Manifest:
    for manifest in objects:
        named = manifest.get("kind") == problem.kind and (manifest.get("metadata") or {}).get("name") == problem.name
        if named and manifest.get("apiVersion") == problem.version:
            return manifest
    return next((manifest for manifest in objects if manifest.get("kind") == problem.kind), objects[0])


def _path(manifest: Manifest, pointer: str) -> tuple[str | int, ...]:
    """Give a JSON pointer as a path into the object."""
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
