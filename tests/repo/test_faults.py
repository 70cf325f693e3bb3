"""What goes wrong at a remote, over real protocols: each fault ends as it should, and never with two commits."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from generator.credentials.masking import basic
from generator.repo import push as publish
from generator.repo.failure import Kind, RemoteError
from generator.repo.push import Landing, NewCommit, land
from tests.repo.git_server import BEFORE_FETCH, BEFORE_PUSH, FETCH, FOREVER, PUSH, Fault, GitServer, serve
from tests.repo.site import RECORD, Site, adding, left_over, write_hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.repo.clone import Clone
    from tests.conftest import Fairlead, Git

BRANCH = "fairlead/dev/cart"
SECRET = "tr0ub4dor&3/x@y"  # noqa: S105 - opens the server of these tests
TOKEN = "0a1B2c3D4e5F6g7H8i9J0k1L"  # noqa: S105 - the same


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, at_once: None) -> None:
    """Let there be three attempts, without waits."""
    assert at_once is None
    monkeypatch.setattr(publish, "ATTEMPTS", 3)


def failed(site: Site, work: Callable[[Clone], NewCommit | None] | None = None, seconds: float = 30.0) -> RemoteError:
    """Land something that has to fail; nothing of ours is on the branch then."""
    with pytest.raises(RemoteError) as raised:
        land(site.remote(), work or adding("bumped"), seconds=seconds)
    assert site.ours() == []
    return raised.value


@pytest.fixture(params=["a folder", "ssh", "HTTP"])
def everywhere(request: pytest.FixtureRequest, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return the site as it is reached in each way; its ssh runs on this machine what it is told to run there.

    As many servers do, it lets no variable of the client's through: git speaks its oldest protocol then.
    """
    if request.param == "HTTP":
        with serve(site.bare.parent) as running:
            site.git(site.work, "remote", "set-url", "origin", f"{running.url}/{site.bare.name}")
            yield site
        return
    if request.param == "ssh":
        ssh = site.work.with_name("ssh")
        write_hook(ssh, 'while [ "$1" != git@localhost ]; do shift; done; shift; unset GIT_PROTOCOL; exec sh -c "$*"')
        monkeypatch.setenv("GIT_SSH_COMMAND", os.fspath(ssh))
        site.git(site.work, "remote", "set-url", "origin", f"ssh://git@localhost{site.bare}")
    yield site


# Refusals


