"""Pull requests on GitHub: one and not a second, whatever the server does meanwhile."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.forge.access import ForgeAccess, Token
from generator.forge.github import NEEDS, GitHub
from generator.forge.patience import RequestLimits
from generator.forge.request import Opened, Proposal
from tests.forge.forge_server import (
    FORK,
    OWN,
    REPOSITORY,
    TOKEN,
    ForgeServer,
    GitHubServer,
    Lost,
    Reply,
    Silence,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

BRANCH = "fairlead/prod/frontend"
PROPOSAL = Proposal(branch=BRANCH, base="main", title="Promote frontend to prod: 1.4.1 -> 1.4.2", body="| moves |")
NEWER = Proposal(branch=BRANCH, base="main", title="Promote frontend to prod: 1.4.1 -> 1.4.3", body="| other moves |")
QUICK = RequestLimits(answer=5, total=20, attempts=4, backoff=0)
LIMITED = {"message": "API rate limit exceeded for user ID 1.", "documentation_url": "https://docs.github.com"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    """Run GitHub's API."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    github = GitHubServer()
    with serving(github):
        yield github


def forge(
    server: ForgeServer, *, repository: str = REPOSITORY, token: str = TOKEN, patience: RequestLimits = QUICK
) -> GitHub:
    """Return the API of that server."""
    access = ForgeAccess(root=server.root, repository=repository, token=Token("GITHUB_TOKEN", token), needs=NEEDS)
    return GitHub(access, patience)


def refusal(github: GitHub) -> str:
    """Propose in vain, and give the message; neither it nor what stands behind it holds the token."""
    with pytest.raises(ToolError) as caught:
        github.propose(PROPOSAL)
    error: BaseException | None = caught.value
    message = str(error)
    while error is not None:
        assert TOKEN not in f"{error} {error!r}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return message


def test_a_pull_request_is_opened(server: GitHubServer) -> None:
    """By the documented paths, with the token in the header that GitHub names."""
    opened = forge(server).propose(PROPOSAL)

    assert opened == Opened(url=f"{server.root}/shop/gitops/pull/1", number=1, created=True)
    asked, created = server.calls
    assert (asked.verb, asked.path) == ("GET", "/repos/shop/gitops/pulls")
    assert asked.query == {"state": "open", "head": f"shop:{BRANCH}", "base": "main", "per_page": "100", "page": "1"}
    assert (created.verb, created.path) == ("POST", "/repos/shop/gitops/pulls")
    assert created.body == {"title": PROPOSAL.title, "body": PROPOSAL.body, "head": BRANCH, "base": "main"}
    assert {call.headers["authorization"] for call in server.calls} == {f"token {TOKEN}"}


def test_the_next_proposal_updates_it(server: GitHubServer) -> None:
    """Title and body are the newest; there is no second request for the same branch."""
    first = forge(server).propose(PROPOSAL)

    second = forge(server).propose(NEWER)

    assert second == Opened(url=first.url, number=first.number, created=False)
    assert [(pull["title"], pull["body"]) for pull in server.opened] == [(NEWER.title, NEWER.body)]
    assert (server.calls[-1].verb, server.calls[-1].path) == ("PATCH", "/repos/shop/gitops/pulls/1")


def test_what_is_closed_or_merged_stays_as_it_is(server: GitHubServer) -> None:
    """After a merge the branch is deleted and pushed anew: that is another request."""
    forge(server).propose(PROPOSAL)
    server.close_all("closed")

    assert forge(server).propose(NEWER).number == 2
    assert [pull["title"] for pull in server.opened] == [PROPOSAL.title, NEWER.title]


@pytest.mark.parametrize("repository", [FORK, 0], ids=["fork", "deleted fork"])
def test_a_fork_with_the_same_branch_is_another_request(server: GitHubServer, repository: int) -> None:
    """Even a fork in the same organization, whose owner is the same."""
    stranger = server.add(head=BRANCH, base="main", repository=repository, title="Not ours")
    server.troubles.append(Reply(200, [stranger]))

    assert forge(server).propose(PROPOSAL).created
    assert server.opened[0]["title"] == "Not ours"


def test_a_request_to_another_base_is_another_request(server: GitHubServer) -> None:
    """A branch may go to two places."""
    server.add(head=BRANCH, base="release")

    assert forge(server).propose(PROPOSAL).created


def test_it_is_found_on_a_later_page(server: GitHubServer) -> None:
    """Behind a hundred forks that have a branch of this name."""
    for _ in range(100):
        server.add(head=BRANCH, base="main", repository=FORK)
    server.add(head=BRANCH, base="main", repository=OWN)

    assert forge(server).propose(PROPOSAL) == Opened(
        url=f"{server.root}/shop/gitops/pull/101", number=101, created=False
    )


