"""Read what a repository has committed: at HEAD, or where the branch left another one.

Reading goes through `git` itself: importing GitPython takes 61 ms (measured), a third of a whole validation. A folder
that is in no repository has nothing committed; where the repository cannot be read, that is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.disk.tree import INPUTS, OversizeError, Tree, largest
from generator.findings.errors import InputError, ToolError
from generator.findings.text import quote_words
from generator.git.environment import git_environment, git_program
from generator.git.repository import find_repository
from generator.roots import rendered_folders
from generator.tools import process

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.git.repository import Repository


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """The commit that a working tree is compared with: its id (or HEAD), what people call it, and its overlays.

    `overlays` are pairs of environment and name.
    """

    revision: str = "HEAD"
    title: str = "the last commit"
    overlays: frozenset[tuple[str, str]]


def base_of(root: Path, reference: str | None, tip: str = "HEAD") -> Base:
    """Return HEAD, or with a `reference` the newest commit that it shares with HEAD (or with the commit `tip`).

    Raises ToolError when a reference was given and that commit cannot be told: it must not pass for "nothing lost".
    """
    if reference is None:
        return Base(overlays=head_overlays(root))
    revision = _shared_commit(root, reference, tip)
    title = f"{revision[:12]} (where HEAD left {reference})"
    return Base(revision=revision, title=title, overlays=overlays_at(root, revision))


def has_commit(root: Path) -> bool:
    """Report whether HEAD names a commit; it does not outside git and before the first one."""
    return bool(git_output(root, "rev-parse", "--verify", "HEAD"))


def is_before_first_commit(root: Path) -> bool:
    """Report whether there is a git repository around `root`, and no commit in it."""
    return find_repository(root) is not None and not has_commit(root)


def changed_files(root: Path, *folders: str) -> list[str]:
    """Return the paths below `folders` that are not as in the last commit, new ones too, without those git ignores."""
    changed = git_output(root, "diff", "--name-only", "--relative", "--no-renames", "-z", "HEAD", "--", *folders)
    new = git_output(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *folders)
    return [path for path in (changed + new).decode(errors="replace").split("\0") if path]


def paths_in_index(root: Path, folder: str) -> list[str]:
    """Return the paths below `folder` that git tracks."""
    listed = git_output(root, "ls-files", "-z", "--", folder)
    return [path for path in listed.decode(errors="replace").split("\0") if path]


def head_overlays(root: Path) -> frozenset[tuple[str, str]]:
    """Return (environment, name) of every overlay that HEAD holds; empty outside git and before the first commit."""
    return overlays_at(root, "HEAD")


def overlays_at(root: Path, revision: str) -> frozenset[tuple[str, str]]:
    """Return (environment, name) of every overlay that a commit holds."""
    paths = (path.split("/") for path in paths_at(root, revision, "overlays/"))
    return frozenset(
        (parts[1], parts[2])
        for parts in paths
        if parts[-1] == "kustomization.yaml" and len(parts) == 4  # noqa: PLR2004  # overlays/<env>/<name>/<file>
    )  # overlays/<env>/<name>/kustomization.yaml


def paths_at(root: Path, revision: str, *folders: str) -> list[str]:
    """Return the path of every file that a commit holds below `folders`."""
    listed = git_output(root, "ls-tree", "-r", "-z", "--name-only", revision, "--", *folders)
    return [path for path in listed.decode(errors="replace").split("\0") if path]


def is_outside_sparse_set(root: Path, path: str) -> bool:
    """Return whether git left a file out of the working tree on purpose: it is marked to be skipped (`S`)."""
    return git_output(root, "ls-files", "-t", "-z", "--", path).startswith(b"S ")


def head_files(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes that HEAD holds for each of `paths`; a path that it lacks is left out."""
    return files_at(root, "HEAD", paths)


