"""What git's words mean: whole outputs, as git 2.39 prints them or as the hosts document them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.repo.failure import RETRIED, Kind, RemoteError, kind_of

_SSH_END = """\
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists."""


def rejected(reason: str, *, said: str = "", how: str = "remote rejected") -> str:
    """Return what `git push --porcelain` prints when a server refuses a ref for `reason`, having `said` something."""
    lines = [f"remote: {line}        " for line in said.splitlines()]
    lines.append("error: failed to push some refs to 'https://git.example.com/shop/gitops.git'")
    lines.append("To https://git.example.com/shop/gitops.git")
    lines.append(f"!\tHEAD:refs/heads/main\t[{how}] ({reason})")
    return "\n".join([*lines, "Done"])


def unable(words: str, said: str = "") -> str:
    """Return what git prints when a request over HTTP fails."""
    lines = [f"remote: {line}" for line in said.splitlines()]
    return "\n".join([*lines, f"fatal: unable to access 'https://git.example.com/shop/gitops.git/': {words}"])


def cut_off(words: str) -> str:
    """Return what git prints when a push over HTTP breaks."""
    return (
        f"error: RPC failed; {words}\nsend-pack: unexpected disconnect while reading sideband packet\n"
        "fatal: the remote end hung up unexpectedly\nDone"
    )


RACES = {
    "git, commits that we have not": rejected("fetch first", how="rejected"),
    "git, commits that we have": rejected("non-fast-forward", how="rejected"),
    "git, lease": rejected("stale info", how="rejected"),
    "git, in the middle of a push": rejected(
        "failed to update ref",
        said="error: cannot lock ref 'refs/heads/main': is at 3dd8cc6ab1 but expected f3e0cd87c2",
    ),
    "git, a lock of the server": rejected(
        "failed to update ref",
        said="error: cannot lock ref 'refs/heads/main': Unable to create '/srv/gitops.git/refs/heads/main.lock': "
        "File exists.\n\nAnother git process seems to be running in this repository, e.g.\n"
        "an editor opened by 'git commit'. Please make sure all processes\nare terminated then try again.",
    ),
    "GitHub": rejected("cannot lock ref 'refs/heads/main': is at 3dd8cc6ab1 but expected f3e0cd87c2"),
    "GitHub, a new branch": rejected("cannot lock ref 'refs/heads/fairlead/prod/cart': reference already exists"),
    "GitLab": rejected("incorrect old value provided"),
    "git 2.50": rejected("reference already exists"),
    "Gitea": rejected("failed to update ref", said="error: failed to lock refs/heads/main"),
    "Bitbucket": rejected("failed to lock"),
    "Azure DevOps": rejected(
        "TF401028: The reference 'refs/heads/main' has already been updated by another client, so you cannot update "
        "it. Please try again."
    ),
    "git, for people": "To https://git.example.com/shop/gitops.git\n"
    " ! [rejected]        HEAD -> main (fetch first)\nerror: failed to push some refs",
}
POLICIES = {
    "a pre-receive hook": rejected("pre-receive hook declined", said="no deployments on Fridays"),
    "an update hook": rejected("hook declined", said="error: hook declined to update refs/heads/main"),
    "a hook that speaks of races": rejected(
        "pre-receive hook declined",
        said="non-fast-forward\n! [rejected] main -> main (fetch first)\ncannot lock ref\nConnection reset by peer",
    ),
    "a hook that speaks of 503": rejected("pre-receive hook declined", said="fatal: returned error: 503\nearly EOF"),
    "a reference-transaction hook": "fatal: ref updates aborted by hook\n"
    "send-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly",
    "GitHub, protected branch": rejected(
        "protected branch hook declined",
        said="error: GH006: Protected branch update failed for refs/heads/main.\n"
        'error: Required status check "build" is expected.',
    ),
    "GitHub, rules": rejected(
        "push declined due to repository rule violations",
        said="error: GH013: Repository rule violations found for refs/heads/main.\n\n"
        "- Changes must be made through a pull request.",
    ),
    "GitHub, workflows": rejected(
        "refusing to allow an OAuth App to create or update workflow `.github/workflows/ci.yml` without `workflow` "
        "scope"
    ),
    "GitHub, workflows with a token": rejected(
        "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without "
        "`workflow` scope"
    ),
    "GitLab, protected branch": rejected(
        "pre-receive hook declined",
        said="GitLab: You are not allowed to push code to protected branches on this project.",
    ),
    "GitLab, push rule": rejected(
        "pre-receive hook declined", said="GitLab: Commit message does not follow the pattern '^[A-Z]+-[0-9]+'"
    ),
    "Gitea, protected branch": rejected(
        "pre-receive hook declined",
        said="\nGitea: Not allowed to push to protected branch main",
    ),
    "Bitbucket, branch permission": rejected(
        "pre-receive hook declined",
        said="Branch refs/heads/main can only be modified through pull requests.\n"
        "Check your branch permissions configuration with the project administrator.",
    ),
    "Bitbucket, permission": rejected("permission denied to update branch main"),
    "Azure DevOps": rejected(
        "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch."
    ),
    "Gerrit": rejected("prohibited by Gerrit: not permitted: update"),
    "git, a repository with files": rejected(
        "branch is currently checked out", said="error: refusing to update checked out branch: refs/heads/main"
    ),
    "git, a hidden ref": rejected("deny updating a hidden ref"),
}
ACCESSES = {
    "no credentials": "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled",
    "no password": "fatal: could not read Password for 'https://ci@git.example.com': terminal prompts disabled",
    "wrong credentials": "remote: Invalid username or token.\n"
    "fatal: Authentication failed for 'https://git.example.com/shop/gitops.git/'",
    "GitLab, wrong credentials": "remote: HTTP Basic: Access denied. The provided password or token is incorrect.\n"
    "fatal: Authentication failed for 'https://git.example.com/shop/gitops.git/'",
    "forbidden": unable(
        "The requested URL returned error: 403", said="Permission to shop/gitops.git denied to deployer."
    ),
    "forbidden while pushing": cut_off("HTTP 403 curl 22 The requested URL returned error: 403"),
    "not found": "remote: Repository not found.\n"
    "fatal: repository 'https://git.example.com/shop/gitops.git/' not found",
    "a proxy that asks": unable("Received HTTP code 407 from proxy after CONNECT; returned error: 407"),
    "ssh, key": f"git@git.example.com: Permission denied (publickey).\n{_SSH_END}",
    "ssh, too many keys": "Received disconnect from 192.0.2.7 port 22:2: Too many authentication failures\n"
    f"Disconnected from 192.0.2.7 port 22\n{_SSH_END}",
    "ssh, host key": f"Host key verification failed.\n{_SSH_END}",
    "ssh, GitHub": f"ERROR: Repository not found.\n{_SSH_END}",
    "ssh, GitLab": "remote: \nremote: ERROR: The project you were looking for could not be found or you don't have "
    f"permission to view it.\nremote: \n{_SSH_END}",
    "ssh, unknown words": f"Sorry.\n{_SSH_END}",
    "no such folder": f"fatal: '/srv/gitops.git' does not appear to be a git repository\n{_SSH_END}",
    "a folder of somebody else": f"fatal: detected dubious ownership in repository at '/srv/gitops.git'\n{_SSH_END}",
    "a certificate": unable("server certificate verification failed. CAfile: none CRLfile: none"),
    "a certificate, OpenSSL": unable("SSL certificate problem: unable to get local issuer certificate"),
    "nothing but the server's words": "remote: Forbidden\n",
}
TRANSIENTS = {
    "429": unable("The requested URL returned error: 429", said="Too many requests"),
    "500": unable("The requested URL returned error: 500"),
    "503": unable("The requested URL returned error: 503", said="Service Unavailable"),
    "502 while pushing": cut_off("HTTP 502 curl 22 The requested URL returned error: 502"),
    "504 while fetching": "error: RPC failed; HTTP 504 curl 22 The requested URL returned error: 504\n"
    "fatal: expected flush after ref listing",
    "GitHub, 403 for too many requests": unable(
        "The requested URL returned error: 403", said="You have exceeded a secondary rate limit."
    ),
    "GitHub, its own fault": rejected("Internal Server Error"),
    "GitHub, its storage": rejected("fatal error in commit_refs"),
    "GitLab, its own API": rejected("pre-receive hook declined", said="GitLab: Internal API unreachable"),
    "GitLab, its own API fails": rejected("pre-receive hook declined", said="GitLab: Internal API error (500)"),
    "Gitea, its own API": rejected("pre-receive hook declined", said="Gitea: Internal Server Error\nno reason"),
    "no report": rejected("remote failed to report status", how="remote failure"),
    "reset": cut_off("curl 56 Recv failure: Connection reset by peer"),
    "HTTP/2": cut_off("curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)"),
    "GnuTLS": cut_off("curl 56 GnuTLS recv error (-110): The TLS connection was non-properly terminated."),
    "OpenSSL": unable("OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to git.example.com:443"),
    "early EOF": "fetch-pack: unexpected disconnect while reading sideband packet\nfatal: early EOF\n"
    "fatal: fetch-pack: invalid index-pack output",
    "empty": unable("Empty reply from server"),
    "too slow": unable("Operation too slow. Less than 1024 bytes/sec transferred the last 30 seconds"),
    "killed": "no answer after 30 s, killed",
    "no host": unable("Could not resolve host: git.example.com"),
    "no proxy": unable("Could not resolve proxy: proxy.example.com"),
    "refused": unable("Failed to connect to git.example.com port 443 after 2 ms: Couldn't connect to server"),
    "ssh, refused": f"ssh: connect to host git.example.com port 22: Connection refused\n{_SSH_END}",
    "ssh, timed out": f"ssh: connect to host git.example.com port 22: Connection timed out\n{_SSH_END}",
    "ssh, no route": f"ssh: connect to host git.example.com port 22: No route to host\n{_SSH_END}",
    "ssh, no name": "ssh: Could not resolve hostname git.example.com: Temporary failure in name resolution\n"
    f"{_SSH_END}",
    "ssh, too many at once": f"kex_exchange_identification: Connection closed by remote host\n{_SSH_END}",
    "ssh, cut": f"Connection to git.example.com closed by remote host.\n{_SSH_END}",
    "ssh, broken": f"client_loop: send disconnect: Broken pipe\n{_SSH_END}",
    "rewritten while we fetch": "fatal: git upload-pack: not our ref 3dd8cc6ab1",
    "no git behind it": "fatal: protocol error: bad line length character: Plea",
}
UNKNOWNS = {
    "nothing": "",
    "words of tomorrow": "fatal: the flux is not compensated",
    "words of a server": "remote: hello",
    "too large": cut_off("HTTP 413 curl 22 The requested URL returned error: 413"),
    "moved": unable("The requested URL returned error: 301"),
    "a pack that is refused": rejected("unpacker error", said="fatal: pack exceeds maximum allowed size"),
    "a branch in the way": rejected(
        "failed to update ref",
        said="error: cannot lock ref 'refs/heads/fairlead/prod/cart': 'refs/heads/fairlead' exists; "
        "cannot create 'refs/heads/fairlead/prod/cart'",
    ),
    "a branch in the way, in the verdict": rejected(
        "cannot lock ref 'refs/heads/fairlead/prod/cart': 'refs/heads/fairlead' exists; cannot create "
        "'refs/heads/fairlead/prod/cart'"
    ),
    "a branch in the way, git 2.50": rejected("refname conflict"),
    "a server that may not write": rejected(
        "failed to update ref",
        said="error: cannot lock ref 'refs/heads/main': Unable to create '/srv/gitops.git/refs/heads/main.lock': "
        "Permission denied",
    ),
    "no such transport": "fatal: transport 'ext' not allowed",
}
TABLE = [
    pytest.param(kind, words, id=f"{kind}: {name}")
    for kind, table in (
        (Kind.RACE, RACES),
        (Kind.POLICY, POLICIES),
        (Kind.ACCESS, ACCESSES),
        (Kind.TRANSIENT, TRANSIENTS),
        (Kind.UNKNOWN, UNKNOWNS),
    )
    for name, words in table.items()
]


@pytest.mark.parametrize(("kind", "words"), TABLE)
def test_words_have_a_kind(kind: Kind, words: str) -> None:
    """Over ssh and HTTP, of git and of the hosts."""
    assert kind_of(words) is kind


@pytest.mark.parametrize(("kind", "words"), TABLE)
def test_windows_line_ends_change_nothing(kind: Kind, words: str) -> None:
    """Some servers end their lines so."""
    assert kind_of(words.replace("\n", "\r\n")) is kind


_SAID = st.lists(
    st.one_of(
        st.text(st.characters(exclude_characters="\n"), max_size=40),
        st.sampled_from(
            [line for table in (RACES, TRANSIENTS) for words in table.values() for line in words.split("\n")]
        ),
    ),
    max_size=8,
)


@given(_SAID)
def test_a_hook_cannot_talk_itself_into_another_attempt(said: list[str]) -> None:
    """Whatever a declining hook prints, git marks as the server's words: the refusal stands."""
    own_faults = ("GitLab:", "Gitea:", "Forgejo:")
    lines = "".join(f"remote: {line}\n" for line in said if not any(fault in line for fault in own_faults))

    assert kind_of(lines + rejected("pre-receive hook declined")) is Kind.POLICY


