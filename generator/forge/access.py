"""Access to a forge's API: where, to which repository, with which token; and what its refusals mean to a person.

The token is in no text that leaves this module.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from generator.credentials.masking import mask
from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from generator.forge.request import Opened

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_OWN_FAULT = 500

# As much of a server's words as fits into a message.
_WORDS = 300


# An address of characters that show as what they are, without a user in it.
_PAGE = re.compile(r"https?://(?P<host>[A-Za-z0-9._-]+)(?::\d{1,5})?/[!-\[\]-~]{0,2000}")


class Token(msgspec.Struct, frozen=True):
    """A token, and the environment variable that it came from; shown as the variable alone."""

    variable: str
    value: str

    def __repr__(self) -> str:
        return f"${self.variable}"


class ForgeAccess(msgspec.Struct, frozen=True, kw_only=True):
    """The API at `root`, the `repository` there, the token for it, and in words what that must be allowed to do."""

    root: str
    repository: str
    token: Token
    needs: str

    @property
    def host(self) -> str:
        """The API's host, as messages name it."""
        return urlsplit(self.root).netloc

    def linked(self, opened: Opened, path: str) -> Opened:
        """Return a request with its page: as the API says it where that is on its own host, else `path` there."""
        if is_page_at(opened.url, _web(self.root)):
            return opened
        return msgspec.structs.replace(opened, url=_web(self.root) + path)

    def error(self, text: str) -> ToolError:
        """Return the error that says `text` about the host, on one line and without the token."""
        line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
        return ToolError(mask(f"{self.host}: {line}", (self.token.value,)))

    def refused(self, status: int, words: str, *, limited: bool = False) -> ToolError:
        """Return the error of an answer with a `status` of 400 or more.

        `limited` says that a rate limit made it 403.
        """
        said = f" ({status}: {words[:_WORDS]})" if words else f" ({status})"
        variable, repository = self.token.variable, self.repository
        if limited or status == _TOO_MANY:
            return self.error(f"its rate limit is used up; try again later{said}")
        if status == _UNAUTHORIZED:
            return self.error(f"the token in {variable} is not accepted; it needs {self.needs}{said}")
        if status == _FORBIDDEN:
            return self.error(f"the token in {variable} may not do this in {repository}; it needs {self.needs}{said}")
        if status == _NOT_FOUND:
            return self.error(
                f"no {repository} for the token in {variable}; it may lack access: it needs {self.needs}{said}"
            )
        if status >= _OWN_FAULT:
            return self.error(f"fails and went on failing; try again later{said}")
        return self.error(f"refuses the request for {repository}{said}")

    def unreachable(self, error: Exception) -> ToolError:
        """Return the error of a host that does not answer, or not in time."""
        reason = getattr(error.args[0], "reason", error) if error.args else error
        return self.error(f"no answer: {str(reason)[:_WORDS]}")

    def unreadable(self, error: Exception) -> ToolError:
        """Return the error of an answer that is none: of a proxy, of another program, or of a repository that moved."""
        text = f"its answer about {self.repository} is not that of such an API; has the repository moved?"
        return self.error(f"{text} ({str(error)[:_WORDS]})")


def is_page_at(url: str, web: str) -> bool:
    """Return whether `url` is a page on the host of the address `web`, and a browser would go nowhere else."""
    match = _PAGE.fullmatch(url)
    return match is not None and match["host"].lower() == urlsplit(web).hostname


def _web(root: str) -> str:
    """Return the address that people use of the host whose API is at `root`."""
    address = re.sub(r"/api/v\d+$", "", root)
    return address if address != root else root.replace("://api.", "://", 1)
