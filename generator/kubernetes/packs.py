"""Where the schema data lies: beside the package in a checkout, inside it in an installed wheel.

It only finds folders; what is in them, `scripts/schemas-*` say.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.findings.errors import ToolError

_PACKAGE = Path(__file__).resolve().parents[1]


def supported_kubernetes_versions() -> tuple[str, ...]:
    """Return every Kubernetes version (`major.minor`) that there is a pack for, oldest first."""
    folders = (folder.name for folder in (schema_folder() / "kubernetes").iterdir() if folder.is_dir())
    return tuple(sorted(folders, key=_by_number))


def kubernetes_pack(version: str) -> Path:
    """Return the folder of strict schemas for Kubernetes `version` (`1.35`; a patch number is ignored).

    Raises ToolError naming the versions there are when this one is not among them.
    """
    known = supported_kubernetes_versions()
    minor = ".".join(version.split(".")[:2])
    if minor not in known:
        raise ToolError(f"no schemas for Kubernetes {version}; there are schemas for {', '.join(known)}")
    return schema_folder() / "kubernetes" / minor


def crd_pack() -> Path:
    """Return the folder of the definitions and schemas of custom resources that Fairlead brings along."""
    return schema_folder() / "crds"


@cache
def kubernetes_groups() -> frozenset[str]:
    """Return the API groups that the packs of Kubernetes have kinds of; the oldest group is called `v1`."""
    lines = (schema_folder() / "kinds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.partition(" ")[0].partition("/")[0] for line in lines if not line.startswith("#"))


def openapi_document(kustomize_version: str) -> Path | None:
    """Return the short OpenAPI document for this kustomize; None means: build with the one built in."""
    path = schema_folder() / "kustomize" / kustomize_version / "openapi.json"
    return path if path.is_file() else None


@cache
def openapi_left_out(kustomize_version: str) -> frozenset[tuple[str, str]]:
    """Return every (apiVersion, kind) that kustomize knows and its short document lacks.

    A build with such an object must use the document built in. With any other object, a custom resource too,
    both documents give the same bytes (tests/schemas/test_openapi.py). Empty without a short document.
    """
    document = openapi_document(kustomize_version)
    lines = document.with_name("left-out.txt").read_text().splitlines() if document else []
    return frozenset((api_version, kind) for api_version, _, kind in (line.partition(" ") for line in lines))


@cache
def schema_folder() -> Path:
    """Return the folder of all schema data; raises ToolError when the installation is broken."""
    for folder in (_PACKAGE.parent / "schemas", _PACKAGE / "schemas"):
        if (folder / "kubernetes").is_dir():
            return folder
    raise ToolError(f"no schemas beside or inside {_PACKAGE}; install Fairlead again")


def _by_number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
