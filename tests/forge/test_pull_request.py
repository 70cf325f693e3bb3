"""Asking for review at whichever host the remote is: whose API, which token, which branch, which page."""

from __future__ import annotations

import string
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import generator.forge
from generator.address import Address, address_of
from generator.findings.errors import ToolError, UsageError
from generator.forge.access import Token
from generator.forge.pull_request import branch_of, compare_url, forge_of, opened_by_server, why_not
from generator.forge.request import Listed, Opened, Proposal, open_or_update
from generator.forge.server import server_of
from tests.examples import examples
from tests.forge.forge_server import PROJECT, REPOSITORY, TOKEN, GitHubServer, GitLabServer, serving

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import Git

BRANCH = "fairlead/prod/frontend"
PROPOSAL = Proposal(branch=BRANCH, base="main", title="Promote frontend to prod: 1.4.2", body="")
ACTIONS = {"GITHUB_SERVER_URL": "https://git.example.com", "GITHUB_API_URL": "https://git.example.com/api/v3"}
JOB = {"CI_SERVER_URL": "https://code.example.com", "CI_API_V4_URL": "https://code.example.com/api/v4"}
SECRET = "s3cret-and-long"  # noqa: S105  # it opens nothing

NAMES = st.from_regex(r"[a-z]([-a-z0-9]{0,40}[a-z0-9])?", fullmatch=True)
HOSTS = st.sampled_from(["github.com", "gitlab.com", "bitbucket.org", "git.sr.ht", "ssh.dev.azure.com", "codeberg.org"])
URLS = st.text(max_size=60) | st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["https://", "ssh://", "http://", "git@", "git+ssh://", "codecommit::", "//", ""]),
        st.sampled_from(["", "user@", f"user:{SECRET}@", "@", "%40@"]),
        HOSTS | st.text(string.printable, max_size=12),
        st.sampled_from(["", ":", ":22/", ":443/", ":x/", "/", "/:", "::", "[", "]"]),
        st.text("ab/.:@~%_-\\?#", max_size=20),
        st.sampled_from(["", ".git", ".git/", "/scm/A/b", "v3/a/b/c", "/v1/repos/x", "/_git/x"]),
    ),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/shop/gitops.git", Address(scheme="https", host="github.com", path="shop/gitops")),
        ("https://github.com/shop/gitops", Address(scheme="https", host="github.com", path="shop/gitops")),
        ("https://github.com/shop/gitops.git/", Address(scheme="https", host="github.com", path="shop/gitops")),
        ("HTTPS://GitHub.com/Shop/GitOps", Address(scheme="https", host="github.com", path="Shop/GitOps")),
        (f"https://x:{SECRET}@github.com/a/b", Address(scheme="https", host="github.com", path="a/b")),
        ("https://git.example.com:8443/a/b", Address(scheme="https", host="git.example.com", port=8443, path="a/b")),
        ("https://git.example.com:443/a/b", Address(scheme="https", host="git.example.com", path="a/b")),
        ("git@github.com:shop/gitops.git", Address(scheme="ssh", host="github.com", path="shop/gitops")),
        ("github.com:shop/gitops.git", Address(scheme="ssh", host="github.com", path="shop/gitops")),
        ("git@gitlab.com:a/b/c/d.git", Address(scheme="ssh", host="gitlab.com", path="a/b/c/d")),
        ("ssh://git@host.example.com:2222/a/b", Address(scheme="ssh", host="host.example.com", port=2222, path="a/b")),
        ("ssh://git@ssh.github.com:443/a/b.git", Address(scheme="ssh", host="github.com", path="a/b")),
        ("git@altssh.gitlab.com:a/b.git", Address(scheme="ssh", host="gitlab.com", path="a/b")),
        ("https://git.example.com/My%20Shop/b", Address(scheme="https", host="git.example.com", path="My Shop/b")),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(url: str, expected: Address) -> None:
    """All ways in which git takes one, and nothing of who logs in."""
    assert address_of(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "../shop.git",
        "/srv/git/shop.git",
        "file:///srv/git/shop.git",
        "C:/shop.git",
        "git://git.example.com/a/b",
        "https://",
        "https:///a/b",
        "https://host:port/a/b",
        "https://[::1/a/b",
        "https://github.com/a/../b",
        "https://github.com/a//b",
        "https://github.com/a/b?x=1",
        "https://github.com/a/b%0a",
        "https://evil.example.com\\@github.com/a/b",
        "https://github.com/a b",
        "https://\u0261ithub.com/a/b",
        "https://-x.example.com/a/b",
        "codecommit::eu-west-1://shop",
    ],
)
def test_what_is_at_no_host_has_no_address(url: str) -> None:
    """Folders, other protocols, and what two readers might take for two hosts."""
    assert address_of(url) is None


