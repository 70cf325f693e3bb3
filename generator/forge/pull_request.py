"""Asking for review: a branch that was pushed becomes a pull request, which GitLab calls a merge request."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from generator.address import address_of
from generator.findings.errors import ToolError, UsageError
from generator.forge.access import ForgeAccess, Token
from generator.forge.compare import compare_url, opened_by_server
from generator.forge.request import Opened, Proposal
from generator.forge.server import Server, server_of
from generator.inputs.name import is_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = [
    "Forge",
    "Opened",
    "Proposal",
    "branch_of",
    "compare_url",
    "forge_of",
    "opened_by_server",
    "why_not",
]


# What may replace each other shares a branch. No name has a dot, and all branches are equally deep: none can be that
# of another environment or service, or stand in its way.
_ENDINGS = {
    "promote": "",
    "bump": "",
    "rollback": ".rollback",
    "hold": ".hold",
    "unhold": ".hold",
    "retire": ".retire",
}

# Stands for all environments: a name with a dot is that of none.
_EVERYWHERE = "all.environments"


class Forge(Protocol):
    """The API of a host; `limit` is how many characters it takes as a body."""

    @property
    def limit(self) -> int:
        """How many characters a body may have."""

    def propose(self, proposal: Proposal) -> Opened:
        """Return the title and body to the open request between the two branches, or open it; never a second one.

        Raises ToolError when the host refuses or cannot be reached.
        """


def forge_of(remote_url: str, environ: Mapping[str, str]) -> Forge | None:
    """Return the API of a remote's host; None where there is none, or no token for it (`why_not` says which).

    `remote_url` is git's own (`git remote get-url --push`), never one that a page names. Raises ToolError when the
    library for that host is not installed.
    """
    server = server_of(remote_url, environ)
    token = _token(server, environ) if server else None
    return _forge(server, token) if server and token else None


def why_not(remote_url: str, environ: Mapping[str, str]) -> str | None:
    """Return why there is no API to open a request at a remote; None when there is one."""
    server, address = server_of(remote_url, environ), address_of(remote_url)
    if server is None:
        return f"no API for requests is known at {address.host}" if address else "the remote is at no host"
    if _token(server, environ) is None:
        host = address.host if address else server.root
        return f"no token for {host}: set {' or '.join(server.variables)} to have the request opened from here"
    return None


def branch_of(environment: str | None, services: Collection[str], *, verb: str = "promote") -> str:
    """Return the branch that a request for `services` in an environment comes from, the same for the same services.

    `fairlead/prod/frontend`, and `fairlead/prod/frontend.rollback`, `.hold` and `.retire` for what no promotion or bump
    may take over; without an environment it is about all of them. Of several services their number and a digest. A
    page's name is legal in a branch; raises UsageError for any other.
    """
    for name in (*([] if environment is None else [environment]), *services):
        if not is_name(name):
            raise UsageError(f"'{name}' cannot be part of a branch: it is no name of an environment or a service")
    names = sorted(set(services))
    return f"fairlead/{environment or _EVERYWHERE}/{names[0] if len(names) == 1 else _several(names)}{_ENDINGS[verb]}"


def _several(names: Collection[str]) -> str:
    return f"{len(names)}-services.{hashlib.sha256(' '.join(names).encode()).hexdigest()[:12]}"


def _token(server: Server, environ: Mapping[str, str]) -> Token | None:
    found = ((variable, environ.get(variable, "").strip()) for variable in server.variables)
    token = next((Token(variable, value) for variable, value in found if value), None)
    if token and not (token.value.isascii() and token.value.isprintable() and " " not in token.value):
        raise ToolError(f"{token.variable} holds characters that are in no token")
    return token


def _forge(server: Server, token: Token) -> Forge:
    def access(needs: str) -> ForgeAccess:
        return ForgeAccess(root=server.root, repository=server.repository, token=token, needs=needs)

    with _extra(server.kind):
        if server.kind == "github":
            from generator.forge import github  # 0.16 s, for --pull-request alone

            return github.GitHub(access(github.NEEDS))
        from generator.forge import gitlab  # 0.10 s, the same

        return gitlab.GitLab(access(gitlab.NEEDS))


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """Raise ToolError with the remedy when what is imported inside is not installed."""
    try:
        yield
    except ImportError as error:
        raise ToolError(
            f"the library that opens requests is missing ({error}); install it: pip install 'fairlead[{name}]'"
        ) from error
