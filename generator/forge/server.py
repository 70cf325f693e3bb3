"""Whose API opens requests at a remote, where it is, and which tokens may go there.

A token goes to the host that the remote itself is at and to no other: what a pull request can change has no say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.address import Address, address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_GITHUB_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_GITLAB_PROJECT = re.compile(r"[\w.-]+(/[\w.-]+)+", re.ASCII)
_GITLAB_API = "/api/v4"
_GITEA_API = "api/v1"  # Gitea and Forgejo give their workflows GitHub's variables


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """An API: its `root` address, the remote's `repository` in its words, and the variables whose token may go there.

    The first of `variables` that is set is the one to take.
    """

    kind: Literal["github", "gitlab"]
    root: str
    repository: str
    variables: tuple[str, ...]


def server_of(remote_url: str, environ: Mapping[str, str]) -> Server | None:
    """Return the API of a remote's host; None where none is known.

    A host of one's own is known by what its CI says of itself: GITHUB_SERVER_URL and GITHUB_API_URL, CI_SERVER_URL or
    CI_API_V4_URL; they count only where they name the remote's host.
    """
    address = address_of(remote_url)
    return (_github(address, environ) or _gitlab(address, environ)) if address else None


def _github(address: Address, environ: Mapping[str, str]) -> Server | None:
    root = _github_root(address, environ)
    if root is None or not _GITHUB_REPOSITORY.fullmatch(address.path):
        return None
    # GH_TOKEN before GITHUB_TOKEN, as GitHub's own command has it: in a workflow the former is somebody's own choice.
    # A workflow's GITHUB_TOKEN belongs to the server that runs the workflow.
    own = _named(environ, "GITHUB_SERVER_URL")
    variables = ("GH_TOKEN", "GITHUB_TOKEN") if own is None or _is_at(address, own) else ("GH_TOKEN",)
    return Server(kind="github", root=root, repository=address.path, variables=variables)


def _github_root(address: Address, environ: Mapping[str, str]) -> str | None:
    if address.host == "github.com":
        return "https://api.github.com"
    if address.host.endswith(".ghe.com"):  # GitHub's own domain, for those whose data stay in their region
        return f"https://api.{address.host}"
    api, server = _named(environ, "GITHUB_API_URL"), _named(environ, "GITHUB_SERVER_URL")
    if api and api.path == _GITEA_API:
        return None
    if api and _is_at(address, api):
        return f"{api.web}/{api.path}".rstrip("/")
    return f"{server.web}/api/v3" if server and _is_at(address, server) else None


def _gitlab(address: Address, environ: Mapping[str, str]) -> Server | None:
    own = _named(environ, "CI_SERVER_URL") or _named(environ, "CI_API_V4_URL", _GITLAB_API)
    if own and _is_at(address, own):
        root, path = f"{own.web}/{own.path}".rstrip("/"), _below(own, address)
        variables: tuple[str, ...] = ("GITLAB_TOKEN", "CI_JOB_TOKEN")  # a job's token is known to its server alone
    elif address.host.startswith("gitlab."):
        # Nothing said that this host is to be spoken to in the clear, whatever git does.
        root = address.web if address.scheme == "https" else f"https://{address.host}"
        path, variables = address.path, ("GITLAB_TOKEN",)
    else:
        return None
    if not _GITLAB_PROJECT.fullmatch(path):
        return None
    return Server(kind="gitlab", root=root, repository=path, variables=variables)


def _below(own: Address, address: Address) -> str:
    """Return the project's path in a GitLab that does not stand at the top of its host; ssh does not know that part."""
    return address.path.removeprefix(f"{own.path}/") if own.path and address.scheme != "ssh" else address.path


def _named(environ: Mapping[str, str], variable: str, ending: str = "") -> Address | None:
    address = address_of(environ.get(variable, "").rstrip("/").removesuffix(ending))
    return address if address and address.scheme != "ssh" else None


def _is_at(address: Address, server: Address) -> bool:
    """Return whether a remote is on that server; the port of ssh is another one."""
    return address.host == server.host and (address.scheme == "ssh" or address.port == server.port)