@given(url=URLS)
@settings(max_examples=examples(400))
def test_reading_an_address_never_fails(url: str) -> None:
    """Whatever a configuration holds: what has no address has no API and no page either."""
    address = address_of(url)

    told = (server_of(url, JOB | ACTIONS), compare_url(url, "main", BRANCH))
    assert address is not None or url.startswith("codecommit::") or told == (None, None)
    assert why_not(url, {})


@given(scheme=st.sampled_from(["https", "http", "ssh"]), host=HOSTS, path=st.text("abc/.~_-%2F", max_size=20))
def test_who_logs_in_is_never_shown(scheme: str, host: str, path: str) -> None:
    """Nothing that is made of an address holds the user or the password in it."""
    url = f"{scheme}://{SECRET}:{SECRET}@{host}/{path}"

    assert (
        SECRET not in f"{address_of(url)} {server_of(url, JOB)} {compare_url(url, 'main', BRANCH)} {why_not(url, {})}"
    )


@pytest.mark.parametrize(
    "url", ["git@github.com:shop/gitops.git", "ssh://git@git.example.com:2222/a/b.git", "host.example.com:a/b"]
)
def test_git_reads_the_same_host(url: str, git: Git, tmp_path: Path) -> None:
    """What git would speak to is what we take for the host."""
    git(tmp_path, "init", "--quiet")
    lines = git(tmp_path, "fetch-pack", "--diag-url", url).splitlines()
    said = dict(line.removeprefix("Diag: ").split("=", 1) for line in lines)
    address = address_of(url)

    assert address is not None
    assert said["userandhost"].rpartition("@")[2] == address.host
    assert said["port"] == str(address.port or "NONE")
    assert said["path"].strip("/").removesuffix(".git") == address.path


