"""The address of a remote, taken apart: which host, which repository there. Who logs in is left out from the start."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

import msgspec

_SCHEMES = {"https": "https", "http": "http", "ssh": "ssh", "git+ssh": "ssh", "ssh+git": "ssh"}
_OWN_PORT = {"https": 443, "http": 80, "ssh": 22}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.ASCII)

# `user@host:path`, for git wherever no slash stands before the first colon. One letter is a drive of Windows.
_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^@/:]{2,}):(?P<path>[^:].*)")

# Hosts that speak ssh on the port of https, for networks that let nothing else through.
_SSH_OVER_HTTPS = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """`scheme` is ssh, http or https, `host` in lower case, `port` None for the scheme's own.

    `path` has no slash at its ends, no `.git` and no percent encoding.
    """

    scheme: str
    host: str
    port: int | None = None
    path: str = ""

    @property
    def web(self) -> str:
        """The host as a browser reaches it: `https://git.example.com`; a port of ssh says nothing about it."""
        if self.scheme == "ssh":
            return f"https://{self.host}"
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")


def address_of(url: str) -> Address | None:
    """Take a remote's address apart; None for a folder, and for anything but a host reached by ssh, http or https."""
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    if "://" in url:
        return _of_url(url)
    match = _SCP.fullmatch(url)
    return _address("ssh", match["host"], None, match["path"]) if match else None


def _of_url(url: str) -> Address | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or parts.query or parts.fragment:
        return None
    return _address(_SCHEMES[parts.scheme], parts.hostname or "", port, unquote(parts.path))


def _address(scheme: str, host: str, port: int | None, path: str) -> Address | None:
    host = host.lower()
    path = path.strip("/").removesuffix(".git")
    steps = path.split("/") if path else []
    if not _HOST.fullmatch(host) or not path.isprintable() or any(step in {"", ".", ".."} for step in steps):
        return None
    if host in _SSH_OVER_HTTPS and scheme == "ssh":
        return Address(scheme=scheme, host=_SSH_OVER_HTTPS[host], path=path)
    return Address(scheme=scheme, host=host, port=None if port == _OWN_PORT[scheme] else port, path=path)


# What Go's url.URL prints as it stands in a path; with any other character in it, it escapes all but a few.
_SOUND_PATH = re.compile(r"[-\w.~!$&'()*+,;=:@\[\]%/?#]*", re.ASCII)


_UNESCAPED = "/$&+,:;=@~-_."


_SSH = re.compile(r"(ssh://)?[^/:]*@[^@]+")


@lru_cache(maxsize=1024)
def normalize_address(address: str) -> str:
    """Return an address in lower case without `.git` and `ssh://`, with `/` for the first `:` of `git@host:path`."""
    address = address.strip().lower()
    if _SSH.fullmatch(address) and not address.startswith("ssh://"):
        address = "ssh://" + address.replace(":", "/", 1)
    scheme, mark, rest = address.removesuffix(".git").rpartition("://")
    host, slash, path = rest.partition("/")
    if not _SOUND_PATH.fullmatch(path):
        path = quote(path, safe=_UNESCAPED)
    return f"{scheme}{mark}{host}{slash}{path}".removeprefix("ssh://")


def same_repository(one: str, other: str) -> bool:
    """Return whether two addresses are those of one repository."""
    return normalize_address(one) == normalize_address(other)


def leads_to_the_same(one: str, other: str) -> bool:
    """Return whether two addresses are those of one repository, be it by ssh or by https."""
    ours, theirs = address_of(one), address_of(other)
    if ours is None or theirs is None:
        return same_repository(one, other)
    return (ours.host, ours.path.lower()) == (theirs.host, theirs.path.lower())
