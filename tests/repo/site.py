"""A bare repository and a checkout of it, and what tests do with them."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.change import Change
from generator.repo.push import Landing, NewCommit, land
from generator.repo.remote import Remote, remote_of

if TYPE_CHECKING:
    from generator.repo.clone import Clone
    from tests.conftest import Git

RECORD = "overlays/dev/cart/kustomization.yaml"
FILES = {
    "gitops.yaml": "environments: [dev]\n",
    "services/cart.yaml": "image: cart\n",
    RECORD: "images: []\n",
    "docs/page.md": "Nothing that fairlead reads.\n",
    "scripts/gate": "#!/bin/sh\n",
}
IDENTITY = "[user]\n\tname = Writer\n\temail = writer@example.com\n"


@dataclass(frozen=True)
class Site:
    """A bare repository, a checkout whose origin it is, and the tools to see what became of both."""

    bare: Path
    work: Path
    git: Git

    def remote(self, name: str = "origin", branch: str = "main") -> Remote:
        """Return the remote as fairlead finds it in the checkout."""
        return remote_of(self.work, name, branch)

    def land(self, *, branch: str | None = None, seconds: float = 30.0, line: str = "bumped") -> Landing:
        """Land one line more in the release record."""
        return land(self.remote(), adding(line), branch=branch, seconds=seconds)

    def hook(self, name: str, script: str) -> None:
        """Put a hook into the bare repository."""
        write_hook(self.bare / "hooks" / name, script)

    def log(self, branch: str = "main") -> list[str]:
        """Return the subjects on a branch of the bare repository, newest first."""
        return self.git(self.bare, "log", "--first-parent", "--format=%s", branch).splitlines()

    def record(self, branch: str = "main") -> str:
        """Return the release record as a branch of the bare repository has it."""
        return self.git(self.bare, "show", f"{branch}:{RECORD}")

    def ours(self, branch: str = "main") -> list[str]:
        """Return the ids of the commits that fairlead made on a branch."""
        return self.git(self.bare, "log", "--format=%H", "--grep=^Promotion-Id: ", branch).splitlines()

    def commit(self, path: str, text: str, branch: str = "main", message: str = "By hand") -> None:
        """Let somebody else commit to a branch of the bare repository."""
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder)
            self.git(other, "clone", "--quiet", os.fspath(self.bare), ".")
            self.git(other, "checkout", "--quiet", "-B", branch, f"origin/{branch}" if self.has(branch) else "HEAD")
            (other / path).parent.mkdir(parents=True, exist_ok=True)
            (other / path).write_text(text, encoding="utf-8")
            self.git(other, "add", "--force", "--", path)
            self.git(other, "commit", "--quiet", "--allow-empty", f"--message={message}")
            self.git(other, "push", "--quiet", "origin", branch)

    def has(self, branch: str) -> bool:
        """Return whether the bare repository has a branch."""
        return bool(self.git(self.bare, "branch", "--list", branch).strip())


class adding:  # noqa: N801 - reads as the verb it is
    """Proposes one line more in the release record, whatever is there; counts how often it was asked."""

    def __init__(self, line: str, path: str = RECORD) -> None:
        self.line = line
        self.path = path
        self.asked = 0

    def __call__(self, clone: Clone) -> NewCommit:
        """Return the commit for the clone's state."""
        self.asked += 1
        before = (clone.root / self.path).read_bytes()
        change = Change(path=self.path, before=before, after=f"{before.decode()}{self.line}\n")
        return NewCommit(changes=(change,), subject=f"Add {self.line}")


def write_hook(path: Path, script: str) -> None:
    """Write a shell script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def left_over(home: Path) -> list[str]:
    """Return what is left in the folder for temporary files."""
    return sorted(path.name for path in home.with_name("temporary").iterdir())
