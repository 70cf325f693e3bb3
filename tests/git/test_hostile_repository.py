"""A pull request that carries a git repository of its own: no git of ours may take it for the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

import pytest

from tests.repo.site import write_hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Fairlead, Git

# Each line of it runs a program where git obeys it: on reading an index, on fetching what is missing, on logging in.
CONFIG = """\
[core]
\trepositoryformatversion = 1
\tbare = false
\tworktree = .
\tfsmonitor = {pwn}
\thooksPath = {folder}
\tsshCommand = {pwn}
\tpager = {pwn}
\taskPass = {pwn}
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = .
\tpromisor = true
\tpartialclonefilter = blob:none
\tuploadpack = {pwn}; git-upload-pack
[credential]
\thelper = !{pwn}
[diff]
\texternal = {pwn}
[gpg]
\tprogram = {pwn}
[user]
\tname = Mallory
\temail = mallory@example.com
"""

BUMP = ("frontend", "--env", "dev", "--tag", "7.7.7")

# Every command that asks git something, and what it says here.
COMMANDS: dict[str, tuple[tuple[str, ...], int]] = {
    "generate": (("generate",), 0),
    "generate --check": (("generate", "--check"), 0),
    "validate": (("validate",), 0),
    "validate --base": (("validate", "--base", "HEAD"), 0),
    "status": (("status",), 0),
    "history": (("history",), 0),
    "explain": (("explain", "frontend", "dev"), 0),
    "secrets": (("secrets", "--env", "local"), 2),
    "doctor": (("doctor",), 0),
    "argocd plan": (("argocd", "plan"), 0),
    "argocd plan --base": (("argocd", "plan", "--base", "HEAD"), 0),
    "argocd plan --commit": (("argocd", "plan", "--commit", "HEAD"), 0),
    "bump": (("bump", "frontend", "--env", "dev", "--tag", "7.7.7"), 0),
    "bump --push": (("bump", "frontend", "--env", "dev", "--tag", "7.7.7", "--push"), 0),
    "promote": (("promote", "frontend", "--to", "staging", "--dry-run"), 0),
    "rollback": (("rollback", "frontend", "--env", "dev"), 2),
    "hold": (("hold", "frontend", "--env", "dev", "--reason", "test"), 0),
    "unhold": (("unhold", "frontend", "--env", "dev"), 0),
    "retire": (("retire", "frontend", "--env", "local"), 0),
    "publish": (("publish",), 0),
}


@pytest.fixture
def pwned(tmp_path: Path) -> Path:
    """Return the file that exists once a program of the pull request has run."""
    return tmp_path / "pwned"


@pytest.fixture
def gitops(pristine: Path, tmp_path: Path, git: Git, pwned: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a GitOps repository in a folder of a clone; its last commit made that folder a bare repository as well."""
    for variable, value in {"AUTHOR": "Alice", "COMMITTER": "Alice"}.items():
        monkeypatch.setenv(f"GIT_{variable}_NAME", value)
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "alice@example.com")
    top = tmp_path / "work"
    folder = top / "gitops"
    shutil.copytree(pristine, folder, ignore=shutil.ignore_patterns(".git"))
    git(tmp_path, "init", "--quiet", "--initial-branch=main", os.fspath(top))
    _commit(git, top, "As released")
    _plant(folder, pwned)
    _commit(git, top, "Mend a typo")
    git(tmp_path, "clone", "--quiet", "--bare", os.fspath(top), os.fspath(tmp_path / "origin.git"))
    git(top, "remote", "add", "origin", os.fspath(tmp_path / "origin.git"))
    git(top, "fetch", "--quiet", "origin")
    return folder


def _commit(git: Git, top: Path, message: str) -> None:
    git(top, "add", "--all", "--force", ".")
    git(top, "commit", "--quiet", f"--message={message}")


