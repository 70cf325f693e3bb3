"""The GitOps repository of the run: this checkout's pages under another address, and what is pushed to it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

import generator
from generator.disk.tree import INPUTS
from generator.findings.errors import ToolError
from generator.roots import rendered_folders
from generator.tools import process

if TYPE_CHECKING:
    from tests.e2e.api import Object

_CHECKOUT = Path(generator.__file__).parents[1]
_FAIRLEAD = Path(sys.executable).with_name("fairlead")
_SECONDS = 120.0


class Repository:
    """A clone where people work, `bare` where it is pushed to, and `url` where Argo CD reads."""

    def __init__(self, folder: Path, url: str, kustomize: Path) -> None:
        self.root = folder / "clone"
        self.bare = folder / "gitops.git"
        self.url = f"{url}/gitops.git"
        self._kustomize = kustomize
        self._env = _environment(folder, kustomize)

    def create(self, kubernetes: str) -> str:
        """Copy this checkout's pages, give them the new address and a Kubernetes version (`1.35`), render, and push."""
        self._git("init", "--quiet", "--bare", "--initial-branch=main", os.fspath(self.bare), at=self.bare.parent)
        self._git("init", "--quiet", "--initial-branch=main", os.fspath(self.root), at=self.bare.parent)
        for name in (*INPUTS, *rendered_folders()):
            _copy(_CHECKOUT / name, self.root / name)
        shutil.copy(_CHECKOUT / ".gitignore", self.root)
        self.edit("gitops.yaml", r"(?m)^repoURL: .*$", f"repoURL: {self.url}")
        for page in ("gitops.yaml", *self.files("clusters")):
            self.edit(page, r"(?m)^kubernetesVersion: .*$", f'kubernetesVersion: "{kubernetes}"')
        self._git("remote", "add", "origin", self.url)
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", "Pages")
        self.fairlead("generate", "--force")
        return self.push("Render")

    def fairlead(self, *arguments: str) -> str:
        """Run a command of fairlead on the clone and give what it printed; raises ToolError when it fails."""
        return self._said([os.fspath(_FAIRLEAD), *arguments], self.root)

    def push(self, message: str) -> str:
        """Commit all changes, push them, and give the commit's id."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)
        self._git("push", "--quiet", "origin", "HEAD:main")
        return self.head()

    def undo(self) -> str:
        """Revert the last commit, push that, and give its id."""
        self._git("revert", "--no-edit", "HEAD")
        self._git("push", "--quiet", "origin", "HEAD:main")
        return self.head()

    def head(self) -> str:
        """Return the id of the last commit."""
        return self._git("rev-parse", "HEAD").strip()

    def edit(self, path: str, pattern: str, replacement: str) -> None:
        """Replace what matches in a file; raises AssertionError when nothing does."""
        text, count = re.subn(pattern, replacement, (self.root / path).read_text(encoding="utf-8"))
        assert count, f"{path}: nothing matches {pattern}"
        (self.root / path).write_text(text, encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def remove(self, path: str) -> None:
        """Delete a file or a folder."""
        shutil.rmtree(self.root / path) if (self.root / path).is_dir() else (self.root / path).unlink()

    def files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder."""
        return [path.relative_to(self.root).as_posix() for path in (self.root / folder).rglob("*") if path.is_file()]

    def tracked(self) -> list[str]:
        """Return the paths of all files that git knows."""
        return self._git("ls-files").splitlines()

    def folders(self, pattern: str) -> list[str]:
        """Return the paths of the folders that match, in order."""
        found = (path for path in self.root.glob(pattern) if path.is_dir())
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def clusters(self, environment: str) -> list[str]:
        """Return the names of the clusters that systems run in, in one environment."""
        pages = [yaml.safe_load((self.root / path).read_text(encoding="utf-8")) for path in self.files("systems")]
        places = [page["environments"].get(environment) for page in pages]
        return sorted({place["cluster"] for place in places if place})

    def build(self, folder: str) -> list[Object]:
        """Return the objects that kustomize builds, as Argo CD does."""
        said = self._said([os.fspath(self._kustomize), "build", os.fspath(self.root / folder)], self.root)
        return [each for each in yaml.load_all(said, Loader=yaml.CSafeLoader) if each]

    def _git(self, *arguments: str, at: Path | None = None) -> str:
        return self._said(["git", *arguments], at or self.root)

    def _said(self, argv: list[str], folder: Path) -> str:
        ended = process.run(argv, cwd=folder, env=self._env, timeout=_SECONDS)
        said = ended.stdout.decode(errors="replace")
        if ended.returncode:
            raise ToolError(f"{' '.join(argv[:4])} exits {ended.returncode}: {said[-2000:]}{ended.stderr[-2000:]}")
        return said


def _environment(home: Path, kustomize: Path) -> dict[str, str]:
    """Return an environment in which git knows who commits, and nothing of anybody's settings."""
    who = {f"GIT_{role}_{part}": "e2e@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    places = {
        "HOME": os.fspath(home),
        "PATH": f"{kustomize.parent}{os.pathsep}{os.environ['PATH']}",
        # All that it keeps goes with the run: the API server that `validate --api-server` leaves running, too.
        "FAIRLEAD_CACHE_DIR": os.fspath(home / "cache"),
    }
    return who | settings | places


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy(source, target)