def files_at(root: Path, revision: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes that a commit holds for each of `paths`; a path that it lacks is left out."""
    asked = list(paths)
    if not asked:
        return {}
    names = "".join(f"{revision}:./{path}\n" for path in asked).encode()
    _refuse_oversize(asked, git_output(root, "cat-file", "--batch-check=%(objecttype) %(objectsize)", stdin=names))
    output = git_output(root, "cat-file", "--batch", stdin=names)
    return dict(batch(asked, output)) if output else {}


def _refuse_oversize(paths: Iterable[str], sizes: bytes) -> None:
    """Raise InputError for files that are too large to be pages or rendered: a megabyte of git can be a gigabyte."""
    found = []
    for path, line in zip(paths, sizes.splitlines(), strict=False):
        kind, _, size = line.rpartition(b" ")
        if kind == b"blob" and int(size) > largest(path):
            found.append(OversizeError(path, int(size), largest(path)).finding(path))
    if found:
        raise InputError(found)


def head_tree(root: Path) -> Tree:
    """Return the inputs and rendered files as HEAD has them; no files outside git and before the first commit."""
    return tree_at(root, "HEAD", *INPUTS, *rendered_folders())


def tree_at(root: Path, revision: str, *folders: str) -> Tree:
    """Return what a commit holds below `folders`; no files outside git and before the first commit."""
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
    """Return the id of the commit that a command line's `option` names; raises ToolError where it is not here."""
    named = _asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    if named.returncode:
        remedy = "fetch it first (in GitHub Actions: actions/checkout with `fetch-depth: 0`)"
        raise ToolError(f"{option} {reference}: {named.stderr.strip() or f'no such commit here; {remedy}'}")
    return named.stdout.decode().strip()


def _shared_commit(root: Path, reference: str, tip: str) -> str:
    """Return the id of the newest commit that `reference` and `tip` share."""
    shared = _asked(root, "merge-base", commit_of(root, reference, "--base"), tip)
    if shared.returncode:
        shallow = _asked(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        remedy = "this clone is shallow: run `git fetch --unshallow`" if shallow else "name another branch"
        raise ToolError(f"--base {reference}: {shared.stderr.strip() or f'it shares no commit with HEAD; {remedy}'}")
    return shared.stdout.decode().strip()


def _asked(root: Path, *arguments: str) -> process.Completed:
    """Return git's answer to a question that has to be answered; raises ToolError without a repository to ask."""
    repository = find_repository(root)
    if repository is None:
        raise ToolError(f"{root}: not a git repository, nor in one")
    return _run(repository, root, arguments)


def git_output(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run a git command that only reads, in `root`, and return what it printed.

    Returns nothing outside of a repository and before the first commit. Any other failure raises ToolError: what cannot
    be read must not pass for "nothing was committed".
    """
    repository = find_repository(root)
    if repository is None:
        return b""
    completed = _run(repository, root, arguments, stdin)
    if completed.returncode == 0:
        return completed.stdout
    if _is_unborn(repository, root):
        return b""
    raise ToolError(f"git {arguments[0]} in {root} fails", *quote_words(completed.stderr))


def _is_unborn(repository: Repository, root: Path) -> bool:
    """Return whether the repository has no commit on its branch yet, rather than one that is damaged."""
    branch = _run(repository, root, ("symbolic-ref", "--quiet", "HEAD"))
    if branch.returncode:
        return False  # HEAD names a commit by itself, or is damaged
    name = branch.stdout.decode(errors="replace").strip()
    # A branch whose file is damaged is named on the standard error, and counts as none.
    known = _run(repository, root, ("for-each-ref", "--format=%(refname)", name))
    return not known.returncode and not known.stdout and not known.stderr


def _run(repository: Repository, root: Path, arguments: Iterable[str], stdin: bytes | None = None) -> process.Completed:
    env = git_environment(repository.git_dir, repository.work_tree)
    return process.run([git_program(), *arguments], cwd=root, env=env, stdin=stdin)