def _plant(folder: Path, pwned: Path) -> None:
    """Lay out what git takes for a repository; its branch names a commit that only the attacker's remote has."""
    program = folder / "tool"
    write_hook(program, f"touch {pwned}")
    for hook in ("post-index-change", "reference-transaction", "pre-commit", "post-checkout"):
        write_hook(folder / hook, f"touch {pwned}")
    (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (folder / "config").write_text(CONFIG.format(pwn=program, folder=folder), encoding="utf-8")
    for path in ("objects/info/keep", "refs/heads/keep", "refs/remotes/origin/main"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("b" * 40 + "\n" if path.endswith("main") else "", encoding="utf-8")
    (folder / "refs/heads/main").write_text("a" * 40 + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_obeys_it(gitops: Path, pwned: Path, fairlead: Fairlead, name: str) -> None:
    """Whatever git is asked, from whichever command: the repository around the folder answers, and no program runs."""
    arguments, code = COMMANDS[name]
    answer = fairlead(*arguments, root=gitops)
    assert not pwned.exists(), answer.text
    assert answer.code == code, answer.text
    assert "Mallory" not in answer.text


def test_the_attack_works_on_git_itself(gitops: Path, pwned: Path, git: Git) -> None:
    """Else these tests would show nothing: git alone, started there, runs the attacker's program."""
    with suppress(CalledProcessError):
        git(gitops, "status")
    assert pwned.exists()


def test_the_real_history_is_read(gitops: Path, fairlead: Fairlead) -> None:
    """The attacker's branch holds nothing: an overlay that is lost against the real commit is still told."""
    shutil.rmtree(gitops / "overlays/dev/frontend")
    answer = fairlead("validate", root=gitops)
    assert answer.code != 0
    assert "overlays/dev/frontend" in answer.text


PROGRAMS = ("git", "ssh", "kustomize", "kubeconform", "go", "crane", "skopeo", "etcd", "kube-apiserver", "aws")


@pytest.mark.parametrize("relative", ["bin", ".", "", "./bin", "../repository/bin"])
@pytest.mark.parametrize(
    "command", [("validate",), ("doctor",), ("tools", "list"), ("bump", *BUMP, "--push", "--deadline", "1")]
)
def test_a_program_of_the_checkout_is_not_started(  # noqa: PLR0913, PLR0917 - what pytest hands over
    repository: Path,
    pwned: Path,
    fairlead: Fairlead,
    monkeypatch: pytest.MonkeyPatch,
    git: Git,
    relative: str,
    command: tuple[str, ...],
) -> None:
    """A PATH with a folder as seen from here would find the pull request's own program."""
    for folder in ("", "bin"):
        for name in PROGRAMS:
            write_hook(repository / folder / name, f"touch {pwned}")
    git(repository, "remote", "add", "origin", "ssh://git.invalid/shop.git")
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", f"{relative}{os.pathsep}{os.environ['PATH']}")
    fairlead(*command, root=repository)
    assert not pwned.exists()


@pytest.fixture(scope="module", params=["services", "overlays", "base", "argocd", "schemas/crds"])
def nested(request: pytest.FixtureRequest, pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nest folders as deep as a path of git can be; they go afterwards, which Python cannot do."""
    root = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("nested") / "repository"))
    folder = root / request.param
    folder.mkdir(parents=True, exist_ok=True)
    inner = os.open(folder, os.O_RDONLY)
    for _ in range(1900):
        os.mkdir("a", dir_fd=inner)  # by its whole path each takes as long as all before it
        outer, inner = inner, os.open("a", os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    page = os.open("x.yaml", os.O_WRONLY | os.O_CREAT, dir_fd=inner)
    os.write(page, b"a: b\n")
    for descriptor in (page, inner):
        os.close(descriptor)
    yield root
    subprocess.run(["rm", "-rf", os.fspath(root)], check=True)


@pytest.mark.parametrize("command", ["generate", "validate", "status"])
def test_two_thousand_folders_in_each_other(nested: Path, fairlead: Fairlead, command: str) -> None:
    """No reader of ours calls itself for each of them."""
    answer = fairlead(command, root=nested)
    assert answer.code in {0, 1, 2}
    assert "Traceback" not in answer.text
