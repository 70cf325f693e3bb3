"""Merge requests on GitLab: one and not a second, whatever the server does meanwhile."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.forge.access import ForgeAccess, Token
from generator.forge.gitlab import NEEDS, GitLab
from generator.forge.patience import RequestLimits
from generator.forge.request import Opened, Proposal
from tests.forge.forge_server import FORK, PROJECT, TOKEN, ForgeServer, GitLabServer, Lost, Reply, Silence, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

BRANCH = "fairlead/prod/frontend"
PROPOSAL = Proposal(branch=BRANCH, base="main", title="Promote frontend to prod: 1.4.1 -> 1.4.2", body="| moves |")
NEWER = Proposal(branch=BRANCH, base="main", title="Promote frontend to prod: 1.4.1 -> 1.4.3", body="| other moves |")
QUICK = RequestLimits(answer=5, total=20, attempts=4, backoff=0)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitLabServer]:
    """Run GitLab's API."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    gitlab = GitLabServer()
    with serving(gitlab):
        yield gitlab


def forge(
    server: ForgeServer,
    *,
    project: str = PROJECT,
    token: str = TOKEN,
    variable: str = "GITLAB_TOKEN",
    patience: RequestLimits = QUICK,
) -> GitLab:
    """Return the API of that server."""
    return GitLab(
        ForgeAccess(root=server.root, repository=project, token=Token(variable, token), needs=NEEDS), patience
    )


def refusal(gitlab: GitLab) -> str:
    """Propose in vain, and give the message; neither it nor what stands behind it holds the token."""
    with pytest.raises(ToolError) as caught:
        gitlab.propose(PROPOSAL)
    error: BaseException | None = caught.value
    message = str(error)
    while error is not None:
        assert TOKEN not in f"{error} {error!r}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return message


def test_a_merge_request_is_opened(server: GitLabServer) -> None:
    """By the documented paths, the project with its groups encoded, the token in GitLab's own header."""
    opened = forge(server).propose(PROPOSAL)

    assert opened == Opened(url=f"{server.root}/{PROJECT}/-/merge_requests/1", number=1, created=True)
    asked, created = server.calls
    assert (asked.verb, asked.path) == ("GET", "/api/v4/projects/shop%2Fplatform%2Fgitops/merge_requests")
    assert asked.query == {
        "state": "opened",
        "source_branch": BRANCH,
        "target_branch": "main",
        "per_page": "100",
        "page": "1",
    }
    assert (created.verb, created.path) == ("POST", asked.path)
    assert created.body == {
        "title": PROPOSAL.title,
        "description": PROPOSAL.body,
        "source_branch": BRANCH,
        "target_branch": "main",
        "remove_source_branch": True,
    }
    assert {call.headers["private-token"] for call in server.calls} == {TOKEN}


def test_the_next_proposal_updates_it(server: GitLabServer) -> None:
    """Title and description are the newest; there is no second request for the same branch."""
    first = forge(server).propose(PROPOSAL)

    second = forge(server).propose(NEWER)

    assert second == Opened(url=first.url, number=first.number, created=False)
    assert [(each["title"], each["description"]) for each in server.opened] == [(NEWER.title, NEWER.body)]
    assert (server.calls[-1].verb, server.calls[-1].path) == ("PUT", f"{GitLabServer.FOLDER}/1")


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_what_is_closed_or_merged_stays_as_it_is(server: GitLabServer, state: str) -> None:
    """After a merge the branch is deleted and pushed anew: that is another request."""
    forge(server).propose(PROPOSAL)
    server.close_all(state)

    assert forge(server).propose(NEWER).number == 2
    assert [each["title"] for each in server.opened] == [PROPOSAL.title, NEWER.title]


def test_a_fork_with_the_same_branch_is_another_request(server: GitLabServer) -> None:
    """It comes from another project."""
    server.add(source_branch=BRANCH, target_branch="main", project=FORK, title="Not ours")

    assert forge(server).propose(PROPOSAL).created
    assert server.opened[0]["title"] == "Not ours"


def test_it_is_found_on_a_later_page(server: GitLabServer) -> None:
    """Behind a hundred forks that have a branch of this name."""
    for _ in range(100):
        server.add(source_branch=BRANCH, target_branch="main", project=FORK)
    server.add(source_branch=BRANCH, target_branch="main")

    assert forge(server).propose(PROPOSAL).number == 101
    assert len(server.opened) == 101


