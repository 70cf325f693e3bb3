"""kubeconform over many files in one process, and its answer as data.

It is a second opinion beside our own rules: it says which object breaks the Kubernetes schema and where in
it. An object that was not looked at (skipped, no schema, no object at all) is visible in the result; whether
that is a fault is for the caller to say.
"""

from __future__ import annotations

import enum
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import ToolError
from generator.folders.scratch import scratch_folder
from generator.kubernetes.packs import kubernetes_groups
from generator.tools import process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Objects checked at once. Measured: 2,100 objects in 20 files on 2 cores (kubeconform 0.8.0, median of 9):
# 1 takes 239 ms, 2 take 139, 4 take 134, 8 take 147.
_WORKERS = 4
# Paths given as arguments before a folder of links stands in for them: far below every system's limit.
_MANY = 400
_GO = process.short_go_environment()
# It takes 0.25 ms of a processor for an object, which has about a KiB: 80 times that is patience for a busy machine.
_LEAST_SECONDS = 120.0
_SECONDS_PER_BYTE = 0.02 / 1024
# kubeconform passes over a file with any other ending, even one named to it, and says nothing.
_READ = (".yaml", ".yml", ".json")
# kubeconform has no field for the place of a nested error: it is only in the text.
_CAUSE = re.compile(r"- at '(?P<path>[^']*)': (?P<message>.*?)(?=\s+- at '|$)", re.DOTALL)
# What it calls the common place of several errors, before it lists them.
_HEADING = "validation failed"
_NO_SCHEMA = "could not find schema for "


class Status(enum.StrEnum):
    """What kubeconform made of one object."""

    INVALID = "invalid"
    ERROR = "error"
    NO_SCHEMA = "no schema"
    SKIPPED = "skipped"


class Cause(msgspec.Struct, frozen=True):
    """One reason why an object is invalid; `path` leads into it, `/spec/replicas` or "" for the object."""

    path: str
    message: str


class Unproven(msgspec.Struct, frozen=True, kw_only=True):
    """One object not proven valid; `version` is its apiVersion, and kind, name and version may be empty."""

    file: str
    kind: str
    name: str
    version: str
    status: Status
    message: str
    causes: tuple[Cause, ...] = ()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How many objects came to which end (`errors` counts those without a schema too), and every problem."""

    valid: int
    invalid: int
    errors: int
    skipped: int
    problems: tuple[Unproven, ...]

    @property
    def total(self) -> int:
        """The number of objects seen; 0 means that nothing was checked."""
        return self.valid + self.invalid + self.errors + self.skipped


class _Resource(msgspec.Struct, frozen=True):
    filename: str
    kind: str
    name: str
    version: str
    status: str
    msg: str


class _Summary(msgspec.Struct, frozen=True):
    valid: int
    invalid: int
    errors: int
    skipped: int


class _Report(msgspec.Struct, frozen=True):
    summary: _Summary
    resources: list[_Resource] | None = None


def check(
    binary: Path,
    files: Sequence[Path],
    schema_locations: Sequence[str],
    kubernetes_version: str,
    *,
    timeout: float | None = None,
) -> Result:
    """Check every object of `files` (YAML or JSON, several documents each) strictly against the schemas.

    `schema_locations` are kubeconform's own templates, tried in order, and only they: an empty list is
    refused, because kubeconform would then ask the network. `kubernetes_version` is `1.35` or `1.35.2`.
    Problems name the files as they were given and come in the order of file, kind and name. `timeout` is in
    seconds; without one it grows with the size of the files.

    Raises ToolError when kubeconform cannot run, takes too long, gives no readable answer, or would pass over
    a file because of its name.
    """
    _refuse_what_it_would_not_check(files, schema_locations)
    if not files:
        return Result(valid=0, invalid=0, errors=0, skipped=0, problems=())
    with scratch_folder("fairlead-kubeconform-") as scratch:
        operands, names = _operands(files, Path(scratch))
        argv = [*_command(binary, schema_locations, kubernetes_version), "--", *operands]
        completed = process.run(argv, env={**_GO, "PATH": "", "HOME": scratch}, timeout=timeout or patience(files))
    return _result(_report(completed), names)


def patience(files: Sequence[Path]) -> float:
    """Return how many seconds kubeconform may take for `files`: 120 s, and 20 ms for each KiB."""
    return _LEAST_SECONDS + _SECONDS_PER_BYTE * sum(file.stat().st_size for file in files if file.is_file())


def _refuse_what_it_would_not_check(files: Sequence[Path], schema_locations: Sequence[str]) -> None:
    if not schema_locations:
        raise ToolError("kubeconform: no schema location given; it would ask the network")
    unread = [str(file) for file in files if file.suffix.lower() not in _READ and not file.is_dir()]
    if unread:
        raise ToolError(f"kubeconform reads only {', '.join(_READ)} and would pass over {', '.join(unread)}")


def pack_location(pack: Path) -> str:
    """Return the schema location for a folder of Kubernetes' own kinds, such as `packs.kubernetes_pack` gives.

    Its files name a group by the first label alone, so `networking.example.com` would be taken for `networking.k8s.io`,
    did the pack not answer for its own groups only.
    """
    groups = " ".join(f'"{group}"' for group in sorted(kubernetes_groups()))
    name = "{{.ResourceKind}}{{.KindSuffix}}"
    return f"{pack}/{{{{if eq .Group {groups}}}}}{name}{{{{else}}}}none{{{{end}}}}.json"


def _command(binary: Path, schema_locations: Sequence[str], kubernetes_version: str) -> list[str]:
    full = kubernetes_version if kubernetes_version.count(".") > 1 else f"{kubernetes_version}.0"
    argv = [str(binary), "-strict", "-summary", "-output", "json", "-n", str(_WORKERS)]
    for location in schema_locations:
        argv += ["-schema-location", location]
    return [*argv, "-kubernetes-version", full]


def _operands(files: Sequence[Path], scratch: Path) -> tuple[list[str], Mapping[str, str]]:
    """Return the arguments that stand for `files`, and what a path in the answer means if not itself."""
    if len(files) <= _MANY:
        return [str(file) for file in files], {}
    names = {}
    for number, file in enumerate(files):
        link = scratch / f"{number}{file.suffix}"
        link.symlink_to(file.absolute())
        names[str(link)] = str(file)
    return [str(scratch)], names


def _report(completed: process.Completed) -> _Report:
    try:
        return msgspec.json.decode(completed.stdout, type=_Report)
    except msgspec.DecodeError as error:
        said = completed.stderr.strip() or completed.stdout.decode(errors="replace").strip() or "nothing"
        raise ToolError(f"kubeconform: no readable answer (exit {completed.returncode}): {said}") from error


def _result(report: _Report, names: Mapping[str, str]) -> Result:
    problems = sorted((_problem(resource, names) for resource in report.resources or ()), key=_order)
    summary = report.summary
    return Result(
        valid=summary.valid,
        invalid=summary.invalid,
        errors=summary.errors,
        skipped=summary.skipped,
        problems=tuple(problems),
    )


def _order(problem: Unproven) -> tuple[str, str, str, str]:
    return (problem.file, problem.kind, problem.name, problem.message)


def _problem(resource: _Resource, names: Mapping[str, str]) -> Unproven:
    return Unproven(
        file=names.get(resource.filename, resource.filename),
        kind=resource.kind,
        name=resource.name,
        version=resource.version,
        status=_status(resource),
        message=resource.msg,
        causes=_causes(resource.msg) if resource.status == "statusInvalid" else (),
    )


def _status(resource: _Resource) -> Status:
    if resource.status == "statusError":
        return Status.NO_SCHEMA if resource.msg.startswith(_NO_SCHEMA) else Status.ERROR
    return {"statusInvalid": Status.INVALID, "statusSkipped": Status.SKIPPED}.get(resource.status, Status.ERROR)


def _causes(message: str) -> tuple[Cause, ...]:
    found = [Cause(match["path"], " ".join(match["message"].split())) for match in _CAUSE.finditer(message)]
    return tuple(cause for cause in found if cause.message != _HEADING)