@pytest.mark.parametrize(
    ("url", "environ", "root", "repository"),
    [
        ("https://github.com/shop/gitops.git", {}, "https://api.github.com", REPOSITORY),
        ("git@github.com:shop/gitops.git", ACTIONS, "https://api.github.com", REPOSITORY),
        ("http://github.com/shop/gitops", {}, "https://api.github.com", REPOSITORY),
        ("https://shop.ghe.com/shop/gitops", {}, "https://api.shop.ghe.com", REPOSITORY),
        ("https://git.example.com/shop/gitops", ACTIONS, "https://git.example.com/api/v3", REPOSITORY),
        ("ssh://git@git.example.com:2222/shop/gitops", ACTIONS, "https://git.example.com/api/v3", REPOSITORY),
        (
            "https://git.example.com/shop/gitops",
            {"GITHUB_SERVER_URL": "https://git.example.com/"},
            "https://git.example.com/api/v3",
            REPOSITORY,
        ),
        (
            "https://git.example.com/shop/gitops",
            ACTIONS | {"GITHUB_API_URL": "https://elsewhere.example.com"},
            "https://git.example.com/api/v3",
            REPOSITORY,
        ),
        ("https://gitlab.com/shop/platform/gitops.git", {}, "https://gitlab.com", PROJECT),
        ("git@gitlab.com:shop/platform/gitops.git", JOB, "https://gitlab.com", PROJECT),
        ("https://gitlab.example.com:8443/shop/gitops", {}, "https://gitlab.example.com:8443", REPOSITORY),
        ("http://gitlab.example.com/shop/gitops", {}, "https://gitlab.example.com", REPOSITORY),
        ("ssh://git@gitlab.example.com:2222/shop/gitops", {}, "https://gitlab.example.com", REPOSITORY),
        ("https://code.example.com/shop/platform/gitops", JOB, "https://code.example.com", PROJECT),
        ("git@code.example.com:shop/gitops", JOB, "https://code.example.com", REPOSITORY),
        (
            "https://code.example.com/shop/gitops",
            {"CI_API_V4_URL": "https://code.example.com/api/v4"},
            "https://code.example.com",
            REPOSITORY,
        ),
        (
            "https://example.com/gitlab/shop/gitops.git",
            {"CI_SERVER_URL": "https://example.com/gitlab"},
            "https://example.com/gitlab",
            REPOSITORY,
        ),
        (
            "git@example.com:shop/gitops.git",
            {"CI_SERVER_URL": "https://example.com/gitlab"},
            "https://example.com/gitlab",
            REPOSITORY,
        ),
    ],
)  # fmt: skip
def test_the_api_is_at_the_remotes_host(url: str, environ: Mapping[str, str], root: str, repository: str) -> None:
    """github.com and gitlab.com by name, one's own by name or by what its CI says of itself."""
    server = server_of(url, environ)

    assert server is not None
    assert (server.root, server.repository) == (root, repository)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com.example.com/shop/gitops",
        "https://notgithub.com/shop/gitops",
        "https://github.com@example.com/shop/gitops",
        "https://git.example.com/shop/gitops",
        "https://code.example.com:8443/shop/gitops",
        "https://bitbucket.org/shop/gitops",
        "https://github.com/gitops",
        "https://github.com/shop/more/gitops",
        "https://github.com/shop/git%20ops",
        "https://gitlab.com/gitops",
        "/srv/git/gitops.git",
    ],
)
def test_other_hosts_have_no_api(url: str) -> None:
    """A name that looks alike, another port, another kind of host, what is no repository there."""
    assert server_of(url, JOB) is None
    assert forge_of(url, JOB | {"GITHUB_TOKEN": TOKEN, "GITLAB_TOKEN": TOKEN, "CI_JOB_TOKEN": TOKEN}) is None


def test_a_workflow_of_gitea_is_not_taken_for_githubs() -> None:
    """It has the same variables, and an API of its own."""
    gitea = {"GITHUB_SERVER_URL": "https://git.example.com", "GITHUB_API_URL": "https://git.example.com/api/v1"}

    assert server_of("https://git.example.com/shop/gitops", gitea) is None


@given(url=URLS, named=URLS)
@example(url="https://gitlab.com/a/b", named="https://example.com")
@settings(max_examples=examples(300))
def test_a_token_goes_to_the_remotes_host_alone(url: str, named: str) -> None:
    """Whatever the environment names."""
    environ = dict.fromkeys(["GITHUB_SERVER_URL", "GITHUB_API_URL", "CI_SERVER_URL", "CI_API_V4_URL"], named)
    server, address = server_of(url, environ), address_of(url)

    if server is not None:
        assert address is not None
        assert urlsplit(server.root).hostname in {address.host, f"api.{address.host}"}