def test_no_address_of_an_answer_is_followed(server: GitLabServer) -> None:
    """The token goes where it was sent to, not where an answer would have it."""
    elsewhere = GitLabServer()
    with serving(elsewhere):
        strangers = [server.add(source_branch=BRANCH, target_branch="main", project=FORK) for _ in range(100)]
        ours = server.add(source_branch=BRANCH, target_branch="main")
        link = f'<{elsewhere.root}{GitLabServer.FOLDER}?page=2>; rel="next"'
        server.troubles += [Reply(200, strangers, {"Link": link, "X-Next-Page": "2"}), Reply(200, [ours])]

        assert forge(server).propose(NEWER).number == ours["iid"]
    assert elsewhere.calls == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_to_another_host_is_refused(server: GitLabServer, status: int) -> None:
    """It is not followed: our token is not for that host, and its header would go along."""
    elsewhere = GitLabServer()
    with serving(elsewhere):
        server.troubles.append(Reply(status, {}, {"Location": f"{elsewhere.root}{GitLabServer.FOLDER}"}))

        assert "has the repository moved?" in refusal(forge(server))
    assert elsewhere.calls == []


def test_a_project_that_moved_cannot_be_asked_for(server: GitLabServer) -> None:
    """A POST that is redirected would arrive as a GET."""
    moved = {"Location": f"{server.root}/api/v4/projects/7/merge_requests"}
    server.troubles += [Reply(200, []), Reply(301, {}, moved)]

    assert "has the repository moved?" in refusal(forge(server))


def test_somebody_else_was_faster(server: GitLabServer) -> None:
    """409 because one was opened since we looked: that one is updated."""
    server.add(source_branch=BRANCH, target_branch="main", title="Opened a moment ago")
    server.troubles.append(Reply(200, []))

    assert not forge(server).propose(PROPOSAL).created
    assert server.verbs == ["GET", "POST", "GET", "PUT"]
    assert [each["title"] for each in server.opened] == [PROPOSAL.title]


def test_an_answer_that_was_lost_opens_no_second_one(server: GitLabServer) -> None:
    """The request was opened, the gateway in between failed, and the same was asked again."""
    server.troubles += [Reply(200, []), Lost(502, b"<html>Bad Gateway</html>")]

    assert forge(server).propose(PROPOSAL).number == 1
    assert server.verbs == ["GET", "POST", "POST", "GET", "PUT"]
    assert len(server.opened) == 1


def test_a_request_to_another_base_is_another_request(server: GitLabServer) -> None:
    """A branch may go to two places."""
    server.add(source_branch=BRANCH, target_branch="release")

    assert forge(server).propose(PROPOSAL).created


def test_a_refusal_because_of_one_that_is_nowhere_is_told(server: GitLabServer) -> None:
    """GitLab's own words, when it says that there is one and lists none."""
    server.add(source_branch=BRANCH, target_branch="main")
    server.troubles += [
        Reply(200, []),
        Reply(409, {"message": ["Another open merge request already exists"]}),
        Reply(200, []),
    ]

    assert "(409: Another open merge request already exists)" in refusal(forge(server))


def test_what_is_wrong_with_a_field_is_told(server: GitLabServer) -> None:
    """A branch that is not there."""
    server.troubles += [Reply(200, []), Reply(400, {"message": {"source_branch": ["does not exist"]}})]

    assert f"refuses the request for {PROJECT} (400: source_branch does not exist)" in refusal(forge(server))


def test_a_token_that_is_not_accepted(server: GitLabServer) -> None:
    """The message names the variable and what the token needs."""
    message = refusal(forge(server, token="another"))  # noqa: S106  # nor does this one open anything

    assert "the token in GITLAB_TOKEN is not accepted; it needs the scope `api`" in message


def test_a_project_that_the_token_does_not_see(server: GitLabServer) -> None:
    """GitLab says 404 for what a token may not see."""
    message = refusal(forge(server, project="shop/private"))

    assert "no shop/private for the token in GITLAB_TOKEN; it may lack access" in message
    assert "(404: 404 Project Not Found)" in message


def test_a_token_that_may_only_read(server: GitLabServer) -> None:
    """403 is told at once."""
    scope = {"error": "insufficient_scope", "error_description": "The request requires higher privileges"}
    server.troubles += [Reply(200, []), Reply(403, scope)]

    assert f"may not do this in {PROJECT}; it needs the scope `api`" in refusal(forge(server))
    assert server.verbs == ["GET", "POST"]


