"""Which address is the repository's own, however it is spelt, and which revision of another one stays what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.kubernetes.values import text

if TYPE_CHECKING:
    from generator.rules.view import SyncedRepository

# Scheme, who logs in and port say how to get there, not what is there: `ssh://git@host:22/a/b.git`, `git@host:a/b`.
_URL = re.compile(r"(?P<scheme>[a-z+]+)://(?:[^@/]*@)?(?P<host>[^/:]*)(?::[0-9]+)?/*(?P<path>.*)")
_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^@/:]{2,}):/*(?P<path>.+)")
_SHA = re.compile(r"[0-9a-f]{7,40}|[0-9a-f]{64}", re.IGNORECASE)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# https://semver.org, with the usual `v`, and with the name of a chart or module before it: `web-1.4.2`.
_VERSION = re.compile(
    r"(?:refs/tags/)?(?:[A-Za-z][\w./-]*[-/])?v?[0-9]+\.[0-9]+\.[0-9]+(?:-[\w.-]+)?(?:\+[\w.-]+)?", re.ASCII
)
_BOUND = re.compile(r"[*^~<>=|,\s]|\.x\b|^x$", re.IGNORECASE)


def location(url: str) -> tuple[str, str]:
    """Return host and path of a repository's address in lower case, without `.git`; a folder has no host."""
    url = url.strip().lower()
    found = _URL.fullmatch(url) or (None if "://" in url else _SCP.fullmatch(url))
    host, path = (found["host"], found["path"]) if found else ("", url)
    return host, path.strip("/").removesuffix(".git")


def shown(url: str) -> str:
    """Return an address without who logs in there: it may hold a password."""
    return re.sub(r"//[^/]*@", "//", url)


def is_own(url: object, repository: SyncedRepository | None) -> bool:
    """Return whether an address is that of the repository itself."""
    return repository is not None and bool(text(url)) and location(text(url)) == location(repository.url)


def is_followed(revision: object, repository: SyncedRepository) -> bool:
    """Return whether a revision of the repository itself is the branch that Argo CD follows."""
    return revision in (None, "") or text(revision) in {
        "HEAD",
        repository.revision,
        f"refs/heads/{repository.revision}",
    }


def is_pinned(revision: str, *, chart: bool) -> bool:
    """Return whether a revision names one and the same thing for ever: a commit, a digest, a whole version."""
    if _VERSION.fullmatch(revision) or _DIGEST.fullmatch(revision):
        return True
    return not chart and bool(_SHA.fullmatch(revision))


def is_range(revision: str) -> bool:
    """Return whether a revision is a range of versions, from which Argo CD takes the highest."""
    return bool(_BOUND.search(revision))
