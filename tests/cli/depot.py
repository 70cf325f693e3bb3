"""A remote repository whose services wait for prod, a checkout of it, and what tests do with both."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.soak.waiting import NEW_TAG, OLD_TAG, make_waiting

if TYPE_CHECKING:
    from tests.conftest import Answer, Fairlead, Git

__all__ = ["NEW_TAG", "OLD_TAG", "ONE", "TWO", "Depot", "make_depot"]

# Both have OLD_TAG in prod and NEW_TAG in staging.
ONE, TWO = "service-000", "service-001"


@dataclass(frozen=True)
class Depot:
    """A bare repository and a checkout whose `origin` it is; the GitOps repository is the folder `prefix` in both."""

    bare: Path
    work: Path
    git: Git
    fairlead: Fairlead
    prefix: str = ""

    @property
    def root(self) -> Path:
        """The GitOps repository in the checkout."""
        return self.work / self.prefix

    def __call__(self, *arguments: str) -> Answer:
        """Run fairlead in the checkout."""
        return self.fairlead(*arguments, root=self.root)

    def data(self, *arguments: str, code: int = 0) -> Any:
        """Run fairlead with `--format json` and give its answer."""
        answer = self(*arguments, "--format", "json")
        assert answer.code == code, answer.text
        return json.loads(answer.stdout)

    def log(self, form: str = "%s", branch: str = "main") -> list[str]:
        """Return a line for each commit of a branch of the remote, newest first."""
        return self.git(self.bare, "log", "--first-parent", f"--format={form}", branch).splitlines()

    def message(self, branch: str = "main") -> str:
        """Return the message of the newest commit of a branch of the remote."""
        return self.git(self.bare, "log", "-1", "--format=%B", branch).rstrip("\n")

    def changed(self, branch: str = "main") -> list[str]:
        """Return the paths that the newest commit of a branch of the remote changed."""
        return self.git(self.bare, "diff", "--name-only", f"{branch}^", branch).splitlines()

    def file(self, path: str, branch: str = "main") -> str:
        """Return a file of the remote."""
        return self.git(self.bare, "show", f"{branch}:{self.prefix}{path}")

    def files(self, branch: str = "main") -> list[str]:
        """Return the paths of a branch of the remote."""
        return self.git(self.bare, "ls-tree", "-r", "--name-only", branch).splitlines()

    def tag(self, environment: str, service: str = ONE, branch: str = "main") -> str:
        """Return the tag that the remote has of a service."""
        record = yaml.safe_load(self.file(f"overlays/{environment}/{service}/kustomization.yaml", branch))
        return str(record["images"][0]["newTag"])

    def refs(self) -> str:
        """Return every branch and tag of the remote with the commits they are at."""
        return self.git(self.bare, "for-each-ref")

    def state(self) -> tuple[str, ...]:
        """Return all that a command must leave as it is in the checkout: files, index, HEAD, branches and the stash."""
        told = (
            "status --porcelain --ignored",
            "symbolic-ref HEAD",
            "for-each-ref",
            "stash list",
            "config --list --local",
        )
        said = [self.git(self.work, *words.split()) for words in told]  # the first one brings the index up to date
        return (*said, (self.work / ".git" / "index").read_bytes().hex())

    def release(self, environment: str, tag: str, service: str = ONE) -> None:
        """Bump in the checkout and push the commit."""
        answer = self("bump", service, "--env", environment, "--tag", tag)
        assert answer.code == 0, answer.text
        self.push(f"Bump {service} in {environment}: {tag}")

    def push(self, message: str = "By hand") -> None:
        """Commit all of the checkout on top of the remote's branch, and push it."""
        self.git(self.work, "add", "--all")
        self.git(self.work, "commit", "--quiet", f"--message={message}")
        self.git(self.work, "pull", "--quiet", "--rebase", "origin", "main")
        self.git(self.work, "push", "--quiet", "origin", "HEAD:main")

    def pull(self) -> None:
        """Bring the checkout to the remote's branch."""
        self.git(self.work, "pull", "--quiet", "--ff-only", "origin", "main")

    def write(self, path: str, text: str | None) -> None:
        """Write a file of the GitOps repository in the checkout, or delete it."""
        if text is None:
            (self.root / path).unlink()
            return
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def gates(self, gates: str, environment: str = "prod") -> None:
        """Give an environment gates, and push that."""
        self.write(f"environments/{environment}.yaml", f"production: false\ngates: {gates}\n")
        self.push("Gates")

    def by_somebody(self, path: str, text: str, branch: str = "main") -> None:
        """Let somebody else commit a file to a branch of the remote."""
        with tempfile.TemporaryDirectory() as folder:
            self.git(Path(folder), "clone", "--quiet", f"--branch={branch}", os.fspath(self.bare), ".")
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            self.git(Path(folder), "add", "--all")
            self.git(Path(folder), "commit", "--quiet", "--message=By somebody")
            self.git(Path(folder), "push", "--quiet", "origin", branch)


def make_depot(folder: Path, git: Git, prefix: str = "") -> None:
    """Make the bare repository `gitops.git` and the checkout `work` below `folder`."""
    work, bare = folder / "work", folder / "gitops.git"
    make_waiting(work / prefix, 2)
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=Released to staging")
    git(folder, "clone", "--quiet", "--bare", os.fspath(work), os.fspath(bare))
    git(bare, "config", "uploadpack.allowFilter", "true")
    shutil.rmtree(bare / "hooks")
    git(work, "remote", "add", "origin", "../gitops.git")
    git(work, "fetch", "--quiet", "origin")
    git(work, "branch", "--quiet", "--set-upstream-to=origin/main")
