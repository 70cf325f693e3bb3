"""The throw-away clone: what it holds, what it commits, and what it leaves alone."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.change import Change
from generator.findings.errors import ToolError, UsageError
from generator.repo.clone import Clone, cloned
from generator.repo.failure import Kind, RefusedError, RemoteError
from generator.repo.git import Deadline, Git, GitAnswer
from generator.repo.push import NewCommit, land
from generator.repo.remote import remote_of
from tests.repo.git_server import FETCH, PUSH, Fault, GitServer
from tests.repo.site import FILES, RECORD, Site, adding, left_over, write_hook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BRANCH = "fairlead/dev/cart"


@contextmanager
def clone_of(site: Site, branch: str = "main", seconds: float = 30.0) -> Iterator[Clone]:
    """Return a clone that was refreshed once."""
    with cloned(site.remote(), branch, Deadline.after(seconds)) as clone:
        clone.refresh()
        yield clone


def change(clone: Clone, text: str | None, path: str = RECORD) -> Change:
    """Return the change of one file."""
    file = clone.root / path
    return Change(path=path, before=file.read_bytes() if file.exists() else None, after=text)


def settings(home: Path, text: str) -> None:
    """Add to the user's own configuration."""
    with (home / ".gitconfig").open("a") as stream:
        stream.write(text)


