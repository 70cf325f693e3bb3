"""Pull requests on GitHub and GitHub Enterprise, through PyGithub.

Its requester is asked for the paths directly: its objects follow the addresses that an answer holds, with our token.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from github import Auth, Github, GithubException, GithubRetry
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester
from requests import RequestException

from generator.forge.bounds import BoundedAdapter, ExcessError
from generator.forge.patience import BoundedRetry, RequestLimits
from generator.forge.request import PER_PAGE, AlreadyOpenError, Listed, Opened, open_or_update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.errors import ToolError
    from generator.forge.access import ForgeAccess
    from generator.forge.request import Proposal

NEEDS = "the permissions `pull requests: write` and `contents: read`, or the scope `repo`"

_FORBIDDEN, _INVALID = 403, 422


class GitHub:
    """The pull requests of one repository."""

    limit: ClassVar[int] = 65_536  # characters of a body; the API's own words when there are more

    def __init__(self, access: ForgeAccess, patience: RequestLimits | None = None) -> None:
        self._access = access
        self._patience = patience or RequestLimits()

    def propose(self, proposal: Proposal) -> Opened:
        """Update the open pull request between the two branches, or open it; raises ToolError when GitHub will not."""
        with self._speaking() as client:
            opened = open_or_update(_PullRequests(client, self._access.repository), proposal)
        return self._access.linked(opened, f"/{self._access.repository}/pull/{opened.number}")

    @contextmanager
    def _speaking(self) -> Iterator[Github]:
        """Open a connection; what goes wrong inside is raised as ToolError."""
        client = self._client()
        try:
            yield client
        except GithubException as error:
            raise self._refusal(error) from None  # its arguments hold the whole answer
        except RequestException as error:
            raise self._access.unreachable(error) from None
        except ExcessError as error:
            raise self._access.error(str(error)) from None
        except (AttributeError, RuntimeError, ValueError, msgspec.ValidationError) as error:
            raise self._access.unreadable(error) from None  # the library trusts an answer to be of GitHub's form
        finally:
            client.close()

    def _client(self) -> Github:
        """Return a client whose answers have bounds.

        PyGithub takes its connections by class, for all clients at once.
        """
        Requester.injectConnectionClasses(_Plain, _Encrypted)
        try:
            return Github(
                auth=Auth.Token(self._access.token.value),
                base_url=self._access.root,
                timeout=self._patience.answer,
                retry=_Retry(**self._patience.settings()),
                user_agent="fairlead",
                seconds_between_requests=0,  # there are four at most
            )
        finally:
            Requester.resetConnectionClasses()

    def _refusal(self, error: GithubException) -> ToolError:
        words = _words(error)
        if error.status == _INVALID and "no commits between" in words.lower():
            return self._access.error(f"nothing to open in {self._access.repository}: {words}")
        return self._access.refused(error.status, words, limited=_is_limit(error))


class _Retry(BoundedRetry, GithubRetry):
    """GitHub's rate limits (403 with or without Retry-After) as PyGithub knows them, within our time."""


class _Plain(HTTPRequestsConnectionClass):
    """A connection in the clear, as an Enterprise server of one's own may have it."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.session.mount("http://", BoundedAdapter(settings["retry"]))


class _Encrypted(HTTPSRequestsConnectionClass):
    """A connection by TLS."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.session.mount("https://", BoundedAdapter(settings["retry"]))


class _PullRequests:
    """See `generator.forge.request.Requests`."""

    def __init__(self, client: Github, repository: str) -> None:
        self._client = client
        self._repository = repository

    def listed(self, proposal: Proposal, page: int) -> Listed:
        owner = self._repository.partition("/")[0]
        asked = {"state": "open", "head": f"{owner}:{proposal.branch}", "base": proposal.base}
        answer = self._ask("GET", "/pulls", parameters={**asked, "per_page": PER_PAGE, "page": page})
        pulls = msgspec.convert(answer, list[_PullRequest])
        numbers = [pull.number for pull in pulls if pull.joins(proposal.branch, proposal.base)]
        return Listed(numbers, full=len(pulls) >= PER_PAGE)

    def update(self, number: int, proposal: Proposal) -> Opened:
        answer = self._ask("PATCH", f"/pulls/{number}", input={"title": proposal.title, "body": proposal.body})
        return _opened(answer, created=False)

    def open(self, proposal: Proposal) -> Opened:
        text = {"title": proposal.title, "body": proposal.body, "head": proposal.branch, "base": proposal.base}
        try:
            return _opened(self._ask("POST", "/pulls", input=text), created=True)
        except GithubException as error:
            if error.status == _INVALID and "already exists" in _words(error):
                raise AlreadyOpenError(error) from None
            raise

    def _ask(self, verb: str, path: str, **arguments: Any) -> Any:
        return self._client.requester.requestJsonAndCheck(verb, f"/repos/{self._repository}{path}", **arguments)[1]


class _Repository(msgspec.Struct):
    id: int


class _End(msgspec.Struct):
    """One end of a pull request; a fork that was deleted is no repository any more."""

    ref: str
    repo: _Repository | None


class _PullRequest(msgspec.Struct):
    number: int
    html_url: str
    head: _End
    base: _End

    def joins(self, branch: str, base: str) -> bool:
        """Return whether it goes from a branch to a base of the same repository.

        GitHub was asked for the owner's branch; a fork in the owner's own organization has the same owner.
        """
        return (self.head.ref, self.base.ref) == (branch, base) and self.head.repo == self.base.repo


def _opened(answer: Any, *, created: bool) -> Opened:
    pull = msgspec.convert(answer, _PullRequest)
    return Opened(url=pull.html_url, number=pull.number, created=created)


def _is_limit(error: GithubException) -> bool:
    """Return whether a 403 is a rate limit; one that was retried to the end has lost its body."""
    headers = error.headers or {}
    spent = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    return error.status == _FORBIDDEN and (spent or not error.data or "rate limit" in _words(error).lower())


def _words(error: GithubException) -> str:
    """Return GitHub's own words: the message, and what it says of single fields."""
    if not isinstance(error.data, dict):
        return ""
    errors = error.data.get("errors")
    parts = [error.data.get("message"), *(map(_fault, errors) if isinstance(errors, list) else ())]
    return "; ".join(part for part in parts if isinstance(part, str))


def _fault(fault: Any) -> Any:
    if not isinstance(fault, dict):
        return fault
    return fault.get("message") or f"{fault.get('field')} is {fault.get('code')}"