def test_a_jobs_token_goes_into_a_header_of_its_own(server: GitLabServer) -> None:
    """GitLab lets it read; the message says what to do about the rest."""
    message = refusal(forge(server, variable="CI_JOB_TOKEN"))

    assert {(call.headers.get("job-token"), call.headers.get("private-token")) for call in server.calls} == {
        (TOKEN, None)
    }
    assert "a job's token may read merge requests, not open them; set GITLAB_TOKEN" in message
    assert server.verbs == ["GET", "POST"]


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(500, {"message": "500 Internal Server Error"}),
        Reply(502, b"<html>GitLab is not responding</html>"),
        Reply(429, {"message": "Too Many Requests"}, {"Retry-After": "0"}),
        Reply(429, b"Retry later"),
    ],
    ids=["500", "502", "429 with Retry-After", "429"],
)
def test_a_passing_fault_is_waited_out(server: GitLabServer, trouble: Reply) -> None:
    """When looking, when opening and when updating."""
    server.troubles += [trouble, Reply(200, []), trouble]
    assert forge(server).propose(PROPOSAL).created

    server.troubles += [Reply(200, server.opened), trouble]
    assert not forge(server).propose(NEWER).created

    assert server.verbs == ["GET", "GET", "POST", "POST", "GET", "PUT", "PUT"]


def test_two_faults_and_then_success(server: GitLabServer) -> None:
    """Opening is tried again more than once."""
    server.troubles += [Reply(200, []), Reply(500), Reply(500)]

    assert forge(server).propose(PROPOSAL).created
    assert server.verbs == ["GET", "POST", "POST", "POST"]


def test_faults_without_end(server: GitLabServer) -> None:
    """After the last attempt the fault is told."""
    server.troubles += [Reply(500, {"message": "500 Internal Server Error"})] * 9

    assert "fails and went on failing; try again later (500: 500 Internal Server Error)" in refusal(forge(server))
    assert len(server.calls) == QUICK.attempts


def test_a_wait_that_nobody_can_read(server: GitLabServer) -> None:
    """A header of a proxy's own making counts as none."""
    server.troubles.append(Reply(429, {}, {"Retry-After": "soon"}))

    assert forge(server).propose(PROPOSAL).created


def test_a_limit_that_ends_too_late_is_not_waited_for(server: GitLabServer) -> None:
    """An hour is no time to hold a pipeline."""
    server.troubles.append(Reply(429, {"message": "Too Many Requests"}, {"Retry-After": "3600"}))

    assert "its rate limit is used up; try again later" in refusal(forge(server))
    assert server.verbs == ["GET"]


@pytest.mark.parametrize(
    "value",
    [b"<html>Sign in</html>", b'{"iid": ', b"", b"[1]", b'"text"', {"requests": []}, b"\xff\xfe"],
    ids=["page", "cut off", "empty", "numbers", "text", "object", "no text"],
)
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_an_answer_that_is_not_gitlabs(server: GitLabServer, value: object, kind: str) -> None:
    """No traceback, whatever stands there: while looking, and while opening."""
    strange = Reply(200, value, {"Content-Type": kind})
    server.troubles += [strange, Reply(200, []), strange]

    assert "is not that of such an API" in refusal(forge(server))
    assert "is not that of such an API" in refusal(forge(server))


@pytest.mark.parametrize(
    "value", [b"<html>No</html>", b"[1]", b'"text"', b"null"], ids=["page", "list", "text", "null"]
)
def test_a_refusal_that_is_not_gitlabs(server: GitLabServer, value: bytes) -> None:
    """Neither for an error."""
    server.troubles.append(Reply(400, value))

    assert f"refuses the request for {PROJECT} (400" in refusal(forge(server))


def test_a_refusal_that_repeats_the_token(server: GitLabServer) -> None:
    """It is masked, wherever it comes from."""
    server.troubles.append(Reply(400, {"message": f"bad header {TOKEN}\x1b[31m"}))

    assert "(400: bad header *** [31m)" in refusal(forge(server))


def test_nobody_listens(server: GitLabServer) -> None:
    """The message names the host."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
        server.root = f"http://{host}"

        message = refusal(forge(server))

    assert message.startswith(f"{host}: no answer: ")
    assert "refused" in message


def test_a_silent_server(server: GitLabServer) -> None:
    """Each answer has its time, and all attempts together."""
    server.troubles += [Silence()] * 9

    message = refusal(forge(server, patience=RequestLimits(answer=1, total=1.5, attempts=9, backoff=0)))

    assert "no answer: " in message
    assert "timed out" in message
    assert len(server.calls) < 9


def test_a_page_elsewhere_is_no_link(server: GitLabServer) -> None:
    """The answer's address is taken on GitLab's own host alone; else the merge request's is worked out."""
    server.add(source_branch=BRANCH, target_branch="main")["web_url"] = "https://evil.example/-/merge_requests/1"
    assert forge(server).propose(PROPOSAL).url == f"{server.root}/{PROJECT}/-/merge_requests/1"
