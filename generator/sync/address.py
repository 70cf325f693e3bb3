"""Addresses of repositories as Argo CD compares them."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

# What Go's url.URL prints as it stands in a path; with any other character in it, it escapes all but a few.
_SOUND_PATH = re.compile(r"[-\w.~!$&'()*+,;=:@\[\]%/?#]*", re.ASCII)
_UNESCAPED = "/$&+,:;=@~-_."

_SSH = re.compile(r"(ssh://)?[^/:]*@[^@]+")


@lru_cache(maxsize=1024)
def normalized(address: str) -> str:
    """Give an address in lower case, without `.git` and `ssh://`, and with `/` for the first `:` of `git@host:path`."""
    address = address.strip().lower()
    if _SSH.fullmatch(address) and not address.startswith("ssh://"):
        address = "ssh://" + address.replace(":", "/", 1)
    scheme, mark, rest = address.removesuffix(".git").rpartition("://")
    host, slash, path = rest.partition("/")
    if not _SOUND_PATH.fullmatch(path):
        path = quote(path, safe=_UNESCAPED)
    return f"{scheme}{mark}{host}{slash}{path}".removeprefix("ssh://")


def same_repository(one: str, other: str) -> bool:
    """Say whether two addresses are those of one repository."""
    return normalized(one) == normalized(other)