def test_no_address_of_an_answer_is_followed(server: GitHubServer) -> None:
    """The token goes where it was sent to, not where an answer would have it."""
    elsewhere = GitHubServer()
    with serving(elsewhere):
        pull = server.add(head=BRANCH, base="main") | {"url": f"{elsewhere.root}/repos/{REPOSITORY}/pulls/1"}
        strangers = [server.add(head=BRANCH, base="main", repository=FORK) for _ in range(100)]
        next_page = {"Link": f'<{elsewhere.root}/repos/{REPOSITORY}/pulls?page=2>; rel="next"'}
        server.troubles += [Reply(200, strangers, next_page), Reply(200, [pull])]

        assert forge(server).propose(NEWER).number == 1
    assert elsewhere.calls == []


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirection_to_another_host_is_refused(server: GitHubServer, status: int) -> None:
    """It is not followed: our token is not for that host."""
    elsewhere = GitHubServer()
    with serving(elsewhere):
        target = {"Location": f"{elsewhere.root.replace('127.0.0.1', 'localhost')}/repos/{REPOSITORY}/pulls"}
        server.troubles.append(Reply(status, {"message": "Moved"}, target))

        assert "has the repository moved?" in refusal(forge(server))
    assert elsewhere.calls == []


def test_somebody_else_was_faster(server: GitHubServer) -> None:
    """422 because one was opened since we looked: that one is updated."""
    server.add(head=BRANCH, base="main", title="Opened a moment ago")
    server.troubles.append(Reply(200, []))

    assert forge(server).propose(PROPOSAL) == Opened(url=f"{server.root}/shop/gitops/pull/1", number=1, created=False)
    assert server.verbs == ["GET", "POST", "GET", "PATCH"]
    assert [pull["title"] for pull in server.opened] == [PROPOSAL.title]


def test_an_answer_that_was_lost_opens_no_second_one(server: GitHubServer) -> None:
    """The request was opened, the gateway in between failed, and the same was asked again."""
    server.troubles += [Reply(200, []), Lost(502, b"<html>Bad Gateway</html>")]

    assert forge(server).propose(PROPOSAL).number == 1
    assert server.verbs == ["GET", "POST", "POST", "GET", "PATCH"]
    assert len(server.opened) == 1


def test_a_refusal_because_of_one_that_is_nowhere_is_told(server: GitHubServer) -> None:
    """GitHub's own words, when it says that there is one and lists none."""
    server.add(head=BRANCH, base="main")
    server.troubles += [
        Reply(200, []),
        *[Reply(422, _invalid("A pull request already exists for shop:x."))],
        Reply(200, []),
    ]

    assert "A pull request already exists for shop:x." in refusal(forge(server))


def test_a_branch_without_commits_of_its_own(server: GitHubServer) -> None:
    """There is nothing to open, and the message says so."""
    server.identical = True

    text = f"nothing to open in shop/gitops: Validation Failed; No commits between main and {BRANCH}"
    assert text in refusal(forge(server))


def test_what_is_wrong_with_a_field_is_told(server: GitHubServer) -> None:
    """A base branch that is not there."""
    fault = {"resource": "PullRequest", "field": "base", "code": "invalid"}
    server.troubles += [Reply(200, []), Reply(422, {"message": "Validation Failed", "errors": [fault]})]

    assert "refuses the request for shop/gitops (422: Validation Failed; base is invalid)" in refusal(forge(server))


def test_what_is_wrong_in_other_words_is_told(server: GitHubServer) -> None:
    """Some faults are texts."""
    server.troubles += [Reply(200, []), Reply(422, {"message": "Validation Failed", "errors": ["Base is archived"]})]

    assert "(422: Validation Failed; Base is archived)" in refusal(forge(server))


def test_a_token_that_is_not_accepted(server: GitHubServer) -> None:
    """The message names the variable, and is exit 3."""
    message = refusal(forge(server, token="another"))  # noqa: S106  # nor does this one open anything

    assert "the token in GITHUB_TOKEN is not accepted; it needs the permissions `pull requests: write`" in message
    assert ToolError.exit_code == 3


def test_a_repository_that_the_token_does_not_see(server: GitHubServer) -> None:
    """GitHub says 404 for what a token may not see."""
    message = refusal(forge(server, repository="shop/private"))

    assert "no shop/private for the token in GITHUB_TOKEN; it may lack access" in message


def test_a_token_that_may_only_read(server: GitHubServer) -> None:
    """403 is told at once, with what the token needs."""
    server.troubles += [Reply(200, []), Reply(403, {"message": "Resource not accessible by integration"})]

    message = refusal(forge(server))

    assert "may not do this in shop/gitops; it needs the permissions `pull requests: write`" in message
    assert "(403: Resource not accessible by integration)" in message
    assert server.verbs == ["GET", "POST"]


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(500, {"message": "Server Error"}),
        Reply(503, b"<html>Unicorn!</html>"),
        Reply(429, {"message": "Too many requests"}, {"Retry-After": "0"}),
        Reply(429, {"message": "Too many requests"}),
        Reply(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "0"}),
        Reply(403, LIMITED, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}),
    ],
    ids=["500", "503", "429 with Retry-After", "429", "403 with Retry-After", "403 until a reset"],
)
def test_a_passing_fault_is_waited_out(server: GitHubServer, trouble: Reply) -> None:
    """When looking and when opening."""
    server.troubles += [trouble, Reply(200, []), trouble]

    assert forge(server).propose(PROPOSAL).created
    assert server.verbs == ["GET", "GET", "POST", "POST"]


