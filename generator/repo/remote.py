"""The remote repository that a release lands in, and how the caller's own checkout reaches it.

Its address comes from git's configuration or the command line, never from a page: what a pull request can change must
not choose a host that gets our credentials.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.address import leads_to_the_same
from generator.credentials.masking import mask, secrets_in_address, secrets_in_setting, without_login
from generator.findings.errors import UsageError
from generator.git.configuration import Configuration, Entries, parse_configuration
from generator.git.environment import git_program
from generator.git.repository import find_repository
from generator.repo.git import Deadline, git_around
from generator.repo.head import git_output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The name that a clone gives to the remote: no user's configuration speaks of it.
NAME = "fairlead"

# What a throw-away clone takes over from the checkout: who commits and signs, and how to log in. CI systems keep a
# token there: actions/checkout writes http.<url>.extraheader, others credential.helper.
_TAKEN = ("user.", "author.", "committer.", "gpg.", "http.", "credential.", "ssh.")
_TAKEN_KEYS = frozenset({"commit.gpgsign", "core.sshcommand", "core.askpass", "core.gitproxy", "push.pushoption"})
# All values of such a key hold. The clone reads the user's own files as well, so an empty value takes those back first.
_LISTS = (".extraheader", ".helper", ".pushoption")
# How this one remote is reached.
_OF_THE_REMOTE = ("proxy", "proxyauthmethod", "uploadpack", "receivepack")
_NEVER_ASKS = ("core.sshCommand", "ssh -o BatchMode=yes")

_READING_SECONDS = 30.0


class Remote(msgspec.Struct, frozen=True, kw_only=True):
    """Where to: `url` and `branch`; `prefix` is the GitOps repository's folder in it (empty or ending in a slash).

    `settings` are git configuration that a clone needs beside the user's, `secrets` what must never be shown. `pushed`
    are the addresses to push to where that is not `url`. Addresses hold no password and no token. With `begins` the
    first commit makes the `branch` of an empty repository.

    The state is read from where it is pushed to. A checkout may fetch from another repository than it pushes to, a
    mirror or the project that it is a fork of: `elsewhere` is the address of that one then.
    """

    url: str
    branch: str
    prefix: str = ""
    settings: Entries = ()
    secrets: tuple[str, ...] = ()
    pushed: tuple[str, ...] = ()
    begins: bool = False
    elsewhere: str = ""

    def __str__(self) -> str:
        return mask(self.url, self.secrets)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"  # no settings, no secrets: it may end in a message


def remote_of(root: Path, name: str, branch: str) -> Remote:
    """Return the remote `name` (of the checkout at `root`, or an address); raises UsageError where there is none.

    A folder on the command line is seen from the current folder, else from the checkout; one that is configured from
    the checkout alone, as git sees it.
    """
    repository = find_repository(root)
    git = git_around(root, Deadline.after(_READING_SECONDS))
    if git.run("check-ref-format", f"refs/heads/{branch}").code:
        raise UsageError(f"'{branch}' is no name of a branch")
    found = parse_configuration(git.local("config", "--list", "--null").text)
    fetched, pushed = _addresses(found, name)
    bases = (git.folder,) if _is_name(name) else (Path.cwd(), git.folder)
    fetched, *pushed = (_absolute(bases, address) for address in (fetched, *pushed))
    plain = [without_login(address) for address in (fetched, *pushed)]
    read, elsewhere = plain[0][0], ""
    if not any(leads_to_the_same(read, address) for address, _ in plain[1:]):
        read, elsewhere = plain[1][0], read
    return Remote(
        url=read,
        branch=branch,
        prefix=repository.prefix if repository else "",
        settings=(*_taken(found, name), *_login(found, plain)),
        secrets=tuple(dict.fromkeys(_secrets(found, (fetched, *pushed)))),
        pushed=() if [address for address, _ in plain[1:]] == [read] else tuple(address for address, _ in plain[1:]),
        elsewhere=elsewhere,
    )


def require_remote(root: Path, name: str) -> None:
    """Raise UsageError when the checkout at `root` has no remote `name`, or is none; ToolError without a git to ask."""
    git_program()  # to read with none finds nothing, and says nothing
    if not _is_name(name):
        return
    known = git_output(root, "remote").decode().split()
    if name not in known:
        raise UsageError(_unknown(name, known))


def _unknown(name: str, known: Iterable[str]) -> str:
    names = ", ".join(known)
    hint = f"it has: {names}" if names else "it has none"
    return f"no git remote '{name}' here ({hint}); name another, or an address, with --remote"


def _is_name(name: str) -> bool:
    return not any(mark in name for mark in (":", "/", "\\"))


def _addresses(found: Configuration, name: str) -> tuple[str, list[str]]:
    """Return the address that git fetches from, and all that it pushes to."""
    addresses = found.all(f"remote.{name}.url") if _is_name(name) else [name]
    if not addresses:
        raise UsageError(_unknown(name, dict.fromkeys(_remotes(found))))
    own = found.all(f"remote.{name}.pushurl") if _is_name(name) else []
    pushed = [found.rewritten(each) for each in own] or [found.rewritten_for_push(each) for each in addresses]
    return found.rewritten(addresses[0]), pushed


def _remotes(found: Configuration) -> Iterator[str]:
    return (key[len("remote.") : -len(".url")] for key, _ in found.entries if _is_of_remote(key))


def _is_of_remote(key: str) -> bool:
    return key.startswith("remote.") and key.endswith(".url")


def _absolute(bases: Iterable[Path], address: str) -> str:
    """Return a folder's address as seen from anywhere: a clone lies elsewhere."""
    if "://" in address:
        return address
    return next((os.fspath((base / address).resolve()) for base in bases if (base / address).is_dir()), address)


def _taken(found: Configuration, name: str) -> Iterator[tuple[str, str]]:
    """Yield the settings that a clone takes over from the checkout."""
    if not found.all("core.sshcommand") and "GIT_SSH" not in os.environ:
        yield _NEVER_ASKS
    cleared = set()
    for key, value in found.entries:
        if key.startswith(_TAKEN) or key in _TAKEN_KEYS:
            whole = "credential.helper" if key.startswith("credential.") else key
            if key.endswith(_LISTS) and whole not in cleared:
                cleared.add(whole)
                yield whole, ""
            yield key, value
        elif key in {f"remote.{name}.{word}" for word in _OF_THE_REMOTE}:
            yield f"remote.{NAME}.{key.rpartition('.')[2]}", value


def _login(found: Configuration, addresses: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    """Yield the settings that log in where the addresses did; such a header is the only one that says who we are."""
    doubled = any(value.lower().startswith("authorization") for key, value in found.entries if key.endswith(_LISTS[0]))
    headers = {address: header for address, header in addresses if header is not None}
    for address, header in headers.items():
        yield from ((f"http.{address}.extraHeader", value) for value in (*([""] if doubled else []), header))


def _secrets(found: Configuration, addresses: Iterable[str]) -> Iterator[str]:
    for key, value in found.entries:
        yield from secrets_in_setting(key, value)
    for address in addresses:
        yield from secrets_in_address(address)