@pytest.mark.parametrize(
    ("url", "environ", "variables"),
    [
        ("https://github.com/a/b", {}, ("GH_TOKEN", "GITHUB_TOKEN")),
        ("https://github.com/a/b", {"GITHUB_SERVER_URL": "https://github.com"}, ("GH_TOKEN", "GITHUB_TOKEN")),
        ("https://github.com/a/b", ACTIONS, ("GH_TOKEN",)),
        ("https://git.example.com/a/b", ACTIONS, ("GH_TOKEN", "GITHUB_TOKEN")),
        ("https://gitlab.com/a/b", JOB, ("GITLAB_TOKEN",)),
        ("https://code.example.com/a/b", JOB, ("GITLAB_TOKEN", "CI_JOB_TOKEN")),
    ],
)
def test_a_ci_systems_own_token_is_for_its_own_server(
    url: str, environ: Mapping[str, str], variables: tuple[str, ...]
) -> None:
    """A workflow's GITHUB_TOKEN and a job's CI_JOB_TOKEN are nobody else's business."""
    server = server_of(url, environ)

    assert server is not None
    assert server.variables == variables


def test_from_a_remote_to_a_pull_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub, all the way."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    host = GitHubServer()
    with serving(host):
        environ = {"GITHUB_API_URL": host.root, "GITHUB_SERVER_URL": host.root, "GITHUB_TOKEN": f"{TOKEN}\n"}
        forge = forge_of(f"{host.root}/{REPOSITORY}.git", environ)

        assert forge is not None
        assert (forge.limit, forge.propose(PROPOSAL).created) == (65_536, True)


def test_from_a_remote_to_a_merge_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """GitLab, all the way."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    host = GitLabServer()
    with serving(host):
        forge = forge_of(f"{host.root}/{PROJECT}.git", {"CI_SERVER_URL": host.root, "GITLAB_TOKEN": TOKEN})

        assert forge is not None
        assert (forge.limit, forge.propose(PROPOSAL).created) == (1_048_576, True)


@pytest.mark.parametrize(
    ("url", "environ", "reason"),
    [
        (
            "https://github.com/a/b",
            {"GITHUB_TOKEN": " "},
            "no token for github.com: set GH_TOKEN or GITHUB_TOKEN to have the request opened from here",
        ),
        ("git@gitlab.com:a/b", {}, "no token for gitlab.com: set GITLAB_TOKEN to have the request opened from here"),
        ("https://bitbucket.org/a/b", {}, "no API for requests is known at bitbucket.org"),
        ("/srv/git/a.git", {}, "the remote is at no host"),
        ("https://github.com/a/b", {"GH_TOKEN": TOKEN}, None),
    ],
)
def test_why_a_request_is_left_to_a_person(url: str, environ: Mapping[str, str], reason: str | None) -> None:
    """One line that says what to do about it; where there is a reason there is no API, and the other way round."""
    assert why_not(url, environ) == reason
    assert (forge_of(url, environ) is None) == (reason is not None)


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "t\u00f6ken", "\x1b"])
def test_a_token_that_is_none_is_not_sent(value: str) -> None:
    """The HTTP library would quote it in its complaint."""
    with pytest.raises(ToolError) as caught:
        forge_of("https://github.com/a/b", {"GH_TOKEN": value})

    assert str(caught.value) == "GH_TOKEN holds characters that are in no token"


def test_a_token_is_shown_as_its_variable() -> None:
    """In a debugger, in a test's output, wherever something prints it."""
    assert f"{Token('GH_TOKEN', TOKEN)} {Token('GH_TOKEN', TOKEN)!r}" == "$GH_TOKEN $GH_TOKEN"


class Endless:
    """A host that has ever more requests of forks."""

    def listed(self, proposal: Proposal, page: int) -> Listed:
        """Return none of ours, and the prospect of more."""
        assert (proposal, page <= 100) == (PROPOSAL, True)
        return Listed([], full=True)

    def update(self, number: int, proposal: Proposal) -> Opened:
        """There is nothing to update."""
        raise AssertionError(number, proposal)

    def open(self, proposal: Proposal) -> Opened:
        """Open one at last."""
        assert proposal == PROPOSAL
        return Opened(url="https://example.com/1", number=1, created=True)


def test_the_search_for_an_open_request_ends() -> None:
    """After a hundred pages without one it counts as not there: the host itself refuses a second one."""
    assert open_or_update(Endless(), PROPOSAL).created