def test_two_faults_and_then_success(server: GitHubServer) -> None:
    """Opening is tried again more than once."""
    server.troubles += [Reply(200, []), Reply(500), Reply(500)]

    assert forge(server).propose(PROPOSAL).created
    assert server.verbs == ["GET", "POST", "POST", "POST"]


def test_a_fault_when_updating_is_waited_out(server: GitHubServer) -> None:
    """PATCH is as safe to repeat as the others."""
    pull = server.add(head=BRANCH, base="main")
    server.troubles += [Reply(200, [pull]), Reply(502)]

    assert forge(server).propose(PROPOSAL).number == 1
    assert server.verbs == ["GET", "PATCH", "PATCH"]


def test_faults_without_end(server: GitHubServer) -> None:
    """After the last attempt the fault is told."""
    server.troubles += [Reply(500, {"message": "Server Error"})] * 9

    assert "fails and went on failing; try again later (500: Server Error)" in refusal(forge(server))
    assert len(server.calls) == QUICK.attempts


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "3600"}),
        Reply(403, {"message": "You have exceeded a secondary rate limit."}),
        Reply(403, LIMITED, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}),
        Reply(429, {"message": "Too many requests"}, {"Retry-After": "3600"}),
    ],
    ids=["403 with Retry-After", "403 with words alone", "403 until a reset", "429"],
)
def test_a_limit_that_ends_too_late_is_not_waited_for(server: GitHubServer, trouble: Reply) -> None:
    """An hour is no time to hold a pipeline."""
    server.troubles.append(trouble)

    assert "its rate limit is used up; try again later" in refusal(forge(server))
    assert server.verbs == ["GET"]


def test_a_limit_that_stays(server: GitHubServer) -> None:
    """As often as asked, still limited."""
    server.troubles += [Reply(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "0"})] * 9

    assert "its rate limit is used up" in refusal(forge(server))


@pytest.mark.parametrize(
    "value",
    [b"<html>A proxy says hello</html>", b'{"number": ', b"", b"[1]", b'"text"', {"pulls": []}, b"\xff\xfe"],
    ids=["page", "cut off", "empty", "numbers", "text", "object", "no text"],
)
def test_an_answer_that_is_not_githubs(server: GitHubServer, value: object) -> None:
    """No traceback, whatever stands there."""
    server.troubles.append(Reply(200, value))

    assert "is not that of such an API" in refusal(forge(server))


@pytest.mark.parametrize(
    "value", [b"<html>No</html>", b"[1]", b'"text"', b"null"], ids=["page", "list", "text", "null"]
)
def test_a_refusal_that_is_not_githubs(server: GitHubServer, value: bytes) -> None:
    """Neither for an error."""
    server.troubles.append(Reply(400, value))

    assert "127.0.0.1" in refusal(forge(server))


def test_a_refusal_that_repeats_the_token(server: GitHubServer) -> None:
    """It is masked, wherever it comes from."""
    server.troubles.append(Reply(400, {"message": f"Bad header: token {TOKEN}\x1b[31m"}))

    assert "(400: Bad header: token *** [31m)" in refusal(forge(server))


def test_nobody_listens(server: GitHubServer) -> None:
    """The message names the host."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
        server.root = f"http://{host}"

        message = refusal(forge(server))

    assert message.startswith(f"{host}: no answer: ")
    assert "refused" in message


def test_a_silent_server(server: GitHubServer) -> None:
    """Each answer has its time, and all attempts together."""
    server.troubles += [Silence()] * 9

    message = refusal(forge(server, patience=RequestLimits(answer=1, total=1.5, attempts=9, backoff=0)))

    assert "no answer: " in message
    assert "timed out" in message
    assert len(server.calls) < 9


def _invalid(message: str) -> dict[str, object]:
    return {
        "message": "Validation Failed",
        "errors": [{"resource": "PullRequest", "code": "custom", "message": message}],
    }


def test_a_page_elsewhere_is_no_link(server: GitHubServer) -> None:
    """The answer's address is taken on GitHub's own host alone; else the pull request's is worked out."""
    server.add(head=BRANCH, base="main")["html_url"] = "javascript:alert(1)//\n::add-mask::1"
    assert forge(server).propose(PROPOSAL).url == f"{server.root}/{REPOSITORY}/pull/1"