@pytest.mark.parametrize(
    ("kind", "code"),
    [(Kind.RACE, 4), (Kind.POLICY, 5), (Kind.ACCESS, 3), (Kind.TRANSIENT, 3), (Kind.UNKNOWN, 3)],
)
def test_a_kind_has_an_exit_code(kind: Kind, code: int) -> None:
    """4 for a race, 5 for a refusal, 3 for what could not be found out; git's words are indented below the meaning."""
    error = RemoteError("push", kind, "one\ntwo")

    assert (error.exit_code, error.kind, error.step) == (code, kind, "push")
    assert str(error).startswith("git push: ")
    assert str(error).endswith("\n  one\n  two")


CAUSES = {
    "no host": "could not resolve host: git.example.com",
    "503": "the requested URL returned error: 503",
    "502 while pushing": "the requested URL returned error: 502",
    "refused": "failed to connect to git.example.com port 443 after 2 ms: Couldn't connect to server",
    "reset": "recv failure: Connection reset by peer",
    "early EOF": "unexpected disconnect while reading sideband packet",
    "OpenSSL": "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to git.example.com:443",
    "GitHub, its own fault": "internal Server Error",
    "GitHub, 403 for too many requests": "you have exceeded a secondary rate limit",
    "GitLab, its own API": "GitLab: Internal API unreachable",
    "ssh, refused": "connect to host git.example.com port 22: Connection refused",
    "killed": "no answer after 30 s, killed",
}