@pytest.mark.parametrize(
    ("url", "library", "extra"),
    [("https://github.com/a/b", "github", "github"), ("https://gitlab.com/a/b", "gitlab", "gitlab")],
)
def test_a_library_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, url: str, library: str, extra: str) -> None:
    """It is an extra: the message is the command that installs it, before anything was pushed."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"generator.forge.{library}", raising=False)
    monkeypatch.delattr(generator.forge, library, raising=False)

    with pytest.raises(ToolError, match=rf"install it: pip install 'fairlead\[{extra}\]'"):
        forge_of(url, {"GH_TOKEN": TOKEN, "GITLAB_TOKEN": TOKEN})


def test_a_branch_names_environment_and_service() -> None:
    """The same for the same service: the next proposal comes from the branch of the open one."""
    assert branch_of("prod", ["frontend"]) == "fairlead/prod/frontend"


def test_several_services_have_a_branch_of_their_own() -> None:
    """The order in which they were named does not matter, and no service's own branch is like it."""
    branch = branch_of("prod", ["frontend", "cart"])

    assert branch == branch_of("prod", ["cart", "frontend", "cart"]) == "fairlead/prod/2-services.d719265d5d26"
    assert branch != branch_of("prod", ["frontend", "cart", "orders"])


@pytest.mark.parametrize(
    ("verb", "branch"),
    [
        ("promote", "fairlead/prod/frontend"),
        ("bump", "fairlead/prod/frontend"),
        ("rollback", "fairlead/prod/frontend.rollback"),
        ("hold", "fairlead/prod/frontend.hold"),
        ("unhold", "fairlead/prod/frontend.hold"),
    ],
)
def test_no_promotion_takes_the_request_of_a_rollback_over(verb: str, branch: str) -> None:
    """Nor that of a hold, which its release shares."""
    assert branch_of("prod", ["frontend"], verb=verb) == branch


REQUESTED = st.tuples(
    NAMES | st.sampled_from(["hold", "prod"]),
    st.frozensets(NAMES | st.sampled_from(["hold", "prod"]), min_size=1, max_size=3),
    st.sampled_from(["promote", "rollback", "hold"]),
)


@given(one=REQUESTED, other=REQUESTED)
def test_no_two_branches_are_the_same_or_in_each_others_way(
    one: tuple[str, frozenset[str], str], other: tuple[str, frozenset[str], str]
) -> None:
    """Also where an environment or a service is called as a verb is."""
    first, second = (branch_of(environment, names, verb=verb) for environment, names, verb in (one, other))

    assert (first == second) == (one == other)
    assert not first.startswith(f"{second}/")


@pytest.mark.parametrize("name", ["../x", "-x", "a b", "a..b", "x.lock", "a\n", "", "@{-1}", "\u00e4"])
def test_what_names_nothing_is_in_no_branch(name: str) -> None:
    """Neither as an environment nor as a service."""
    with pytest.raises(UsageError, match="cannot be part of a branch"):
        branch_of(name, ["frontend"])
    with pytest.raises(UsageError, match="cannot be part of a branch"):
        branch_of("prod", ["frontend", name])


@given(
    environment=NAMES,
    services=st.lists(NAMES, min_size=1, max_size=5),
    verb=st.sampled_from(["bump", "rollback", "unhold"]),
)
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_takes_every_branch(environment: str, services: list[str], verb: str, git: Git, tmp_path: Path) -> None:
    """And for the name of that branch alone."""
    branch = branch_of(environment, services, verb=verb)

    assert git(tmp_path, "check-ref-format", "--branch", branch) == f"{branch}\n"