HOSTILE = {
    "a race": "non-fast-forward; cannot lock ref; ! [rejected] main -> main (fetch first)",
    "a race, at the start of a line": "x\\r! [rejected] a -> b (fetch first)\\n!\\tHEAD:main\\t[rejected] (stale info)",
    "the network": "fatal: the remote end hung up unexpectedly\\nConnection reset by peer\\nreturned error: 503",
    "nothing": "",
    "Latin-1": "Gr\\374\\337e",
    "a terminal": "\\033[2J\\007",
    "GitHub, protected": "error: GH006: Protected branch update failed for refs/heads/main.",
    "GitHub, rules": "error: GH013: Repository rule violations found for refs/heads/main.",
    "GitLab": "GitLab: You are not allowed to push code to protected branches on this project.",
    "Gitea": "Gitea: Not allowed to push to protected branch main",
    "Bitbucket": "Branch refs/heads/main can only be modified through pull requests.",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("hook", ["pre-receive", "update"])
def test_a_hook_declines(site: Site, hook: str, words: str) -> None:
    """Whatever it prints, it is a refusal: exit 5, asked once, shown as it was said."""
    site.hook(hook, f"printf '{words}\\n' >&2; exit 1")
    work = adding("bumped")

    error = failed(site, work)

    assert (error.kind, error.exit_code, work.asked) == (Kind.POLICY, 5, 1)
    assert "hook declined)" in str(error)
    assert words.partition("\\")[0] in str(error)
    assert "\033" not in error.shown()


def test_a_refusal_is_one_over_every_transport(everywhere: Site) -> None:
    """A folder, ssh, HTTP."""
    everywhere.hook("pre-receive", "echo 'no deployments on Fridays' >&2; exit 1")

    error = failed(everywhere)

    assert (error.kind, error.exit_code) == (Kind.POLICY, 5)
    assert "remote: no deployments on Fridays" in str(error)


def test_a_transaction_hook_declines(site: Site) -> None:
    """Git then only says that a hook ended it."""
    site.hook("reference-transaction", '[ "$1" != prepared ] || exit 1')

    assert failed(site).kind is Kind.POLICY


def test_a_repository_with_files_refuses_its_own_branch(site: Site, tmp_path: Path) -> None:
    """Its files would no longer be those of its branch."""
    site.git(tmp_path, "clone", "--quiet", os.fspath(site.bare), "files")
    site.git(site.work, "remote", "set-url", "origin", os.fspath(tmp_path / "files"))

    assert failed(site).exit_code == 5


def test_a_pack_that_is_too_large_is_not_sent_again(site: Site) -> None:
    """It would be too large in the next attempt."""
    site.git(site.bare, "config", "receive.maxInputSize", "10")
    work = adding("bumped")

    error = failed(site, work)

    assert (error.kind, error.exit_code, work.asked) == (Kind.UNKNOWN, 3, 1)
    assert "pack exceeds maximum allowed size" in str(error)


# Access


@pytest.mark.parametrize("login", ["", "ci:wr0ng-p4ss@", "alice@"])
def test_a_wrong_login(site: Site, server: GitServer, login: str) -> None:
    """None, a wrong one, half of one: nobody is asked, exit 3, and it is not tried again."""
    server.login = "ci:right"
    site.git(site.work, "remote", "set-url", "origin", f"{server.url.replace('//', f'//{login}')}/gitops.git")

    error = failed(site)

    assert (error.kind, error.exit_code, len(server.received)) == (
        Kind.ACCESS,
        3,
        1 if not login else len(server.received),
    )
    assert "wr0ng" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("when", [BEFORE_FETCH, FETCH, BEFORE_PUSH, PUSH])
@pytest.mark.parametrize("status", [403, 404])
def test_no_access(site: Site, server: GitServer, when: str, status: int) -> None:
    """Not to read, or not to write."""
    server.faults = [Fault(when=when, status=status, times=FOREVER)]
    work = adding("bumped")

    error = failed(site, work)

    assert (error.kind, error.exit_code, work.asked) == (Kind.ACCESS, 3, int(when in {BEFORE_PUSH, PUSH}))


def test_a_key_that_is_not_known(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As ssh says it."""
    write_hook(tmp_path / "ssh", "echo 'git@localhost: Permission denied (publickey).' >&2; exit 255")
    monkeypatch.setenv("GIT_SSH_COMMAND", os.fspath(tmp_path / "ssh"))
    site.git(site.work, "remote", "set-url", "origin", "git@localhost:gitops.git")

    error = failed(site)

    assert (error.kind, error.exit_code) == (Kind.ACCESS, 3)


def test_a_folder_that_is_not_there(site: Site) -> None:
    """Its name is in the message."""
    site.git(site.work, "remote", "set-url", "origin", "/nowhere/gitops.git")

    error = failed(site)

    assert (error.kind, "/nowhere/gitops.git" in str(error)) == (Kind.ACCESS, True)


# The network


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("when", [BEFORE_FETCH, FETCH, BEFORE_PUSH, PUSH])
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_fails_once(site: Site, server: GitServer, when: str, status: int) -> None:
    """The second attempt lands."""
    server.faults = [Fault(when=when, status=status, text="later\n")]

    landing = site.land()

    assert (landing.attempts, site.ours()) == (2, [landing.commit])


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("when", "status"), [(BEFORE_FETCH, 429), (FETCH, 500), (BEFORE_PUSH, 502), (PUSH, 504)])
def test_a_server_that_always_fails(site: Site, server: GitServer, when: str, status: int) -> None:
    """Exit 3 when no attempt is left: it could not be found out."""
    server.faults = [Fault(when=when, status=status, times=FOREVER)]

    error = failed(site)

    assert (error.kind, error.exit_code) == (Kind.TRANSIENT, 3)
    assert sum(when in line for line in server.received) >= 3


def test_nobody_listens(site: Site) -> None:
    """A port that is closed."""
    site.git(site.work, "remote", "set-url", "origin", "http://127.0.0.1:1/gitops.git")

    assert failed(site, seconds=1).kind is Kind.TRANSIENT


def test_nobody_listens_over_ssh(site: Site) -> None:
    """Though git speaks of access rights."""
    site.git(site.work, "remote", "set-url", "origin", "ssh://git@127.0.0.1:1/gitops.git")

    assert failed(site, seconds=1).kind is Kind.TRANSIENT


@pytest.mark.parametrize("scheme", ["http", "git", "ssh"])
def test_a_server_that_says_nothing(site: Site, scheme: str, home: Path) -> None:
    """It takes the connection, and that is all: the deadline ends it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/gitops.git"
        site.git(site.work, "remote", "set-url", "origin", address)

        error = failed(site, seconds=1)

    assert (error.kind, error.exit_code, left_over(home)) == (Kind.TRANSIENT, 3, [])


@pytest.mark.parametrize("when", [FETCH, PUSH])
def test_a_server_that_falls_silent(site: Site, server: GitServer, when: str) -> None:
    """In the middle of the work, too."""
    server.faults = [Fault(when=when, cut="silence", times=FOREVER)]

    error = failed(site, seconds=1)

    assert (error.kind, error.exit_code) == (Kind.TRANSIENT, 3)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("cut", "times", "branch"),
    [*((cut, times, None) for cut in ("before", "during", "after") for times in (1, 2)), ("after", 2, BRANCH)],
)
def test_a_push_that_is_cut(site: Site, server: GitServer, cut: str, times: int, branch: str | None) -> None:
    """Before, within or after what was sent: one commit, exit 0. When it is cut once curl sends it again by itself."""
    server.faults = [Fault(when=PUSH, cut=cut, times=times)]

    landing = site.land(branch=branch)

    assert site.ours(branch or "main") == [landing.commit]
    assert site.record(branch or "main") == "images: []\nbumped\n"


@pytest.mark.parametrize("cut", ["after", "mute"])
def test_a_push_that_is_never_answered(
    site: Site, server: GitServer, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No attempt is left: the commit is found on the branch, and that is success."""
    monkeypatch.setattr(publish, "ATTEMPTS", 1)
    server.faults = [Fault(when=PUSH, cut=cut, times=FOREVER)]

    landing = site.land(seconds=2)

    assert (landing.attempts, site.ours()) == (1, [landing.commit])


def test_a_push_whose_fate_stays_unknown(site: Site, server: GitServer) -> None:
    """The server did it and is gone: what to look for is said, with exit 3."""
    server.faults = [Fault(when=PUSH, cut="after", times=FOREVER)]

    def work(clone: Clone) -> NewCommit:
        server.faults.append(Fault(when=BEFORE_FETCH, status=503, times=FOREVER))
        return adding("bumped")(clone)

    with pytest.raises(RemoteError) as raised:
        land(site.remote(), work, seconds=1)

    identity = site.git(site.bare, "log", "-1", "--format=%(trailers:key=Promotion-Id,valueonly)", "main").strip()
    assert raised.value.exit_code == 3
    assert f"a push was never answered: look on main of {server.url}/gitops.git" in str(raised.value)
    assert f"'Promotion-Id: {identity}'" in str(raised.value)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("cut", ["", "during", "after"])
def test_a_large_push(site: Site, server: GitServer, cut: str) -> None:
    """Above a megabyte git sends in chunks."""
    server.faults = [Fault(when=PUSH, cut=cut)] if cut else []

    landing = site.land(line=os.urandom(1_000_000).hex())

    assert site.ours() == [landing.commit]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("when", [BEFORE_FETCH, FETCH])
@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_fetch_that_is_cut(site: Site, server: GitServer, when: str, cut: str) -> None:
    """It is tried again."""
    server.faults = [Fault(when=when, cut=cut, times=2)]

    landing = site.land()

    assert (landing.attempts > 1, site.ours()) == (True, [landing.commit])


# Races


class Meanwhile:
    """Adds a line, and lets something happen between the reading and the push of the first attempts."""

    def __init__(self, happens: Callable[[], None], times: int = 1) -> None:
        self.happens = happens
        self.times = times
        self.asked = 0

    def __call__(self, clone: Clone) -> NewCommit:
        """Return the commit for the clone's state."""
        self.asked += 1
        if self.asked <= self.times:
            self.happens()
        return adding("bumped")(clone)


@pytest.mark.usefixtures("at_once")
def test_another_writer_is_faster(everywhere: Site) -> None:
    """Both changes are there, in two commits, over every transport."""
    landing = land(everywhere.remote(), Meanwhile(lambda: everywhere.commit(RECORD, "images: [] # theirs\n")))

    assert landing.attempts == 2
    assert everywhere.record() == "images: [] # theirs\nbumped\n"
    assert everywhere.log() == ["Add bumped", "By hand", "First"]


@pytest.mark.usefixtures("few")
def test_others_are_always_faster(site: Site) -> None:
    """Exit 4, and their work is whole."""
    numbers = iter(range(100))
    error = failed(site, Meanwhile(lambda: site.commit(RECORD, f"images: [] # {next(numbers)}\n"), times=100))

    assert (error.kind, error.exit_code) == (Kind.RACE, 4)
    assert site.record() == "images: [] # 2\n"


@pytest.mark.usefixtures("at_once")
def test_another_writer_is_faster_within_the_push(everywhere: Site) -> None:
    """The server finds out when it sets the ref: `is at X but expected Y`."""
    site = everywhere
    site.commit(RECORD, "images: [] # theirs\n", branch="theirs")
    flag = site.bare / "moved"
    site.hook("pre-receive", f"[ -e {flag} ] || {{ touch {flag}; unset GIT_QUARANTINE_PATH; "
                             "git update-ref refs/heads/main theirs; }")  # fmt: skip

    landing = land(site.remote(), adding("bumped"))

    assert landing.attempts == 2
    assert site.record() == "images: [] # theirs\nbumped\n"


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("stale", [False, True])
def test_a_lock_on_the_server(everywhere: Site, *, stale: bool) -> None:
    """Another push is under way: it is tried again; one that nobody removes ends with exit 4."""
    lock = everywhere.bare / "refs/heads/main.lock"
    lock.touch()
    work = Meanwhile(lambda: None if stale else lock.unlink(missing_ok=True), times=1)

    if stale:
        assert (failed(everywhere, work).exit_code, work.asked) == (4, 3)
    else:
        land(everywhere.remote(), lambda clone: work(clone) if everywhere.log() else None)
        assert everywhere.log() == ["Add bumped", "First"]


@pytest.mark.usefixtures("at_once")
def test_a_branch_for_review_has_writers_too(site: Site) -> None:
    """Two jobs propose the same at once: the second one builds upon the first."""
    landing = land(site.remote(), Meanwhile(lambda: _propose_elsewhere(site)), branch=BRANCH)

    assert landing.attempts == 2
    assert site.record(BRANCH) == "images: []\nbumped\n"
    assert len(site.ours(BRANCH)) == 2


def _propose_elsewhere(site: Site) -> None:
    land(site.remote(), adding("theirs"), branch=BRANCH)


@pytest.mark.usefixtures("at_once")
def test_history_that_is_rewritten_in_between(site: Site) -> None:
    """Somebody forced another history onto the branch: we start from that, and say nothing of the old one."""

    def rewrite() -> None:
        site.git(site.bare, "update-ref", "refs/heads/main", site.git(
            site.bare, "commit-tree", "-m", "Rewritten", "main^{tree}").strip())  # fmt: skip

    land(site.remote(), Meanwhile(rewrite))

    assert site.log() == ["Add bumped", "Rewritten"]


# Credentials


@dataclass(frozen=True)
class Keeping:
    """Where a login for `url` can be kept."""

    site: Site
    url: str
    home: Path
    monkeypatch: pytest.MonkeyPatch

    def with_login(self, login: str) -> str:
        """Return the address with a login in it."""
        return self.url.replace("//", f"//{login}@")

    def in_the_url(self) -> str:
        """As a password, with its signs in percents."""
        self.site.git(self.site.work, "remote", "set-url", "origin", self.with_login(f"ci:{quote(SECRET, safe='')}"))
        return f"ci:{SECRET}"

    def as_the_user(self) -> str:
        """Some hosts take a token so."""
        self.site.git(self.site.work, "remote", "set-url", "origin", self.with_login(TOKEN))
        return f"{TOKEN}:"

    def in_the_pushurl(self) -> str:
        """It is fetched and pushed with one login."""
        login = self.in_the_url()
        address = self.with_login(f"ci:{quote(SECRET, safe='')}")
        self.site.git(self.site.work, "remote", "set-url", "--push", "origin", address)
        return login

    def in_the_configuration(self) -> str:
        """As older versions of actions/checkout leave it."""
        self.site.git(self.site.work, "config", f"http.{self.url}.extraHeader", basic("ci", SECRET))
        return f"ci:{SECRET}"

    def in_an_included_file(self) -> str:
        """As newer ones do."""
        header = basic("x-access-token", TOKEN)
        (self.home / "token.config").write_text(f'[http "{self.url}"]\n\textraheader = {header}\n')
        condition = f"includeIf.gitdir:{self.site.work}/.git.path"
        self.site.git(self.site.work, "config", condition, os.fspath(self.home / "token.config"))
        return f"x-access-token:{TOKEN}"

    def in_the_environment(self) -> str:
        """As configuration."""
        for name, value in {"COUNT": "1", "KEY_0": "http.extraHeader", "VALUE_0": basic("ci", SECRET)}.items():
            self.monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
        return f"ci:{SECRET}"

    def in_a_rule(self) -> str:
        """As jobs write it into the user's own file."""
        base = self.url.removesuffix("gitops.git")
        with (self.home / ".gitconfig").open("a") as stream:
            stream.write(f'[url "{base.replace("//", f"//ci:{TOKEN}@")}"]\n\tinsteadOf = {base}\n')
        return f"ci:{TOKEN}"

    def with_a_helper(self) -> str:
        """Git asks it, and so do we."""
        known = self.with_login(f"ci:{quote(SECRET, safe='')}").removesuffix("/gitops.git")
        (self.home / ".git-credentials").write_text(known)
        self.site.git(self.site.work, "config", "credential.helper", "store")
        return f"ci:{SECRET}"

    def with_a_program_that_answers(self) -> str:
        """Git asks it where no helper knows; what it says is in a variable."""
        write_hook(self.home / "askpass", 'case "$1" in User*) echo ci;; *) echo "$DEPLOY_TOKEN";; esac')
        self.monkeypatch.setenv("GIT_ASKPASS", os.fspath(self.home / "askpass"))
        self.monkeypatch.setenv("DEPLOY_TOKEN", SECRET)
        return f"ci:{SECRET}"


KEEPINGS = [
    Keeping.in_the_url, Keeping.as_the_user, Keeping.in_the_pushurl, Keeping.in_the_configuration,
    Keeping.in_an_included_file, Keeping.in_the_environment, Keeping.in_a_rule, Keeping.with_a_helper,
    Keeping.with_a_program_that_answers,
]  # fmt: skip


def _command_lines() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue


@pytest.fixture(params=KEEPINGS, ids=lambda keeping: keeping.__name__)
def login(
    request: pytest.FixtureRequest, site: Site, server: GitServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Put what the server asks for into one of the places where people keep it; git's traces are all on."""
    for name in ("GIT_TRACE", "GIT_CURL_VERBOSE", "GIT_TRACE_CURL", "GIT_TRACE_SETUP", "GIT_TRACE_PACKET"):
        monkeypatch.setenv(name, "1")
    server.login = request.param(Keeping(site, f"{server.url}/gitops.git", home, monkeypatch))
    return server.login


def _forms(login: str) -> set[str]:
    """Return what must be nowhere: the secret as it is, as an address has it, and as it is sent."""
    secret = TOKEN if TOKEN in login else SECRET
    return {secret, quote(secret, safe=""), f"Basic {basic(*login.split(':', 1)).split()[2]}"}


def test_a_credential_logs_in_and_is_on_no_command_line(site: Site, server: GitServer, login: str) -> None:
    """Everybody on the machine can read those, of git's own children, too; and a server that prints it is not heard."""
    lines: set[str] = set()
    server.watch = lambda: lines.update(_command_lines())
    site.hook("post-receive", _printing(login))

    landing = site.land()

    assert site.ours() == [landing.commit]
    assert server.logins[-1] == login
    assert any("remote-http" in line and server.url in line for line in lines)
    assert not any(form in line for line in (*lines, landing.server) for form in _forms(login))
    assert landing.server.count("***") == len(_forms(login))


def test_a_credential_that_the_server_sends_back_is_not_shown(site: Site, server: GitServer, login: str) -> None:
    """Neither in the message nor in a traceback."""
    server.faults = [Fault(when=BEFORE_FETCH, status=403, text="you are {login}\n", times=FOREVER)]

    error = failed(site)

    shown = "".join(traceback.format_exception(error)) + repr(site.remote()) + str(site.remote())
    assert error.kind is Kind.ACCESS
    assert "remote: you are" in shown
    assert not any(form in shown for form in _forms(login))


def test_a_credential_that_a_hook_prints_is_not_shown(site: Site, login: str) -> None:
    """When it declines."""
    site.hook("pre-receive", f"{_printing(login)}\nexit 1")

    error = failed(site)

    assert error.kind is Kind.POLICY
    assert str(error).count("***") == len(_forms(login))
    assert not any(form in str(error) for form in _forms(login))


def _printing(login: str) -> str:
    return "\n".join(f"echo '{form}' >&2" for form in _forms(login))


# The whole command


@pytest.fixture(scope="session")
def waiting(tmp_path_factory: pytest.TempPathFactory, git: Git) -> Path:
    """Make a repository in which a service waits for prod. Not to be written to."""
    from tests.soak.waiting import make_waiting

    work = tmp_path_factory.mktemp("waiting") / "work"
    make_waiting(work, 1)
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=First")
    git(work, "clone", "--quiet", "--bare", ".", "../gitops.git")
    return work.with_name("gitops.git")


@pytest.fixture
def shop(tmp_path: Path, waiting: Path, git: Git, home: Path) -> Iterator[tuple[Site, GitServer]]:
    """Serve that repository to those who log in, and give a checkout that does."""
    assert home.is_dir()
    bare, work = tmp_path / "server/gitops.git", tmp_path / "work"
    git(tmp_path, "clone", "--quiet", "--bare", os.fspath(waiting), os.fspath(bare))
    git(tmp_path, "clone", "--quiet", os.fspath(bare), os.fspath(work))
    site = Site(bare, work, git)
    with serve(bare.parent) as server:
        url = f"{server.url}/gitops.git"
        server.login = f"ci:{SECRET}"
        git(work, "remote", "set-url", "origin", url.replace("//", f"//ci:{quote(SECRET, safe='')}@"))
        yield site, server


def _nothing(_: Site, __: GitServer) -> None:
    """All is well."""


def _declined(site: Site, _: GitServer) -> None:
    site.hook("pre-receive", f"echo '{SECRET}' >&2; exit 1")


def _locked(site: Site, _: GitServer) -> None:
    (site.bare / "refs/heads/main.lock").touch()


def _cut_off(_: Site, server: GitServer) -> None:
    server.faults = [Fault(when=PUSH, cut="after", times=2)]


def _failing(_: Site, server: GitServer) -> None:
    server.faults = [Fault(when=BEFORE_PUSH, status=503, text="{login}", times=FOREVER)]


def _forbidding(_: Site, server: GitServer) -> None:
    server.faults = [Fault(when=BEFORE_FETCH, status=403, text="{login}", times=FOREVER)]


ENDS = [(_nothing, 0), (_cut_off, 0), (_failing, 3), (_forbidding, 3), (_locked, 4), (_declined, 5)]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize(("fault", "code"), ENDS, ids=[fault.__name__ for fault, _ in ENDS])
def test_a_command_ends_as_it_should(
    shop: tuple[Site, GitServer],
    fairlead: Fairlead,
    style: str,
    fault: Callable[[Site, GitServer], None],
    code: int,
) -> None:
    """Exit code, commits, no traceback, and nothing that logs in on either stream."""
    site, server = shop
    fault(site, server)

    answer = fairlead("promote", "service-000", "--to", "prod", "--format", style, root=site.work)

    assert (answer.code, len(site.ours())) == (code, int(code == 0)), answer.text
    assert not any(form in answer.text for form in _forms(f"ci:{SECRET}"))
    assert "Traceback" not in answer.text
    assert style == "text" or isinstance(json.loads(answer.stdout), dict)


def test_a_command_that_is_told_to_end_leaves_nothing(shop: tuple[Site, GitServer], home: Path) -> None:
    """A CI system cancels the job within a push: exit 143, no clone, no git that goes on."""
    site, server = shop
    program = [sys.executable, "-m", "generator", "promote", "service-000", "--to", "prod", "--root", str(site.work)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        server.faults = [Fault(when=PUSH, cut="silence")]
        server.watch = lambda: child.send_signal(signal.SIGTERM) if PUSH in server.received else None
        stdout, stderr = child.communicate()

    assert (child.returncode, stdout, stderr.strip().splitlines()[-1:]) == (143, "", ["ended by SIGTERM"])
    assert left_over(home) == []
    assert not any(os.fspath(home.with_name("temporary")) in line for line in _command_lines())


def test_a_landing_says_what_the_server_said(site: Site) -> None:
    """Hosts give the address under which a request can be opened."""
    site.hook("post-receive", "echo 'visit https://git.example.com/compare' >&2")

    landing = site.land(branch=BRANCH)

    assert isinstance(landing, Landing)
    assert "remote: visit https://git.example.com/compare" in landing.server
