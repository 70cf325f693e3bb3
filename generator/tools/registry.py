"""Ask a registry for an image and copy images between registries, by crane or skopeo.

Both are asked for the manifest itself, and its digest is worked out here: no header is believed, and a page of a proxy
is not taken for an image. What the programs' words mean is in crane.py and skopeo.py.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Protocol

import msgspec

from generator.credentials.masking import mask
from generator.findings.errors import ToolError
from generator.tools import process
from generator.tools.ecr import ecr_region
from generator.tools.reference import host_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.tools.process import Completed

# Worth another attempt: overload, the server's own faults, and a connection that broke or was not to be had.
_TRANSIENT = re.compile(
    r"\b(?:429|5\d\d) [A-Z]|too ?many ?requests|connection (?:reset|refused)|broken pipe|\bEOF\b|i/o timeout"
    r"|TLS handshake timeout|temporary failure|server misbehaving|network is unreachable",
    re.IGNORECASE,
)
_ATTEMPTS = 2

_NO_ACCESS = re.compile(r"\b40[13]\b|unauthorized|denied|authentication required|no basic auth", re.IGNORECASE)
_NO_REPOSITORY = re.compile(r"\bname[ _]unknown\b", re.IGNORECASE)

# A proxy may answer with a whole page.
_MOST_WORDS = 400


class UnreachableError(ToolError):
    """A registry gave no clear answer: refused, silent, no access, TLS, its own fault. "No such image" is a clear one.

    Its exit code is that of every ToolError: it could not be found out.
    """


class Registry(Protocol):
    """Registries as the rest of the program sees them.

    A reference is `host/repository:tag` or `host/repository@digest`.
    """

    def digest(self, reference: str) -> str | None:
        """Return the digest of what `reference` names (of the index, where there is one); None: there is no such image.

        Raises UnreachableError when there is no clear answer.
        """

    def copy(self, source: str, target: str) -> None:
        """Copy an image with all its platforms, byte for byte; whatever `target` named before is replaced.

        Raises UnreachableError, or ToolError when a registry says clearly why it cannot be.
        """


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """How long, in seconds: for one look, for one copy, and between two attempts."""

    look: float = 60.0
    copy: float = 1800.0
    pause: float = 2.0


PATIENCE = Timeouts()


class Dialect(Protocol):
    """How to speak to one program, and what its answers mean."""

    def manifest(self, reference: str) -> list[str]:
        """Return the arguments that print an image's manifest."""

    def copy(self, source: str, target: str) -> list[str]:
        """Return the arguments that copy an image with all its platforms."""

    def words(self, stderr: str) -> str:
        """Return what went wrong, without time stamps and earlier attempts."""

    def is_missing(self, words: str) -> bool:
        """Return whether the registry answered that it has no such image or no such repository."""

    @property
    def login(self) -> str:
        """The command with which a person logs in to the host behind it."""


class Asking:
    """A Registry that asks a program."""

    def __init__(self, program: Path, dialect: Dialect, env: Mapping[str, str], patience: Timeouts) -> None:
        self._program = program
        self._dialect = dialect
        self._env = env
        self._patience = patience

    def digest(self, reference: str) -> str | None:
        """See Registry."""
        host_of(reference)
        completed = self._run(reference, self._dialect.manifest(reference), self._patience.look)
        if completed.returncode == 0:
            return _digest(completed.stdout, reference)
        words = self._dialect.words(completed.stderr)
        if self._dialect.is_missing(words):
            return None
        raise UnreachableError(self._failure(f"{reference} cannot be looked up", words, reference))

    def copy(self, source: str, target: str) -> None:
        """See Registry."""
        host_of(source)
        host_of(target)
        completed = self._run(target, self._dialect.copy(source, target), self._patience.copy)
        if completed.returncode == 0:
            return
        words = self._dialect.words(completed.stderr)
        message = f"{source} cannot be copied to {target}"
        if self._dialect.is_missing(words):
            raise ToolError(f"{message}: {_shown(words)}")
        if _NO_REPOSITORY.search(words):
            raise ToolError(f"{message}: {_shown(words)}; create the repository first (ECR makes none by itself)")
        raise UnreachableError(self._failure(message, words, source, target))

    def _run(self, reference: str, arguments: list[str], seconds: float) -> Completed:
        """Run the program, once more where that may help; a program that had to be killed is not started again."""
        from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_fixed  # 35 ms, only where one is asked

        retrying = Retrying(
            retry=retry_if_result(self._may_pass),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_fixed(self._patience.pause),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        try:
            completed: Completed = retrying(
                process.run, [str(self._program), *arguments], env=self._env, timeout=seconds
            )
        except ToolError as error:
            raise UnreachableError(f"{reference}: {error}") from error
        return completed

    def _may_pass(self, completed: Completed) -> bool:
        return completed.returncode != 0 and is_transient(self._dialect.words(completed.stderr))

    def _failure(self, message: str, words: str, *references: str) -> str:
        remedy = ""
        if _NO_ACCESS.search(words):
            hosts = sorted({host_of(reference) for reference in references})
            remedy = "".join(f"; log in: `{login_command(self._dialect.login, host)}`" for host in hosts)
        return f"{message}: {_shown(words)}{remedy}"


def is_transient(words: str) -> bool:
    """Return whether what a program said calls for another attempt."""
    return bool(_TRANSIENT.search(words))


def login_command(command: str, host: str) -> str:
    """Return what a person types to log in to `host`: by `command`, at Amazon's with a password from `aws`."""
    region = ecr_region(host)
    if region is None:
        return f"{command} {host}"
    return f"aws ecr get-login-password --region {region} | {command} --username AWS --password-stdin {host}"


def _digest(manifest: bytes, reference: str) -> str:
    """Work out the digest of a manifest, by the algorithm of the reference."""
    if not _is_manifest(manifest):
        raise UnreachableError(
            f"{reference}: the answer is no image manifest but: {_shown(manifest.decode(errors='replace'))}"
        )
    asked = reference.partition("@")[2]
    algorithm = asked.partition(":")[0] or "sha256"
    found = f"{algorithm}:{hashlib.new(algorithm, manifest).hexdigest()}"
    if asked and found != asked:
        raise UnreachableError(f"{reference}: the answer has another digest: {found}")
    return found


def _is_manifest(data: bytes) -> bool:
    try:
        value = json.loads(data)
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("schemaVersion") == 2 and ("manifests" in value or "config" in value)  # noqa: PLR2004


def _shown(words: str) -> str:
    """Return a program's words as one line without credentials, shortened where a server sent a whole page."""
    line = " ".join(mask(words).split())
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]}..."