CREATE = f"pull-requests?create&sourceBranch=refs/heads/{BRANCH}&targetBranch=refs/heads/main"
MERGE_REQUEST = f"merge_request%5Bsource_branch%5D={BRANCH}&merge_request%5Btarget_branch%5D=main"
CONSOLE = "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/gitops"
CODECOMMIT = f"{CONSOLE}/pull-requests/new/refs/heads/main/.../refs/heads/{BRANCH}?region=eu-west-1"
AZURE = f"https://dev.azure.com/org/My%20Shop/_git/gitops/pullrequestcreate?sourceRef={BRANCH}&targetRef=main"


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("git@github.com:a/b.git", f"https://github.com/a/b/compare/main...{BRANCH}?expand=1"),
        (
            "https://gitlab.example.com/a/b/c",
            f"https://gitlab.example.com/a/b/c/-/merge_requests/new?{MERGE_REQUEST}",
        ),
        ("git@bitbucket.org:a/b.git", f"https://bitbucket.org/a/b/pull-requests/new?source={BRANCH}&dest=main"),
        ("https://x@bitbucket.org/a/b.git", f"https://bitbucket.org/a/b/pull-requests/new?source={BRANCH}&dest=main"),
        ("https://bitbucket.example.com/scm/SH/b.git", f"https://bitbucket.example.com/projects/SH/repos/b/{CREATE}"),
        ("ssh://git@bitbucket.example.com:7999/sh/b.git", f"https://bitbucket.example.com/projects/sh/repos/b/{CREATE}"),
        ("https://bitbucket.example.com/scm/~ann/b.git", f"https://bitbucket.example.com/users/ann/repos/b/{CREATE}"),
        ("https://bitbucket.example.com/x/scm/SH/b", f"https://bitbucket.example.com/x/projects/SH/repos/b/{CREATE}"),
        ("https://codeberg.org/a/b.git", f"https://codeberg.org/a/b/compare/main...{BRANCH}"),
        ("http://gitea.example.com:3000/a/b", f"http://gitea.example.com:3000/a/b/compare/main...{BRANCH}"),
        ("ssh://git@forgejo.example.com:222/a/b", f"https://forgejo.example.com/a/b/compare/main...{BRANCH}"),
        ("git@git.sr.ht:~ann/b", f"https://git.sr.ht/~ann/b/send-email?branch={BRANCH}"),
        ("https://org@dev.azure.com/org/My%20Shop/_git/gitops", AZURE),
        ("git@ssh.dev.azure.com:v3/org/My%20Shop/gitops", AZURE.replace("%20", "%2520")),
        ("ssh://git@ssh.dev.azure.com/v3/org/My%20Shop/gitops", AZURE),
        (
            "https://org.visualstudio.com/shop/_git/gitops",
            f"https://org.visualstudio.com/shop/_git/gitops/pullrequestcreate?sourceRef={BRANCH}&targetRef=main",
        ),
        ("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/gitops", CODECOMMIT),
        ("ssh://KEY@git-codecommit.eu-west-1.amazonaws.com/v1/repos/gitops", CODECOMMIT),
        ("codecommit::eu-west-1://profile@gitops", CODECOMMIT),
        ("codecommit::eu-west-1://gitops", CODECOMMIT),
        ("https://git.example.com/a/b", None),
        ("https://bitbucket.org/a", None),
        ("https://bitbucket.example.com/a/b/c/d", None),
        ("git@ssh.dev.azure.com:a/b", None),
        ("/srv/git/b.git", None),
    ],
)  # fmt: skip
def test_the_page_where_a_person_opens_it(url: str, page: str | None) -> None:
    """For each kind of host that is known by its name."""
    assert compare_url(url, "main", BRANCH) == page


def test_a_branch_in_a_page_is_encoded() -> None:
    """A base may be called almost anything."""
    page = compare_url("https://bitbucket.org/a/b", "release&x=1 #2", "a/b")

    assert page == "https://bitbucket.org/a/b/pull-requests/new?source=a/b&dest=release%26x%3D1%20%232"


