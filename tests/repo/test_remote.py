"""Which remote a release lands in, and what a clone takes over from the checkout to reach it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from generator.credentials.masking import basic
from generator.findings.errors import ToolError, UsageError
from generator.git.configuration import Configuration, of_environment, parse_configuration
from generator.repo.remote import Remote, remote_of, require_remote

if TYPE_CHECKING:
    from pathlib import Path

    from tests.repo.site import Site

TOKEN = "0a1B2c3D4e5F6g7H8i9J0k1L"  # noqa: S105 - opens nothing


def config(site: Site, *arguments: str) -> None:
    """Set something in the checkout's own configuration."""
    site.git(site.work, "config", *arguments)


def taken(remote: Remote, key: str) -> list[str]:
    """Return the values that a clone takes over of a key."""
    return [value for name, value in remote.settings if name.lower() == key.lower()]


def test_a_folder_is_seen_from_the_checkout(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Git takes a configured path from the top of the work tree, wherever the caller stands."""
    site.git(site.work, "remote", "set-url", "origin", "../server/gitops.git")
    monkeypatch.chdir(tmp_path)

    assert remote_of(site.work / "overlays", "origin", "main").url == os.fspath(site.bare)


def test_a_folder_on_the_command_line_is_seen_from_where_it_is_typed(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As a shell completes it; else from the checkout."""
    monkeypatch.chdir(site.work / "overlays")
    assert site.remote("../../server/gitops.git").url == os.fspath(site.bare)

    monkeypatch.chdir(tmp_path / "home")
    assert remote_of(site.work, "./../work/.git", "main").url == os.fspath(site.work / ".git")


@pytest.mark.parametrize("address", ["https://git.example.com/x.git", "git@git.example.com:x.git", "file:///srv/x.git"])
def test_an_address_stays(site: Site, address: str) -> None:
    """No remote of the checkout's need to have it."""
    assert site.remote(address).url == address


@pytest.mark.parametrize(("folder", "prefix"), [("", ""), ("overlays/dev", "overlays/dev/"), ("ä b\n", "ä b\n/")])
def test_the_folder_in_the_repository_is_known(site: Site, folder: str, prefix: str) -> None:
    """A GitOps repository may be a part of a larger one."""
    (site.work / folder).mkdir(exist_ok=True)

    assert remote_of(site.work / folder, "origin", "main").prefix == prefix


def test_outside_of_git_an_address_is_enough(tmp_path: Path, home: Path) -> None:
    """Nothing is taken over but what the user's own files say anyway."""
    assert home.is_dir()
    remote = remote_of(tmp_path, "https://git.example.com/x.git", "main")

    assert (remote.url, remote.prefix) == ("https://git.example.com/x.git", "")


def test_insteadof_is_applied_as_git_does(site: Site) -> None:
    """The longest start that fits; for a push its own rules come first."""
    config(site, "url.https://git.example.com/.insteadOf", "short:")
    config(site, "url.https://mirror.example.com/.insteadOf", "short:shop/")
    config(site, "url.ssh://git@git.example.com/.pushInsteadOf", "short:")
    site.git(site.work, "remote", "set-url", "origin", "short:shop/gitops.git")

    remote = site.remote()

    assert remote.elsewhere == site.git(site.work, "remote", "get-url", "origin").strip()
    assert [remote.url] == site.git(site.work, "remote", "get-url", "--push", "--all", "origin").split()
    assert site.remote("short:shop/gitops.git").url == remote.url == "ssh://git@git.example.com/shop/gitops.git"


def test_a_push_goes_where_that_remote_pushes_to(site: Site) -> None:
    """Its own pushurl, however many, and not that of another remote."""
    config(site, "remote.origin.pushurl", "https://other.example.com/x.git")
    site.git(site.work, "remote", "add", "up", "https://git.example.com/x.git")
    config(site, "--add", "remote.up.pushurl", "../server/gitops.git")
    config(site, "--add", "remote.up.pushurl", "https://mirror.example.com/x.git")

    assert site.remote("up").pushed == (os.fspath(site.bare), "https://mirror.example.com/x.git")
    assert site.remote("https://git.example.com/x.git").pushed == ()


def test_a_pushurl_that_is_the_url_is_none(site: Site) -> None:
    """There is one address then."""
    config(site, "remote.origin.pushurl", os.fspath(site.bare))

    assert site.remote().pushed == ()


def test_a_remote_with_two_addresses_is_pushed_to_both(site: Site) -> None:
    """As git does, which fetches from the first."""
    config(site, "--add", "remote.origin.url", "https://mirror.example.com/x.git")

    assert (site.remote().url, site.remote().pushed[1]) == (os.fspath(site.bare), "https://mirror.example.com/x.git")


@pytest.mark.parametrize("name", ["upstream", "", ".", "main"])
def test_an_unknown_remote_is_refused(site: Site, name: str) -> None:
    """With the names that there are."""
    for refuse in (lambda: site.remote(name), lambda: require_remote(site.work, name)):
        with pytest.raises(UsageError, match=rf"no git remote '{name}' here \(it has: origin\)"):
            refuse()


def test_without_any_remote_that_is_said(tmp_path: Path, home: Path) -> None:
    """A plain folder, or a repository that is nowhere else."""
    assert home.is_dir()
    with pytest.raises(UsageError, match="it has none"):
        require_remote(tmp_path, "origin")
    with pytest.raises(UsageError, match="it has none"):
        remote_of(tmp_path, "origin", "main")


@pytest.mark.parametrize("name", ["origin", "https://git.example.com/x.git"])
def test_without_git_that_is_said(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    """A checkout is not to blame for it."""
    monkeypatch.setenv("PATH", os.fspath(tmp_path))

    with pytest.raises(ToolError, match="no git on the PATH; install it") as raised:
        require_remote(site.work, name)
    assert raised.value.exit_code == 3


def test_a_known_remote_and_an_address_are_required_to_be_nothing_else(site: Site) -> None:
    """Whether the address answers is seen later; a name is looked up, and a third one is unknown."""
    known = []
    for name in ("origin", "https://git.example.com/x.git", "git@git.example.com:x.git", "upstream"):
        with suppress(UsageError):
            require_remote(site.work, name)
            known.append(name)
    assert known == ["origin", "https://git.example.com/x.git", "git@git.example.com:x.git"]


@pytest.mark.parametrize("branch", ["a..b", "a b", "x.lock", "@{-1}", "a:b", "refs*", "", "a\nb", "/"])
def test_what_cannot_be_a_branch_is_refused(site: Site, branch: str) -> None:
    """A refspec is made of it."""
    with pytest.raises(UsageError, match="is no name of a branch"):
        site.remote(branch=branch)


def test_who_commits_and_signs_is_taken_over(site: Site) -> None:
    """It is the checkout's configuration that says it, not the clone's; a key alone means true."""
    config(site, "user.email", "work@example.com")
    config(site, "gpg.format", "ssh")
    config(site, "core.sshCommand", "ssh -i key")
    config(site, "core.hooksPath", ".husky")
    config(site, "alias.x", "!true")
    with (site.work / ".git/config").open("a") as stream:
        stream.write("[commit]\n\tgpgSign\n")

    remote = site.remote()

    assert taken(remote, "user.email") == ["writer@example.com", "work@example.com"]
    assert (taken(remote, "gpg.format"), taken(remote, "commit.gpgsign")) == (["ssh"], ["true"])
    assert taken(remote, "core.sshcommand") == ["ssh -i key"]
    assert not taken(remote, "core.hookspath") + taken(remote, "alias.x") + taken(remote, "core.bare")


def test_ssh_does_not_ask(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless somebody says which ssh it is to be."""
    assert taken(site.remote(), "core.sshCommand") == ["ssh -o BatchMode=yes"]

    monkeypatch.setenv("GIT_SSH", "plink")
    assert taken(site.remote(), "core.sshCommand") == []


def test_an_identity_for_some_folders_is_taken_over(site: Site, home: Path) -> None:
    """`includeIf` in the user's own file holds for the checkout, and would not for a clone that lies elsewhere."""
    with (home / ".gitconfig").open("a") as stream:
        stream.write(f'[includeIf "gitdir:{site.work}/"]\n\tpath = work.gitconfig\n')
    (home / "work.gitconfig").write_text("[user]\n\temail = work@example.com\n")

    assert taken(site.remote(), "user.email")[-1] == "work@example.com"


def test_a_token_in_an_included_file_is_taken_over(site: Site, home: Path) -> None:
    """As actions/checkout leaves it: a file outside, included by the repository's own configuration."""
    (home / "credentials.config").write_text(
        f'[http "https://git.example.com/"]\n\textraheader = AUTHORIZATION: bearer {TOKEN}\n'
    )
    config(site, f"includeIf.gitdir:{site.work}/.git.path", os.fspath(home / "credentials.config"))

    remote = site.remote()

    assert taken(remote, "http.https://git.example.com/.extraheader") == ["", f"AUTHORIZATION: bearer {TOKEN}"]
    assert TOKEN in remote.secrets


def test_lists_are_taken_over_once(site: Site, home: Path) -> None:
    """The clone reads the user's own file, too: an empty value takes back what that says, in front of all."""
    with (home / ".gitconfig").open("a") as stream:
        stream.write("[credential]\n\thelper = cache\n[http]\n\textraHeader = A: 1\n\textraHeader = B: 2\n")
    config(site, "credential.https://git.example.com.helper", "store")

    settings = [(key, value) for key, value in site.remote().settings if key.endswith(("helper", "extraheader"))]

    assert settings == [
        ("credential.helper", ""),
        ("credential.helper", "cache"),
        ("http.extraheader", ""),
        ("http.extraheader", "A: 1"),
        ("http.extraheader", "B: 2"),
        ("credential.https://git.example.com.helper", "store"),
    ]


def test_configuration_in_the_environment_counts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """CI systems pass a token so; what would lead elsewhere is left out."""
    entries = {
        "http.extraHeader": f"Authorization: bearer {TOKEN}",
        "core.worktree": "/",
        "core.bare": "true",
        "url.https://git.example.com/.insteadOf": "short:",
    }
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(entries)))
    for number, (key, value) in enumerate(entries.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)

    remote = site.remote("short:x")

    assert remote.url == "https://git.example.com/x"
    assert taken(remote, "http.extraheader") == ["", f"Authorization: bearer {TOKEN}"]
    assert TOKEN in remote.secrets


@pytest.mark.parametrize("count", ["", "-1", "many", "²"])
def test_a_count_that_is_none_counts_nothing(count: str) -> None:
    """Git refuses it; what matters here is that nothing breaks."""
    assert of_environment({"GIT_CONFIG_COUNT": count}) == ()


def test_a_login_in_the_address_becomes_a_header(site: Site) -> None:
    """Git hands addresses to its children as arguments."""
    site.git(site.work, "remote", "set-url", "origin", "https://ci:Pa55word@git.example.com/x.git")

    remote = site.remote()

    assert (remote.url, str(remote)) == ("https://git.example.com/x.git", "https://git.example.com/x.git")
    assert taken(remote, "http.https://git.example.com/x.git.extraHeader") == [basic("ci", "Pa55word")]
    assert "Pa55word" in remote.secrets


def test_a_login_of_insteadof_becomes_a_header(site: Site, home: Path) -> None:
    """As CI jobs write it into the user's own file."""
    with (home / ".gitconfig").open("a") as stream:
        stream.write(f'[url "https://ci:{TOKEN}@git.example.com/"]\n\tinsteadOf = https://git.example.com/\n')

    remote = site.remote("https://git.example.com/x.git")

    assert remote.url == "https://git.example.com/x.git"
    assert taken(remote, "http.https://git.example.com/x.git.extraHeader") == [basic("ci", TOKEN)]
    assert TOKEN in remote.secrets


def test_two_logins_are_not_sent_at_once(site: Site) -> None:
    """Hosts refuse a request with two of them: that of the address takes the other one back."""
    config(site, "http.https://git.example.com/x.git.extraHeader", f"Authorization: bearer {TOKEN}")
    site.git(site.work, "remote", "set-url", "origin", "https://ci:Pa55word@git.example.com/x.git")

    sent = taken(site.remote(), "http.https://git.example.com/x.git.extraHeader")

    assert sent[sent.index("", 1) + 1 :] == [basic("ci", "Pa55word")]


def test_how_a_remote_is_reached_is_taken_over_for_it_alone(site: Site) -> None:
    """Its proxy, and the programs on its server."""
    for name in ("origin", "up"):
        config(site, f"remote.{name}.proxy", f"http://{name}.example.com:3128")

    assert taken(site.remote(), "remote.fairlead.proxy") == ["http://origin.example.com:3128"]


def test_a_name_in_an_address_is_not_shown_but_kept(site: Site) -> None:
    """The user's credential helper is asked for it."""
    remote = site.remote("https://alice@git.example.com/x.git")

    assert (remote.url, str(remote)) == ("https://alice@git.example.com/x.git", "https://***@git.example.com/x.git")


def test_the_output_of_git_config_is_read_as_it_is() -> None:
    """Values of several lines, equal signs, and keys without a value."""
    found = parse_configuration("a.b\nc=d\ne\0commit.gpgsign\0a.b\n\0")

    assert found == Configuration((("a.b", "c=d\ne"), ("commit.gpgsign", "true"), ("a.b", "")))
    assert found.all("a.b") == ["c=d\ne", ""]


def test_of_two_rules_as_long_the_first_holds() -> None:
    """As in git."""
    found = Configuration((("url.one/.insteadof", "x:"), ("url.two/.insteadof", "x:")))

    assert found.rewritten("x:y") == "one/y"
    assert found.rewritten_for_push("z:y") == "z:y"
