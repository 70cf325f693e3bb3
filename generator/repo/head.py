"""Read what a repository has committed: at HEAD, or where the branch left another one.

Reading goes through `git` itself: importing GitPython takes 61 ms (measured), a third of a whole validation. The child
gets no inherited GIT_* variables, so a hook's index or another repository's GIT_DIR never leaks in.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import msgspec

from generator.errors import ToolError
from generator.text import quote_words
from generator.tools import process
from generator.tree import INPUTS, RENDERED, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


# What git says where there is no repository, or no commit in it yet.
_NOTHING_COMMITTED = ("not a git repository", "Not a valid object name HEAD")


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """The commit that a working tree is compared with: its id (or HEAD), what people call it, and its overlays.

    `overlays` are pairs of environment and name.
    """

    revision: str = "HEAD"
    title: str = "the last commit"
    overlays: frozenset[tuple[str, str]]


def base_of(root: Path, reference: str | None, tip: str = "HEAD") -> Base:
    """Give HEAD, or with a `reference` the newest commit that it shares with HEAD (or with the commit `tip`).

    Raises ToolError when a reference was given and that commit cannot be told: it must not pass for "nothing lost".
    """
    if reference is None:
        return Base(overlays=head_overlays(root))
    revision = _shared_commit(root, reference, tip)
    title = f"{revision[:12]} (where HEAD left {reference})"
    return Base(revision=revision, title=title, overlays=overlays_at(root, revision))


def head_overlays(root: Path) -> frozenset[tuple[str, str]]:
    """Give (environment, name) of every overlay that HEAD holds; empty outside git and before the first commit."""
    return overlays_at(root, "HEAD")


def overlays_at(root: Path, revision: str) -> frozenset[tuple[str, str]]:
    """Give (environment, name) of every overlay that a commit holds."""
    paths = (path.split("/") for path in paths_at(root, revision, "overlays/"))
    return frozenset(
        (parts[1], parts[2])
        for parts in paths
        if parts[-1] == "kustomization.yaml" and len(parts) == 4  # noqa: PLR2004  # overlays/<env>/<name>/<file>
    )  # overlays/<env>/<name>/kustomization.yaml


def paths_at(root: Path, revision: str, *folders: str) -> list[str]:
    """Give the path of every file that a commit holds below `folders`."""
    listed = git_output(root, "ls-tree", "-r", "-z", "--name-only", revision, "--", *folders)
    return [path for path in listed.decode(errors="replace").split("\0") if path]


def head_files(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Give the bytes that HEAD holds for each of `paths`; a path that it lacks is left out."""
    return files_at(root, "HEAD", paths)


def files_at(root: Path, revision: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Give the bytes that a commit holds for each of `paths`; a path that it lacks is left out."""
    asked = list(paths)
    if not asked:
        return {}
    names = "".join(f"{revision}:./{path}\n" for path in asked)
    output = git_output(root, "cat-file", "--batch", stdin=names.encode())
    return dict(batch(asked, output)) if output else {}


def head_tree(root: Path) -> Tree:
    """Give the inputs and rendered files as HEAD has them; no files outside git and before the first commit."""
    return tree_at(root, "HEAD", *INPUTS, *RENDERED)


def tree_at(root: Path, revision: str, *folders: str) -> Tree:
    """Give what a commit holds below `folders`; no files outside git and before the first commit."""
    return Tree(root, files_at(root, revision, paths_at(root, revision, *folders)))


def batch(paths: list[str], output: bytes) -> Iterable[tuple[str, bytes]]:
    """Read `git cat-file --batch`: a line `<id> <type> <size>`, the bytes, a newline; or a line ending in `missing`."""
    position = 0
    for path in paths:
        end = output.index(b"\n", position)
        header = output[position:end].split(b" ")
        position = end + 1
        if header[-1] == b"missing":
            continue
        size = int(header[2])
        yield path, output[position : position + size]
        position += size + 1


def commit_of(root: Path, reference: str, option: str) -> str:
    """Give the id of the commit that a command line's `option` names; raises ToolError where it is not here."""
    named = _asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    if named.returncode:
        remedy = "fetch it first (in GitHub Actions: actions/checkout with `fetch-depth: 0`)"
        raise ToolError(f"{option} {reference}: {named.stderr.strip() or f'no such commit here; {remedy}'}")
    return named.stdout.decode().strip()


def _shared_commit(root: Path, reference: str, tip: str) -> str:
    """Give the id of the newest commit that `reference` and `tip` share."""
    shared = _asked(root, "merge-base", commit_of(root, reference, "--base"), tip)
    if shared.returncode:
        shallow = _asked(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        remedy = "this clone is shallow: run `git fetch --unshallow`" if shallow else "name another branch"
        raise ToolError(f"--base {reference}: {shared.stderr.strip() or f'it shares no commit with HEAD; {remedy}'}")
    return shared.stdout.decode().strip()


def is_ancestor(root: Path, one: str, other: str) -> bool | None:
    """Say whether a commit is an ancestor of another one; None where this repository does not know both."""
    answer = _asked(root, "merge-base", "--is-ancestor", "--", one, other)
    return {0: True, 1: False}.get(answer.returncode)


def _asked(root: Path, *arguments: str) -> process.Completed:
    """Give git's answer to a question that has to be answered; raises ToolError without a git to ask."""
    return process.run([git_program(), *arguments], cwd=root, env=_environment())


def git_program() -> str:
    """Give the path of git; raises ToolError without one."""
    git = shutil.which("git")
    if git is None:
        raise ToolError("no git on the PATH; install it")
    return git


def git_output(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run a git command that only reads, in `root`; empty output where there is no git, no repository or no commit.

    Any other failure raises ToolError: what cannot be read must not pass for "nothing was committed".
    """
    git = shutil.which("git")
    if git is None:
        return b""
    completed = process.run([git, *arguments], cwd=root, env=_environment(), stdin=stdin)
    if completed.returncode == 0:
        return completed.stdout
    if any(text in completed.stderr for text in _NOTHING_COMMITTED):
        return b""
    raise ToolError(f"git {arguments[0]} in {root} fails", *quote_words(completed.stderr))


def _environment() -> dict[str, str]:
    env = {name: os.environ[name] for name in ("HOME", "PATH", "XDG_CONFIG_HOME") if name in os.environ}
    return env | {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
