"""The CustomResourceDefinitions of the objects that a server is asked about: found, installed, awaited."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from generator.apiserver.discovery import fetch_kinds
from generator.apiserver.refusal import refusals
from generator.apiserver.retry import patiently
from generator.crds.bare import bare
from generator.crds.definition import Definition, definition, faults, is_definition, read_manifest
from generator.crds.files import DEFINITION, FOLDER
from generator.disk.tree import digest
from generator.findings.errors import InputError, ToolError
from generator.findings.finding import Place
from generator.kubernetes.manifest import show
from generator.kubernetes.packs import crd_pack
from generator.rules.apiserver import API001

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.apiserver.client import Client
    from generator.disk.tree import Tree
    from generator.model.base import Manifest

_PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
# The largest one in use (an ApplicationSet, 1.4 MB) is served 2.1 s after it came.
_SECONDS = 60.0
_POLL_SECONDS = 0.02


def definition_files(tree: Tree) -> dict[str, bytes]:
    """Return every definition by its path below `schemas/crds`; the repository's own win over the product's."""
    pack = crd_pack()
    shipped = {path.relative_to(pack).as_posix(): path.read_bytes() for path in sorted(pack.glob(f"*/*{DEFINITION}"))}
    own = {path: tree.files[path] for path in tree.under(FOLDER) if path.endswith(DEFINITION)}
    return shipped | {path.removeprefix(f"{FOLDER}/"): data for path, data in own.items()}


def definitions_digest(files: dict[str, bytes]) -> str:
    """Return what tells one set of definitions from another."""
    return digest(sorted(files.items()))


def definitions(files: dict[str, bytes]) -> list[Definition]:
    """Read definitions; raises InputError for a file that holds none."""
    found = []
    for path, data in files.items():
        manifest = read_manifest(data)
        wrong = next(faults(manifest), None)
        if wrong is not None:
            remedy = "run `fairlead schemas add CRD.yaml` again"
            raise InputError([API001.complaint(Place(f"{FOLDER}/{path}"), wrong.message, remedy)])
        found.append(definition(manifest))
    return found


def defined_among(objects: Iterable[Manifest]) -> list[Definition]:
    """Return the definitions that are among built objects: what an overlay brings along holds for its own objects."""
    whole = (definition(each) for each in objects if is_definition(each) and not any(faults(each)))
    return [definition(bare(each)) for each in whole]


def install(client: Client, wanted: Iterable[Definition]) -> None:
    """Make the server serve these kinds, and wait until it does.

    Raises ToolError when it refuses one, or still does not serve it after a minute.
    """
    waiting = list(wanted)
    for each in waiting:
        _send(client, each)
    end = time.monotonic() + _SECONDS
    while waiting := [each for each in waiting if not _is_served(client, each)]:
        if time.monotonic() > end:
            names = ", ".join(each.kind for each in waiting)
            raise ToolError(f"the API server still does not serve {names} after {_SECONDS:g} s")
        time.sleep(_POLL_SECONDS)


def _send(client: Client, wanted: Definition) -> None:
    path = _PATH + wanted.manifest["metadata"]["name"]
    answer = patiently(lambda: client.apply(path, wanted.manifest, dry_run=False))
    if answer.status >= HTTPStatus.BAD_REQUEST:
        said = (f"{show(each.path or ())}: {each.message}" for each in refusals(answer.body, wanted.manifest))
        raise ToolError(f"the API server refuses the definition of {wanted.group} {wanted.kind}: {'; '.join(said)}")


def _is_served(client: Client, wanted: Definition) -> bool:
    status = client.get(_PATH + wanted.manifest["metadata"]["name"]).body.get("status") or {}
    conditions = status.get("conditions") or ()
    for each in conditions:
        if each["type"] == "NamesAccepted" and each["status"] == "False":
            raise ToolError(f"the API server refuses the names of {wanted.group} {wanted.kind}: {each.get('message')}")
    established = any(each["type"] == "Established" and each["status"] == "True" for each in conditions)
    return established and all(
        wanted.kind in fetch_kinds(client, f"{wanted.group}/{version}") for version in wanted.versions
    )
