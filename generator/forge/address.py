"""The address of a remote, taken apart: which host, which repository there. Who logs in is left out from the start."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

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