@pytest.mark.parametrize("name", CAUSES)
def test_a_fault_of_the_network_has_a_cause(name: str) -> None:
    """Git's own line, without what it puts before it."""
    assert RemoteError("push", Kind.TRANSIENT, TRANSIENTS[name]).cause == CAUSES[name]


@pytest.mark.parametrize(("kind", "words"), TABLE)
def test_a_cause_is_one_short_line(kind: Kind, words: str) -> None:
    """Whatever git said."""
    cause = RemoteError("push", kind, words).cause

    assert 5 < len(cause) < 130
    assert cause.isprintable()


@given(st.text())
def test_a_cause_cannot_steer_the_terminal(text: str) -> None:
    """It may hold a server's words."""
    assert RemoteError("push", Kind.TRANSIENT, f"remote: rate limit {text}").cause.isprintable()


def test_a_race_is_somebody_who_was_faster() -> None:
    """What a lock is called helps nobody."""
    assert RemoteError("push", Kind.RACE, rejected("fetch first")).cause == "somebody pushed first"


def test_a_race_and_a_fault_of_the_network_are_tried_again() -> None:
    """Nothing else: a refusal would be the same in the next attempt."""
    assert {Kind.RACE, Kind.TRANSIENT} == RETRIED


def test_a_silent_git_is_said_to_be_silent() -> None:
    """An empty message would look like a bug of fairlead's."""
    assert str(RemoteError("fetch", Kind.UNKNOWN, "")).endswith("\n  (git said nothing)")


def test_a_servers_words_cannot_steer_the_terminal() -> None:
    """No escape sequences, no text that reads backwards."""
    shown = RemoteError("push", Kind.POLICY, "remote: \x1b[2J\r\n\u202eevil\x07;").shown()

    assert shown.split("\n")[1:] == ["  remote: \\x1b[2J", "  \\u202eevil\\x07;", ""]


@pytest.mark.parametrize("command", ["::set-env name=X::y", "\t::error::no", "##[error]no", "a ##vso[task.complete]"])
def test_a_servers_words_cannot_steer_the_ci_system(command: str) -> None:
    """What GitHub and Azure DevOps look for in a log is broken up, and can still be read."""
    shown = RemoteError("push", Kind.POLICY, f"so\n{command}").shown().splitlines()[-1]

    assert not shown.lstrip().startswith("::")
    assert not any(mark in shown for mark in ("##[", "##vso["))
    assert shown.replace("\\x3a", ":").replace("\\x23", "#").strip() == command.replace("\t", "\\t").strip()
