"""Merge requests on GitLab, gitlab.com or one's own, through python-gitlab.

Addresses in answers are not followed, and the session reaches no other host: a GitLab token would go along with a
redirection.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

import msgspec
from gitlab import Gitlab
from gitlab.exceptions import GitlabError, GitlabParsingError, RedirectError
from requests import RequestException, Session
from requests.exceptions import InvalidSchema

from generator.forge.bounds import BoundedAdapter, ExcessError
from generator.forge.patience import BoundedRetry, RequestLimits
from generator.forge.request import PER_PAGE, AlreadyOpenError, Listed, Opened, open_or_update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.errors import ToolError
    from generator.forge.access import ForgeAccess
    from generator.forge.request import Proposal

NEEDS = "the scope `api` and the role Developer"

_JOB_TOKEN = "CI_JOB_TOKEN"  # noqa: S105  # the name of a variable
_CONFLICT = 409
_REFUSING = frozenset({401, 403, 404})

# Answers that are not GitLab's own, and redirections: to another host (for which the session has no way), or of a POST.
_UNREADABLE = (GitlabParsingError, RedirectError, InvalidSchema, msgspec.ValidationError)

# Retries are the session's; the library adds none.
_ONCE: dict[str, Any] = {"max_retries": 0, "obey_rate_limit": False, "retry_transient_errors": False}


class GitLab:
    """The merge requests of one project."""

    limit: ClassVar[int] = 1_048_576  # characters of a description

    def __init__(self, access: ForgeAccess, patience: RequestLimits | None = None) -> None:
        self._access = access
        self._patience = patience or RequestLimits()

    def propose(self, proposal: Proposal) -> Opened:
        """Update the open merge request between the two branches, or open it; raises ToolError when GitLab will not."""
        with self._speaking() as client:
            opened = open_or_update(_MergeRequests(client, self._access.repository), proposal)
        return self._access.linked(opened, f"/{self._access.repository}/-/merge_requests/{opened.number}")

    @contextmanager
    def _speaking(self) -> Iterator[Gitlab]:
        """Open a connection; what goes wrong inside is raised as ToolError."""
        token = self._access.token
        client = Gitlab(
            self._access.root,
            job_token=token.value if token.variable == _JOB_TOKEN else None,
            private_token=token.value if token.variable != _JOB_TOKEN else None,
            timeout=self._patience.answer,
            user_agent="fairlead",
            session=self._session(),
        )
        try:
            with client:
                yield client
        except _UNREADABLE as error:
            raise self._access.unreadable(error) from None
        except RequestException as error:
            raise self._access.unreachable(error) from None
        except ExcessError as error:
            raise self._access.error(str(error)) from None
        except GitlabError as error:
            raise self._refusal(error) from None  # it holds the whole answer

    def _session(self) -> Session:
        """Return a session that speaks to the API's own host alone, and retries until our time is up.

        python-gitlab's own retries wait as long as a server asks, without an end.
        """
        session = Session()
        session.adapters.clear()
        session.mount(f"{self._access.root}/", BoundedAdapter(BoundedRetry(**self._patience.settings())))
        return session

    def _refusal(self, error: GitlabError) -> ToolError:
        status, words = error.response_code or 0, _words(error.error_message)
        if self._access.token.variable == _JOB_TOKEN and status in _REFUSING:
            hint = "a job's token may read merge requests, not open them; set GITLAB_TOKEN to one with"
            return self._access.error(f"{hint} {NEEDS} ({status}: {words})")
        return self._access.refused(status, words)


class _MergeRequests:
    """See `generator.forge.request.Requests`."""

    def __init__(self, client: Gitlab, project: str) -> None:
        self._client = client
        self._path = f"/projects/{quote(project, safe='')}/merge_requests"

    def listed(self, proposal: Proposal, page: int) -> Listed:
        asked = {"state": "opened", "source_branch": proposal.branch, "target_branch": proposal.base}
        query = {**asked, "per_page": PER_PAGE, "page": page}
        requests = msgspec.convert(self._client.http_get(self._path, query_data=query, **_ONCE), list[_MergeRequest])
        numbers = [request.iid for request in requests if request.joins(proposal.branch, proposal.base)]
        return Listed(numbers, full=len(requests) >= PER_PAGE)

    def update(self, number: int, proposal: Proposal) -> Opened:
        text = {"title": proposal.title, "description": proposal.body}
        return _opened(self._client.http_put(f"{self._path}/{number}", post_data=text, **_ONCE), created=False)

    def open(self, proposal: Proposal) -> Opened:
        text = {
            "title": proposal.title,
            "description": proposal.body,
            "source_branch": proposal.branch,
            "target_branch": proposal.base,
            "remove_source_branch": True,  # when it is merged: the next request starts the branch anew
        }
        try:
            return _opened(self._client.http_post(self._path, post_data=text, **_ONCE), created=True)
        except GitlabError as error:
            if error.response_code == _CONFLICT:
                raise AlreadyOpenError(error) from None
            raise


class _MergeRequest(msgspec.Struct):
    iid: int
    web_url: str
    source_branch: str
    target_branch: str
    source_project_id: int | None
    target_project_id: int

    def joins(self, branch: str, base: str) -> bool:
        """Return whether it goes from a branch to a base of the same project, not from a fork."""
        same = self.source_project_id == self.target_project_id
        return same and (self.source_branch, self.target_branch) == (branch, base)


def _opened(answer: Any, *, created: bool) -> Opened:
    request = msgspec.convert(answer, _MergeRequest)
    return Opened(url=request.web_url, number=request.iid, created=created)


def _words(message: Any) -> str:
    """Return GitLab's own words: a text, a list of them, or lists by the field that they are about."""
    if isinstance(message, dict):
        return "; ".join(f"{field} {_words(texts)}" for field, texts in message.items())
    return "; ".join(map(_words, message)) if isinstance(message, list) else str(message)
