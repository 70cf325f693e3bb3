"""Who commits: asked of git before any work is done, so that nobody waits for a commit that cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from generator.repo.git import Git

_BOTH = ("COMMITTER", "AUTHOR")
_REMEDY = 'run `git config --global user.name "Your Name"` and `git config --global user.email you@example.com`'


def require_identity(git: Git) -> None:
    """Raise ToolError unless git knows who commits, or may guess it: then it commits with the guess."""
    for role in _BOTH:
        identity(git, role)


def identity(git: Git, role: str) -> str:
    """Return the AUTHOR or COMMITTER as `Name <address>`; raises ToolError, in one line, when git does not know."""
    answer = git.run("var", f"GIT_{role}_IDENT")
    if answer.code:
        missing = "address" if "email" in _reason(answer.stderr) else "name"
        raise ToolError(f"git does not know who commits: it has no {missing} for the {role.lower()}; {_REMEDY}")
    return answer.text.rsplit(" ", 2)[0]  # behind it are time and zone


def _reason(words: str) -> str:
    """Return the line in which git says what it lacks: before it stand ten of advice."""
    return next((line for line in words.splitlines() if line.startswith("fatal:")), "")
