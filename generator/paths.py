"""How rendered files are told from people's own."""

from __future__ import annotations

from generator.roots import ROOTS

# One constant line: a hash or a date in it would conflict in every merge.
HEADER = "# Rendered by fairlead from the pages; edit those and run `fairlead generate`.\n"

# What HEADER and HOLD_HEADER were in earlier releases. Who changes one moves its old text here, or the files of every
# repository become strangers: never deleted, and refused by `publish`.
FORMER_HEADERS: tuple[str, ...] = (
    "# A hold on this overlay's release, kept by fairlead: `fairlead release SERVICE --env ENV` ends it.\n",
)

# The first line of an overlay's copy of a person's file that stands once, in the base, for all environments.
COPY_HEADER = (
    "# A copy of this file of the base, kept by fairlead: edit that one, or delete this line to change only this "
    "environment.\n"
)

# The one name that a kustomization has here; kustomize takes two more, and refuses a folder with several.
NAME = "kustomization.yaml"

# The folder of an overlay that brings its base into a namespace of the environment's own (decision 0022).
NAMESPACE = "namespace"

# The one file of an overlay that no page renders and no kustomization reads: what holds its release record still.
HOLD = "hold.yaml"
_HOLD = f"/{HOLD}"
HOLD_HEADER = "# A hold on this overlay's release, kept by fairlead: `fairlead unhold SERVICE --env ENV` ends it.\n"

# The folders of pages: `services/<unit>.yaml`, and beside it `services/<unit>/...` with the files of its ConfigMaps.
_PAGES = frozenset({"services", "systems"})


def base_folder(service: str) -> str:
    """Return the folder of a service's base."""
    return f"base/{service}"


def is_ours(data: bytes) -> bool:
    """Return whether a file carries a header of ours, of this release or a former one, with either end of line."""
    return split_header(data)[0] != b""


def is_copy(data: bytes) -> bool:
    """Return whether a file is an overlay's copy of a file of the base."""
    return split_header(data)[0].strip() == COPY_HEADER.encode().strip()


def split_header(data: bytes) -> tuple[bytes, bytes]:
    """Split a file into its header line and the rest; the header is empty where the first line is none of ours."""
    line, end, rest = data.partition(b"\n")
    headers = (HEADER, HOLD_HEADER, COPY_HEADER, *FORMER_HEADERS)
    if end and line.removesuffix(b"\r") in {header.encode().rstrip(b"\n") for header in headers}:
        return line + end, rest
    return b"", data


def same_but_for_header(one: bytes, other: bytes) -> bool:
    """Return whether two files with headers of ours, maybe of different releases, hold the same below them."""
    (first, left), (second, right) = split_header(one), split_header(other)
    return bool(first and second) and left == right


def find_unit(path: str) -> str | None:
    """Return the unit (a service, a system or `argocd`) that a path belongs to.

    Return "" for a rendered path that belongs to none, None for a path outside the folders of units.
    """
    parts = path.split("/")
    if parts[0] not in _PAGES:
        root = ROOTS.get(parts[0])
        return None if root is None else root.find_unit(parts)
    if len(parts) == 2:  # noqa: PLR2004  # services/<unit>.yaml
        return parts[1].rpartition(".")[0]
    return parts[1] if len(parts) > 1 else ""


def is_page(path: str) -> bool:
    """Return whether a path is that of a service's or a system's page, and not in the folder beside one."""
    return path.startswith(("services/", "systems/")) and path.count("/") == 1


def is_hold(path: str) -> bool:
    """Return whether a path is that of a hold: `overlays/<env>/<service>/hold.yaml`."""
    return path.endswith(_HOLD) and path.startswith("overlays/") and path.count("/") == 3  # noqa: PLR2004  # as above


def overlay_folder(environment: str, name: str) -> str:
    """Return the folder of a service's (or a system's) overlay."""
    return f"overlays/{environment}/{name}"


def application_name(environment: str, unit: str) -> str:
    """Return the name of the Application that syncs `overlays/<environment>/<unit>`."""
    return f"{environment}-{unit}"