def everything(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder."""
    return {os.fspath(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# What it holds


def test_it_holds_what_fairlead_reads(site: Site) -> None:
    """Pages and rendered files are on disk, other files not before somebody asks for them."""
    with clone_of(site) as clone:
        assert {path: data.decode() for path, data in clone.tree().files.items()} == {
            path: text for path, text in FILES.items() if not path.startswith(("docs/", "scripts/"))
        }
        assert not (clone.root / "scripts").exists()
        clone.whole()
        assert (clone.root / "scripts/gate").read_text() == "#!/bin/sh\n"
        clone.refresh()
        assert (clone.root / "scripts/gate").exists()


def test_contents_come_for_the_files_on_disk_alone(site: Site, server: GitServer) -> None:
    """A repository of ten years would else be fetched whole; its commits are all there."""
    for number in range(5):
        site.commit("docs/page.md", f"{number}\n")
        site.commit(RECORD, f"# {number}\n")
    with clone_of(site) as clone:
        objects = clone.git.local("cat-file", "--batch-all-objects", "--batch-check").text.splitlines()
        commits = clone.git.local("rev-list", "--count", "HEAD").text

        assert sum(" blob " in line for line in objects) == 3
        assert commits == "11"
        assert clone.git.read("show", f"HEAD~4:{RECORD}") == b"# 2\n"
    assert server.received


def test_an_old_protocol_is_not_spoken(site: Site, server: GitServer, home: Path) -> None:
    """Servers that speak it refuse to send the contents that were left behind."""
    settings(home, "[protocol]\n\tversion = 1\n")

    site.land()

    assert site.log() == ["Add bumped", "First"]
    assert server.received


def test_a_server_that_knows_no_filter_sends_everything(site: Site, server: GitServer) -> None:
    """Slower, and as good."""
    site.git(site.bare, "config", "uploadpack.allowFilter", "false")
    with clone_of(site) as clone:
        objects = clone.git.local("cat-file", "--batch-all-objects", "--batch-check").text.splitlines()

        assert sum(" blob " in line for line in objects) == len(FILES)
        assert site.record() in (clone.root / RECORD).read_text()
    assert server.received


def test_it_is_as_the_remote_is_after_each_refresh(site: Site) -> None:
    """What was written, staged, committed or half merged before is gone."""
    with clone_of(site) as clone:
        clone.commit([change(clone, "lost\n"), change(clone, "new\n", "base/new.yaml")], "Not pushed")
        (clone.root / "overlays/stray").write_text("stray")
        (clone.root / RECORD).unlink()
        site.commit("services/web.yaml", "image: web\n")
        clone.refresh()

        assert set(clone.tree().files) == {"gitops.yaml", "services/cart.yaml", "services/web.yaml", RECORD}
        assert (clone.root / RECORD).read_text() == FILES[RECORD]


def test_it_can_be_made_anew(site: Site) -> None:
    """The last attempt must not fail for a clone that went bad."""
    with clone_of(site) as clone:
        (clone.folder / ".git/index").write_bytes(b"bad")
        with pytest.raises(RemoteError):
            clone.refresh()
        clone.renew()
        clone.refresh()

        assert (clone.root / RECORD).exists()


def test_a_gitops_repository_in_a_folder(site: Site) -> None:
    """Of a larger repository only that folder is read and written."""
    with clone_of(site) as clone:
        moved = [Change(path=f"deploy [1]/{path}", before=None, after=text) for path, text in FILES.items()]
        clone.commit(moved, "Move")
        clone.push()
    site.git(site.work, "pull", "--quiet")
    remote = remote_of(site.work / "deploy [1]", "origin", "main")

    landing = land(remote, adding("bumped"))

    assert site.git(site.bare, "show", "--format=", "--name-only", landing.commit or "").splitlines() == [
        f"deploy [1]/{RECORD}"
    ]
    with cloned(remote, "main", Deadline.after(30)) as clone:
        clone.refresh()
        assert set(clone.tree().files) == {"gitops.yaml", "services/cart.yaml", RECORD}


def test_a_branch_with_an_odd_name(site: Site) -> None:
    """It need not be the remote's default branch, and may look like a folder."""
    site.commit(RECORD, "images: [] # odd\n", branch="env/prod-ü#1")

    landing = land(site.remote(branch="env/prod-ü#1"), adding("bumped"))

    assert site.record("env/prod-ü#1") == "images: [] # odd\nbumped\n"
    assert site.ours("env/prod-ü#1") == [landing.commit]
    assert site.log() == ["First"]


def test_a_remote_that_is_shallow_itself(site: Site, tmp_path: Path) -> None:
    """A mirror that was made with a depth."""
    site.commit(RECORD, "images: [] # deep\n")
    site.git(tmp_path, "clone", "--quiet", "--bare", "--depth=1", site.bare.as_uri(), "shallow.git")
    site.git(site.work, "remote", "set-url", "origin", os.fspath(tmp_path / "shallow.git"))

    land(site.remote(), adding("bumped"))

    assert site.git(tmp_path / "shallow.git", "log", "--format=%s", "main").splitlines() == ["Add bumped", "By hand"]


def test_a_branch_that_is_not_there(site: Site) -> None:
    """It says which there are."""
    site.commit(RECORD, "images: []\n", branch="prod")

    with pytest.raises(UsageError, match=r"gitops\.git has no branch 'prd'; did you mean 'prod'\?$"):
        land(site.remote(branch="prd"), adding("bumped"))


def test_many_branches_are_not_all_listed(site: Site) -> None:
    """Where none is like it, ten are enough to find it."""
    for number in range(12):
        site.git(site.bare, "branch", f"b{number:02}", "main")

    with pytest.raises(UsageError, match=r"has no branch 'release'; it has: b00, b01, .*, b09, \.\.\.$"):
        land(site.remote(branch="release"), adding("bumped"))


@pytest.mark.parametrize(("branch", "hint"), [("mian", "did you mean 'main'?"), ("release", "it has: main")])
def test_only_an_empty_remote_is_begun(site: Site, branch: str, hint: str) -> None:
    """Beside other branches, one that is missing is a misspelt one: nothing syncs a second beginning."""
    remote = msgspec.structs.replace(site.remote(branch=branch), begins=True)

    with pytest.raises(UsageError, match=re.escape(f"has no branch '{branch}'; {hint}")):
        land(remote, beginning)

    assert not site.has(branch)


@pytest.mark.usefixtures("at_once")
def test_one_that_is_begun_while_we_look_is_no_misspelt_one(empty: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a race like any other."""
    remote = msgspec.structs.replace(empty.remote(os.fspath(empty.bare)), begins=True)
    asked, others = Git.remote, [True]

    def slow(git: Git, *arguments: str, stdin: bytes = b"") -> GitAnswer:
        if arguments[0] == "ls-remote" and others:
            others.clear()
            land(remote, beginning)
        return asked(git, *arguments, stdin=stdin)

    monkeypatch.setattr(Git, "remote", slow)
    landing = land(remote, adding("second"))

    assert (landing.attempts, empty.record()) == (2, "first\nsecond\n")


def test_a_repository_of_the_longer_hash(site: Site, tmp_path: Path) -> None:
    """With SHA-256 the clone is made anew, in its kind."""
    site.git(tmp_path, "init", "--quiet", "--object-format=sha256", "--initial-branch=main", "long")
    (tmp_path / "long" / RECORD).parent.mkdir(parents=True)
    (tmp_path / "long" / RECORD).write_text(FILES[RECORD])
    site.git(tmp_path / "long", "add", "--all")
    site.git(tmp_path / "long", "commit", "--quiet", "--message=First")
    site.git(tmp_path, "clone", "--quiet", "--bare", "long", "long.git")
    long = Site(tmp_path / "long.git", tmp_path / "long", site.git)

    landing = land(long.remote(os.fspath(long.bare)), adding("bumped"))

    assert (long.log(), len(landing.commit or "")) == (["Add bumped", "First"], 64)


def test_an_empty_remote(site: Site, tmp_path: Path) -> None:
    """There is nothing yet that a release could change."""
    site.git(tmp_path, "init", "--quiet", "--bare", "empty.git")

    with pytest.raises(UsageError, match=r"empty\.git is empty: push a first commit to 'main'"):
        land(site.remote(os.fspath(tmp_path / "empty.git")), adding("bumped"))


@pytest.fixture
def empty(site: Site, tmp_path: Path) -> Site:
    """Return a remote without any commit."""
    site.git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "empty.git")
    return Site(tmp_path / "empty.git", site.work, site.git)


def beginning(_: Clone) -> NewCommit:
    """Propose the first file there is."""
    return NewCommit(changes=(Change(path=RECORD, before=None, after="first\n"),), subject="Begin")


def test_a_remote_may_be_begun(empty: Site) -> None:
    """Where rendered files are published to: the first commit makes the branch."""
    remote = msgspec.structs.replace(empty.remote(os.fspath(empty.bare)), begins=True)

    landing = land(remote, beginning)

    assert (empty.log(), empty.ours(), empty.record()) == (["Begin"], [landing.commit], "first\n")


@pytest.mark.usefixtures("at_once")
def test_two_may_begin_at_once(empty: Site) -> None:
    """The second one goes on from what the first began with."""
    remote = msgspec.structs.replace(empty.remote(os.fspath(empty.bare)), begins=True)
    asked = []

    def work(clone: Clone) -> NewCommit:
        asked.append(clone.begins)
        if clone.begins:
            land(remote, beginning)
            return beginning(clone)
        return adding("second")(clone)

    landing = land(remote, work)

    assert (landing.attempts, asked) == (2, [True, False])
    assert empty.record() == "first\nsecond\n"


@pytest.mark.usefixtures("at_once")
def test_a_beginning_that_was_never_answered_is_found(site: Site, server: GitServer) -> None:
    """It is not begun twice, and not taken for somebody else's."""
    site.git(site.bare, "update-ref", "-d", "refs/heads/main")
    server.faults = [Fault(when=PUSH, cut="after", times=2)]

    landing = land(msgspec.structs.replace(site.remote(), begins=True), beginning)

    assert (landing.attempts, site.ours()) == (2, [landing.commit])


@pytest.mark.parametrize("form", ["{bare}", "../server/gitops.git", "file://{bare}", "origin", "short:gitops.git"])
def test_a_remote_is_reached_by_any_address(site: Site, home: Path, form: str) -> None:
    """A folder, a relative one, a URL, a remote's name, and one that the user's own rules make an address of."""
    settings(home, f'[url "{site.bare.parent}/"]\n\tinsteadOf = short:\n')

    land(site.remote(form.format(bare=site.bare)), adding("bumped"))

    assert site.log() == ["Add bumped", "First"]


def test_a_push_goes_to_the_pushurl(site: Site, tmp_path: Path) -> None:
    """It is fetched from a mirror, and pushed to the original."""
    site.git(tmp_path, "clone", "--quiet", "--mirror", os.fspath(site.bare), "mirror.git")
    site.git(site.work, "remote", "set-url", "origin", os.fspath(tmp_path / "mirror.git"))
    site.git(site.work, "remote", "set-url", "--push", "origin", "../server/gitops.git")

    land(site.remote(), adding("bumped"))

    assert site.log() == ["Add bumped", "First"]
    assert site.git(tmp_path / "mirror.git", "log", "--format=%s", "main").splitlines() == ["First"]


# What it commits


def test_a_commit_holds_the_changes_and_nothing_else(site: Site) -> None:
    """Written, made and deleted files, also those that a .gitignore would hide."""
    site.commit(".gitignore", "base/\n*.tmp\n")
    site.commit("base/old.yaml", "old\n")
    with clone_of(site) as clone:
        (clone.root / "overlays/stray").write_text("stray")
        changes = [
            change(clone, "a\n"),
            change(clone, "b\n", "base/new.yaml"),
            change(clone, None, "services/cart.yaml"),
        ]
        id_ = clone.commit(changes, "Subject\n\n# not a comment\n\nPromotion-Id: 1\n")
        clone.push()

    shown = site.git(site.bare, "show", "--format=%B", "--name-status", id_ or "").split("\n")
    assert shown == [
        *["Subject", "", "# not a comment", "", "Promotion-Id: 1", "", ""],
        *["A\tbase/new.yaml", f"M\t{RECORD}", "D\tservices/cart.yaml", ""],
    ]


def test_changes_that_are_none_make_no_commit(site: Site) -> None:
    """The file is as it was."""
    with clone_of(site) as clone:
        assert clone.commit([change(clone, FILES[RECORD])], "Nothing") is None


def staged_by_a_gate(clone: Clone) -> None:
    """Leave what a gate's command may leave: files of its own in the index, some of them committed."""
    clone.whole()
    (clone.root / "scripts/report").write_text("made by a gate\n")
    (clone.root / "services/cart.yaml").write_text("image: changed\n")
    clone.git.local("add", "--all")
    clone.git.local("commit", "--quiet", "--message=Gate")
    (clone.root / "docs/page.md").unlink()
    clone.git.local("add", "--all")


def test_what_a_gate_staged_or_committed_is_not_part_of_it(site: Site) -> None:
    """`git add -A` in a smoke test would else release what the test wrote."""
    with clone_of(site) as clone:
        staged_by_a_gate(clone)
        clone.commit([change(clone, "a\n")], "Ours")
        clone.push()

    assert site.log() == ["Ours", "First"]
    assert site.git(site.bare, "show", "--format=", "--name-status", "main") == f"M\t{RECORD}\n"


def test_nor_is_it_part_of_a_merge(site: Site) -> None:
    """On top of our own branch for review, whose newest files are those of the remote's branch, and ours."""
    first = site.land(branch=BRANCH)
    with clone_of(site, BRANCH) as clone:
        staged_by_a_gate(clone)
        clone.commit([change(clone, "later\n")], "Ours")
        clone.push()

    parents = site.git(site.bare, "log", "-1", "--format=%P", BRANCH).split()
    assert parents == [site.git(site.bare, "rev-parse", "main").strip(), first.commit]
    assert site.git(site.bare, "diff", "--name-status", "main", BRANCH) == f"M\t{RECORD}\n"


def test_files_that_are_not_checked_out_stay(site: Site) -> None:
    """A merge and a plain commit leave the rest of the repository as it is, though it is not on disk."""
    site.land(branch=BRANCH)
    site.land(branch=BRANCH, line="later")
    site.land()

    for branch in ("main", BRANCH):
        assert site.git(site.bare, "ls-tree", "-r", "--name-only", branch).splitlines() == sorted(FILES)


@pytest.mark.parametrize(
    "setting", ["[core]\n\tautocrlf = true\n", "[core]\n\teol = crlf\n\tattributesFile = {home}/a\n"]
)
def test_the_users_line_ends_change_nothing(site: Site, home: Path, setting: str) -> None:
    """A bump is one line on every machine."""
    (home / "a").write_text("* text=auto\n")
    settings(home, setting.format(home=home))

    site.land()

    assert site.record() == "images: []\nbumped\n"


@pytest.mark.parametrize("attributes", ["*.yaml text eol=crlf", "* text=auto eol=crlf", "* crlf", "* eol=crlf"])
def test_a_repository_that_wants_other_line_ends_has_one_changed_line(site: Site, attributes: str) -> None:
    """Its .gitattributes are for people's work trees: here a file has the bytes of its blob."""
    site.commit(".gitattributes", f"{attributes}\n")
    with clone_of(site) as clone:
        assert (clone.root / RECORD).read_bytes() == b"images: []\n"

    site.land()

    assert site.record() == "images: []\nbumped\n"
    assert site.git(site.bare, "show", "--format=", "--numstat", "main") == f"1\t0\t{RECORD}\n"


@pytest.mark.parametrize("folder", ["", "overlays/dev/cart/"])
@pytest.mark.parametrize(
    "attributes",
    ["filter=evil", "ident", "working-tree-encoding=UTF-16", "diff=evil merge=evil", "text eol=crlf filter=evil ident"],
)
def test_what_is_written_is_what_is_committed(site: Site, home: Path, attributes: str, folder: str) -> None:
    """No filter that the user's configuration has runs, and no attribute changes a byte after the proof."""
    ran = home / "ran"
    program = f"sh -c 'echo x >> {ran}; cat'"
    settings(home, f'[filter "evil"]\n\tsmudge = "{program}"\n\tclean = "{program}"\n\trequired\n')
    settings(home, f'[diff "evil"]\n\tcommand = "{program}"\n\ttextconv = "{program}"\n')
    settings(home, f'[merge "evil"]\n\tdriver = "{program}"\n')
    site.commit(f"{folder}.gitattributes", f"*.yaml {attributes}\n")
    ran.unlink(missing_ok=True)
    text = "images: [] # $Id$ \u00fc\r\nmixed\n"

    with clone_of(site) as clone:
        assert (clone.root / RECORD).read_bytes() == FILES[RECORD].encode()
        commit = clone.commit([change(clone, text)], "Bytes")
        clone.push()

    assert site.git(site.bare, "hash-object", "--no-filters", "-t", "blob", os.fspath(written(home, text))) == (
        site.git(site.bare, "rev-parse", f"{commit}:{RECORD}")
    )
    assert not ran.exists()


def written(home: Path, text: str) -> Path:
    """Return a file with these bytes."""
    (home / "written").write_bytes(text.encode())
    return home / "written"


def test_who_commits_is_known(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the user's configuration, or the environment."""
    with clone_of(site) as clone:
        assert clone.author() == "Writer <writer@example.com>"
        monkeypatch.setenv("GIT_AUTHOR_NAME", "Deployer of Shop")
        assert clone.author() == "Deployer of Shop <writer@example.com>"


NOBODY = r"git does not know who commits: it has no {} for the {}; run `git config --global user\.name .*` and `git "


@pytest.mark.parametrize(
    ("known", "missing", "role"),
    [
        ("", "(name|address)", "committer"),
        ("\tname = Writer\n", "address", "committer"),
        ("\temail = writer@example.com\n", "name", "committer"),
        ("[committer]\n\tname = Writer\n\temail = writer@example.com\n", "(name|address)", "author"),
    ],
)
def test_without_a_name_nothing_is_begun(site: Site, home: Path, known: str, missing: str, role: str) -> None:
    """What to set is said in one line, before the remote is asked for anything."""
    (home / ".gitconfig").write_text(f"[user]\n\tuseConfigOnly = true\n{known}")
    work = adding("bumped")

    with pytest.raises(ToolError, match=NOBODY.format(missing, role)) as raised:
        land(site.remote(), work)

    assert "\n" not in str(raised.value)
    assert (raised.value.exit_code, work.asked, site.log()) == (3, 0, ["First"])


def test_who_commits_may_be_known_to_the_checkout_alone(site: Site, home: Path) -> None:
    """Or to the environment."""
    (home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    site.git(site.work, "config", "user.name", "Writer of Cart")
    site.git(site.work, "config", "user.email", "cart@example.com")

    site.land()

    assert site.git(site.bare, "log", "-1", "--format=%an <%ae>", "main") == "Writer of Cart <cart@example.com>\n"


def test_an_author_that_nobody_knows_is_told_when_one_is_asked_for(site: Site, home: Path) -> None:
    """A dry run of a hold, which names who holds."""
    (home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")

    with clone_of(site) as clone, pytest.raises(ToolError, match=NOBODY.format("(name|address)", "author")):
        clone.author()


@pytest.fixture
def signing_key(tmp_path: Path) -> Path:
    """Return an ssh key without a passphrase."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return key


@pytest.mark.parametrize("where", ["the user's", "the checkout's"])
def test_a_commit_is_signed(site: Site, home: Path, signing_key: Path, where: str) -> None:
    """Where `commit.gpgsign` says so, there or here."""
    file = home / ".gitconfig" if where == "the user's" else site.work / ".git/config"
    with file.open("a") as stream:
        stream.write(f"[commit]\n\tgpgsign\n[gpg]\n\tformat = ssh\n[user]\n\tsigningkey = {signing_key}.pub\n")

    landing = site.land()

    (home / "signers").write_text(f"writer@example.com {signing_key.with_suffix('.pub').read_text()}")
    signers = f"gpg.ssh.allowedSignersFile={home / 'signers'}"
    assert site.git(site.bare, "-c", signers, "log", "-1", "--format=%G? %GS", landing.commit or "") == (
        "G writer@example.com\n"
    )


def test_a_signer_that_fails_stops_everything(site: Site, home: Path) -> None:
    """An unsigned commit would be refused later, or worse, not at all."""
    settings(home, "[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = /bin/false\n")

    with pytest.raises(ToolError, match="git commit: error: gpg failed to sign the data") as raised:
        site.land()

    assert (raised.value.exit_code, site.log()) == (3, ["First"])


def test_the_users_commit_hooks_run(site: Site, home: Path) -> None:
    """Those of a global core.hooksPath: a trailer that they add is pushed."""
    settings(home, f"[core]\n\thooksPath = {home}/hooks\n")
    write_hook(home / "hooks/commit-msg", 'echo "Change-Id: I1" >> "$1"')

    landing = site.land()

    assert "Change-Id: I1" in site.git(site.bare, "log", "-1", "--format=%B", landing.commit or "")


def test_a_commit_hook_can_refuse(site: Site, home: Path) -> None:
    """With its own words, exit 5, and nothing pushed."""
    settings(home, f"[core]\n\thooksPath = {home}/hooks\n")
    write_hook(home / "hooks/commit-msg", "echo 'no ticket' >&2; exit 1")

    with pytest.raises(RefusedError, match="a commit hook of yours refuses; nothing was pushed\n  no ticket") as raised:
        site.land()

    assert (raised.value.exit_code, site.log()) == (5, ["First"])


def test_a_push_hook_can_refuse(site: Site, home: Path) -> None:
    """It is not tried again, whatever it says."""
    settings(home, f"[core]\n\thooksPath = {home}/hooks\n")
    write_hook(home / "hooks/pre-push", "echo 'remote: nothing today' >&2; exit 1")
    work = adding("bumped")

    with pytest.raises(RemoteError, match="nothing today") as raised:
        land(site.remote(), work)

    assert (raised.value.exit_code, raised.value.kind, work.asked) == (3, Kind.UNKNOWN, 1)
    assert site.log() == ["First"]


def test_the_checkouts_own_hooks_do_not_run(site: Site) -> None:
    """They may be part of what a pull request changes."""
    site.git(site.work, "config", "core.hooksPath", ".husky")
    for folder in (site.work / ".husky", site.work / ".git/hooks"):
        for name in ("pre-commit", "commit-msg", "pre-push", "post-checkout"):
            write_hook(folder / name, "exit 1")

    site.land()

    assert site.log() == ["Add bumped", "First"]


@pytest.mark.parametrize(
    "setting",
    [
        "[log]\n\tshowSignature = true\n",
        "[color]\n\tui = always\n",
        "[commit]\n\tcleanup = scissors\n\tverbose = true\n\tstatus = true\n",
        "[push]\n\tdefault = nothing\n\tfollowTags = true\n\trecurseSubmodules = check\n",
        "[fetch]\n\tprune = true\n\tpruneTags = true\n\trecurseSubmodules = true\n",
        '[remote "origin"]\n\tfetch = +refs/pull/*/head:refs/remotes/origin/pr/*\n',
        "[merge]\n\tff = only\n\tverifySignatures = true\n",
        "[diff]\n\tnoprefix = true\n\texternal = false\n",
        "[core]\n\tfsmonitor = true\n\tquotePath = false\n\texcludesFile = ~/ignore\n",
        "[init]\n\tdefaultBranch = trunk\n[protocol]\n\tversion = 1\n",
        "[transfer]\n\tfsckObjects = true\n[submodule]\n\trecurse = true\n",
    ],
)
def test_the_users_settings_do_no_harm(site: Site, home: Path, setting: str) -> None:
    """A landing, and one on top of it for review, are the same with all of them."""
    (home / "ignore").write_text("*\n")
    settings(home, setting)

    site.land()
    site.land(branch=BRANCH, line="again")
    site.land(line="third")
    site.land(branch=BRANCH, line="fourth")

    assert site.record() == "images: []\nbumped\nthird\n"
    assert site.record(BRANCH) == "images: []\nbumped\nthird\nfourth\n"


# A branch for a pull request


def test_a_branch_for_review_is_made(site: Site) -> None:
    """The remote's own branch stays as it is."""
    landing = site.land(branch=BRANCH)

    assert (site.log(BRANCH), site.log()) == (["Add bumped", "First"], ["First"])
    assert site.ours(BRANCH) == [landing.commit]


def test_our_own_branch_is_built_upon(site: Site) -> None:
    """A merge on top of it, with the files of the newest state and nothing else: never pushed by force."""
    first = site.land(branch=BRANCH)
    site.commit(RECORD, "images: [] # moved on\n")

    second = site.land(branch=BRANCH, line="later")

    parents = site.git(site.bare, "log", "-1", "--format=%P", BRANCH).split()
    assert parents == [site.git(site.bare, "rev-parse", "main").strip(), first.commit]
    assert site.record(BRANCH) == "images: [] # moved on\nlater\n"
    assert site.ours(BRANCH)[0] == second.commit


def test_the_same_proposal_is_not_pushed_again(site: Site) -> None:
    """The branch holds it already, whatever the line ends are in people's work trees."""
    site.commit(".gitattributes", "*.yaml text eol=crlf\n")
    work = adding("bumped")
    first = land(site.remote(), work, branch=BRANCH)

    second = land(site.remote(), work, branch=BRANCH)

    assert (second.commit, site.ours(BRANCH)) == (None, [first.commit])


def test_a_file_that_the_branch_lacks_is_not_there_already(site: Site) -> None:
    """A deletion is a change, too."""
    site.land(branch=BRANCH)
    with clone_of(site, BRANCH) as clone:
        assert not clone.already([change(clone, "new\n", "base/new.yaml")])
        assert clone.already([Change(path="base/new.yaml", before=b"", after=None)])


def test_a_branch_that_would_still_change_something_is_stale(site: Site) -> None:
    """It says what it proposes: the newest of our commits, be it a merge."""
    site.land(branch=BRANCH)
    site.commit("docs/page.md", "moved on\n")
    site.land(branch=BRANCH, line="later")
    with clone_of(site, BRANCH) as clone:
        assert clone.stale() == "Add later"


def test_a_branch_that_was_merged_as_one_new_commit_is_not_stale(site: Site) -> None:
    """Its commits are not part of the remote's branch, and what they change is."""
    site.land(branch=BRANCH)
    site.commit(RECORD, site.record(BRANCH))
    site.commit("docs/page.md", "moved on\n")
    with clone_of(site, BRANCH) as clone:
        assert (clone.merges, clone.stale()) == (True, None)


def test_without_a_branch_nothing_is_stale(site: Site) -> None:
    """Nor where it was merged."""
    with clone_of(site, BRANCH) as clone:
        assert clone.stale() is None
    site.land(branch=BRANCH)
    site.git(site.bare, "update-ref", "refs/heads/main", f"refs/heads/{BRANCH}")
    with clone_of(site, BRANCH) as clone:
        assert clone.stale() is None


def test_the_remotes_own_branch_never_holds_it_already(site: Site) -> None:
    """It is what the changes were worked out from."""
    with clone_of(site) as clone:
        assert not clone.already([])
        assert clone.proposed(RECORD) is None


def test_a_branch_that_was_merged_is_used_again(site: Site) -> None:
    """Its commits are part of the remote's branch by then."""
    site.land(branch=BRANCH)
    site.git(site.bare, "update-ref", "refs/heads/main", f"refs/heads/{BRANCH}")

    site.land(branch=BRANCH, line="later")

    assert site.log(BRANCH) == ["Add later", "Add bumped", "First"]


def test_commits_of_others_are_not_buried(site: Site) -> None:
    """A person's work on our branch stops us: exit 5, and the branch is as it was."""
    site.land(branch=BRANCH)
    site.commit("docs/page.md", "a person's\n", branch=BRANCH)
    before = site.git(site.bare, "rev-parse", BRANCH)

    with pytest.raises(
        RefusedError, match=f"branch '{BRANCH}' of .* has commits that fairlead did not make: "
    ) as raised:
        site.land(branch=BRANCH, line="later")

    assert before[:7] in str(raised.value)
    assert (raised.value.exit_code, site.git(site.bare, "rev-parse", BRANCH)) == (5, before)


def test_a_button_that_brings_a_branch_up_to_date_is_no_stranger(site: Site, tmp_path: Path) -> None:
    """The hosts' own merges hold no work of anybody."""
    site.land(branch=BRANCH)
    site.commit("docs/page.md", "moved on\n")
    site.git(tmp_path, "clone", "--quiet", "--branch", BRANCH, os.fspath(site.bare), "other")
    site.git(tmp_path / "other", "merge", "--quiet", "--no-edit", "origin/main")
    site.git(tmp_path / "other", "push", "--quiet", "origin", BRANCH)

    site.land(branch=BRANCH, line="later")

    assert site.record(BRANCH) == "images: []\nlater\n"


def test_a_branch_that_is_deleted_in_between_is_made_anew(site: Site) -> None:
    """Somebody closed the request while we worked."""
    site.land(branch=BRANCH)
    with clone_of(site, BRANCH) as clone:
        site.git(site.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")
        clone.refresh()
        clone.commit([change(clone, "anew\n")], "Anew")
        clone.push()

    assert site.log(BRANCH) == ["Anew", "First"]


def test_a_branch_of_a_longer_name_is_another_one(site: Site) -> None:
    """It is fetched by the same pattern, and not touched."""
    site.commit(RECORD, "a person's\n", branch=f"{BRANCH}-2")

    site.land(branch=BRANCH)

    assert site.record(f"{BRANCH}-2") == "a person's\n"


@pytest.mark.parametrize("other", ["fairlead", "fairlead/dev", f"{BRANCH}/old"])
def test_a_branch_in_the_way_is_named(site: Site, other: str) -> None:
    """`fairlead` and `fairlead/...` cannot both be branches, however often it is tried."""
    site.git(site.bare, "branch", other, "main")
    work = adding("bumped")

    with pytest.raises(RefusedError, match=f"has a branch '{other}', and git keeps no branch '{BRANCH}'") as raised:
        land(site.remote(), work, branch=BRANCH)

    assert (raised.value.exit_code, work.asked) == (5, 1)


# What it leaves alone


def test_the_checkout_is_not_touched(site: Site) -> None:
    """Dirty files, a stale lock and a merge that is under way are neither in the way nor changed."""
    (site.work / RECORD).write_text("dirty\n")
    (site.work / ".git/index.lock").write_text("")
    (site.work / ".git/MERGE_HEAD").write_text(site.git(site.work, "rev-parse", "HEAD"))
    before = everything(site.work)

    site.land()

    assert everything(site.work) == before


def test_a_shallow_checkout_is_enough(site: Site, tmp_path: Path) -> None:
    """As CI systems make it: the clone is one of the remote, with all of its history."""
    site.commit(RECORD, "images: [] # two\n")
    site.git(tmp_path, "clone", "--quiet", "--depth=1", site.bare.as_uri(), "shallow")

    land(remote_of(tmp_path / "shallow", "origin", "main"), adding("bumped"))

    assert site.log() == ["Add bumped", "By hand", "First"]


def test_a_foreign_repository_of_a_hook_is_not_touched(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A git hook hands its own down in these variables."""
    site.git(tmp_path, "clone", "--quiet", os.fspath(site.bare), "foreign")
    foreign = tmp_path / "foreign"
    (foreign / "untracked").write_text("precious")
    remote = site.remote()
    before = everything(foreign)
    for name, path in {
        "GIT_DIR": ".git", "GIT_WORK_TREE": ".", "GIT_INDEX_FILE": ".git/index", "GIT_OBJECT_DIRECTORY": ".git/objects",
        "GIT_QUARANTINE_PATH": ".git/objects", "GIT_COMMON_DIR": ".git", "GIT_SHALLOW_FILE": ".git/shallow",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, os.fspath(foreign / path))

    land(remote, adding("bumped"))

    assert everything(foreign) == before
    assert site.log() == ["Add bumped", "First"]


@pytest.mark.parametrize("ends", ["well", "badly"])
def test_it_is_gone_afterwards(site: Site, home: Path, ends: str) -> None:
    """Whatever happened; git keeps its files read-only."""
    if ends == "badly":
        site.hook("pre-receive", "exit 1")
        with pytest.raises(RemoteError):
            site.land()
    else:
        site.land()

    assert left_over(home) == []


def test_no_child_needs_the_remote_for_what_is_there(site: Site, server: GitServer) -> None:
    """One request for the files on disk, however many there are."""
    for number in range(3):
        site.commit(f"services/s{number}.yaml", "image: x\n")
    with clone_of(site) as clone:
        before = len(server.received)
        clone.tree()
        clone.commit([change(clone, "a\n")], "A")

        assert server.received[before:] == []
        assert sum(line == FETCH for line in server.received) == 3  # refs, commits, contents