GITHUB_NEW = """\
remote: Resolving deltas: 100% (2/2), completed with 2 local objects.\rremote:
remote: Create a pull request for 'fairlead/prod/frontend' on GitHub by visiting:        \x20
remote:      https://github.com/shop/gitops/pull/new/fairlead/prod/frontend        \x20
remote:
To https://github.com/shop/gitops.git
 * [new branch]      fairlead/prod/frontend -> fairlead/prod/frontend
"""
GITHUB_ALERTS = """\
remote:
remote: GitHub found 3 vulnerabilities on shop/gitops's default branch (3 high). To find out more, visit:
remote:      https://github.com/shop/gitops/security/dependabot
remote:
To github.com:shop/gitops.git
"""
GITLAB_NEW = """\
remote:
remote: To create a merge request for fairlead/prod/frontend, visit:
remote:   https://gitlab.com/shop/gitops/-/merge_requests/new?merge_request%5Bsource_branch%5D=fairlead%2Fprod%2Ffrontend
remote:
"""
GITLAB_OPEN = "remote: View merge request for x:\nremote:   http://gitlab.example.com:8081/a/b/-/merge_requests/15\n"
GITEA_OPEN = (
    "remote: Visit the existing pull request:\nremote:   http://gitea.example.com/a/b/pulls/5 merges into main\n"
)
FORGEJO_NEW = "remote: Create a new pull request for 'x':\nremote:   https://codeberg.org/a/b/compare/main...x\n"
BITBUCKET_NEW = (
    "remote: Create pull request for x:\nremote:   https://bitbucket.org/a/b/pull-requests/new?source=x&t=1\n"
)
DATA_CENTER = "remote: View pull request for x => main:\nremote:   https://bitbucket.example.com/projects/A/repos/b/pull-requests/3\n"


@pytest.mark.parametrize(
    ("said", "page"),
    [
        (GITHUB_NEW, "https://github.com/shop/gitops/pull/new/fairlead/prod/frontend"),
        (GITHUB_ALERTS, None),
        (GITHUB_ALERTS + GITHUB_NEW, "https://github.com/shop/gitops/pull/new/fairlead/prod/frontend"),
        (
            GITLAB_NEW,
            "https://gitlab.com/shop/gitops/-/merge_requests/new?merge_request%5Bsource_branch%5D=fairlead%2Fprod%2Ffrontend",
        ),
        (GITLAB_OPEN, "http://gitlab.example.com:8081/a/b/-/merge_requests/15"),
        (GITEA_OPEN, "http://gitea.example.com/a/b/pulls/5"),
        (FORGEJO_NEW, "https://codeberg.org/a/b/compare/main...x"),
        (BITBUCKET_NEW, "https://bitbucket.org/a/b/pull-requests/new?source=x&t=1"),
        (DATA_CENTER, "https://bitbucket.example.com/projects/A/repos/b/pull-requests/3"),
        ("remote: Build started: https://builds.sr.ht/~ann/job/1\n", None),
        (f"remote: https://user:{SECRET}@example.com/a/b/pull/new/x\n", None),
        ("https://github.com/a/b/pull/new/x\n", None),
        ("", None),
    ],
    ids=[
        *("github new", "github alerts", "github both", "gitlab new", "gitlab open", "gitea open", "forgejo new"),
        *("bitbucket new", "data center open", "sourcehut", "with a password", "not the server", "nothing"),
    ],
)  # fmt: skip
def test_what_a_server_says_after_a_push(said: str, page: str | None) -> None:
    """The page of the request, and nothing else that it may have to say."""
    assert opened_by_server(said) == page


@given(said=st.text() | st.text("remote: htps/\x1b[\r\n@.pul").map("remote: {}".format))
def test_a_page_that_a_server_names_can_be_shown(said: str) -> None:
    """It is a plain address: nothing in it moves the cursor or holds a password."""
    page = opened_by_server(f"remote: https://{said}/pull/new/x")

    assert page is None or (page.isascii() and page.isprintable() and "@" not in urlsplit(page).netloc)
