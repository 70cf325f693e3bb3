"""The environment and the configuration that every git of ours gets: one policy, whoever starts it and for what.

What the user and the machine configured holds: who commits, how to log in, proxies, `GIT_CONFIG_GLOBAL`. What names
another repository does not, and neither does anything that would run a program because of a file in a checkout.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.git.configuration import Entries, of_environment
from generator.tools.search import absolute_path, find_program

if TYPE_CHECKING:
    from pathlib import Path

# A git hook hands its own repository down in GIT_DIR, GIT_INDEX_FILE and others: none of them may reach another
# repository, and no trace may print what was sent. What says who commits, and how to log in, may.
_INHERITED = frozenset(
    {
        "GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH",
        "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_NO_VERIFY", "GIT_SSL_CERT", "GIT_SSL_KEY", "GIT_SSL_VERSION",
        "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_ALLOW_PROTOCOL",
        "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_HTTP_PROXY_AUTHMETHOD",
    }
)  # fmt: skip

# Nothing asks, paths are no patterns, nothing locks what it only reads, and git speaks the language of failure.py.
_ALWAYS = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_HTTP_LOW_SPEED_LIMIT": "1024",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "LC_ALL": "C.UTF-8",
}

# Nothing runs that a repository's content names, files have the bytes of their blobs, and no setting of the user's
# changes what git prints.
_SETTINGS: Entries = (
    ("safe.bareRepository", "explicit"),
    ("protocol.ext.allow", "never"),
    ("protocol.version", "2"),  # older ones refuse to send the contents that were left behind
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("push.recurseSubmodules", "no"),
    ("core.fsmonitor", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("color.ui", "false"),
    ("log.showSignature", "false"),
    ("merge.verifySignatures", "false"),
    ("advice.detachedHead", "false"),
    ("advice.pushUpdateRejected", "false"),
)


def git_program() -> str:
    """Return the absolute path of git; raises ToolError without one."""
    git = find_program("git")
    if git is None:
        raise ToolError("no git on the PATH; install it")
    return git


def git_environment(git_dir: Path | None, work_tree: Path | None = None, settings: Entries = ()) -> dict[str, str]:
    """Return the whole environment of a git that works in the repository at `git_dir`; None: in none at all.

    git never looks for a repository by itself. `settings` come after those of the user's environment, and before ours.
    """
    places = {"GIT_DIR": os.devnull if git_dir is None else os.fspath(git_dir)}
    if work_tree is not None:
        places["GIT_WORK_TREE"] = os.fspath(work_tree)
        places["GIT_CEILING_DIRECTORIES"] = os.fspath(work_tree.parent)
    configured = _configuration((*of_environment(os.environ), *settings, *_SETTINGS))
    return _inherited() | _ALWAYS | configured | places


def discovery_environment(work_tree: Path) -> dict[str, str]:
    """Return the environment in which git itself decides whether it trusts the repository of a work tree."""
    environment = git_environment(None, work_tree)
    del environment["GIT_DIR"], environment["GIT_WORK_TREE"]
    return environment


def drop_foreign_variables() -> None:
    """Take out of this process what names another repository: a library can only add to what its children inherit."""
    for name in [name for name in os.environ if not _is_inherited(name)]:
        del os.environ[name]


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if _is_inherited(name)} | {"PATH": absolute_path()}


def _is_inherited(name: str) -> bool:
    return not name.startswith("GIT_") or name in _INHERITED


def _configuration(settings: Entries) -> dict[str, str]:
    """Return configuration as environment variables: an argument would show credentials to everybody on the machine."""
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables
