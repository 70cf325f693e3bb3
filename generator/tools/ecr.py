"""Amazon's registries: which region a host is in, and a password for it, which `aws` or Amazon's own helper gives.

Only these two programs are handed the AWS_* variables; what they answer never stands on a command line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.credentials.masking import mask
from generator.findings.errors import ToolError
from generator.tools import process

if TYPE_CHECKING:
    from collections.abc import Mapping

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html: <account>.dkr.ecr.<region>.amazonaws.com
_HOST = re.compile(r"\d{12}\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?", re.ASCII)

# The name that `docker` and the others know Amazon's helper by: docker-credential-ecr-login.
HELPER = "ecr-login"

# A login over the network, and the start of `aws` on a cold machine.
_SECONDS = 60.0


class Credential(msgspec.Struct, frozen=True):
    """A user and a password; `repr` does not show it."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Credential(***)"


class _EcrAnswer(msgspec.Struct, frozen=True, rename="pascal"):
    """What a credential helper prints: https://github.com/docker/docker-credential-helpers."""

    username: str
    secret: str


def ecr_region(host: str) -> str | None:
    """Return the region of an ECR host; None for any other host, also for one that only begins like it."""
    match = _HOST.fullmatch(host)
    return match["region"] if match else None


def password(aws: str, region: str, env: Mapping[str, str]) -> Credential:
    """Ask `aws` for a password, which opens every registry of the region that the caller may use, for 12 hours.

    Raises ToolError with its own words when it gives none.
    """
    argv = [aws, "ecr", "get-login-password", "--region", region]
    completed = process.run(argv, env=env, timeout=_SECONDS)
    answer = completed.stdout.decode(errors="replace").strip()
    if completed.returncode != 0 or not answer:
        words = " ".join(mask(completed.stderr).split()) or "it printed no password"
        raise ToolError(f"aws ecr get-login-password --region {region}: {words}")
    return Credential("AWS", answer)


def ask_helper(program: str, host: str, env: Mapping[str, str]) -> Credential:
    """Ask Amazon's credential helper for the login of `host`; raises ToolError with its own words.

    When a helper fails, its reason is on its standard output.
    """
    completed = process.run([program, "get"], stdin=host.encode(), env=env, timeout=_SECONDS)
    try:
        answer = msgspec.json.decode(completed.stdout, type=_EcrAnswer)
    except msgspec.DecodeError as error:
        said = completed.stdout.decode(errors="replace") if completed.returncode else "no login in its answer"
        raise ToolError(f"docker-credential-{HELPER} get: {' '.join(mask(said + completed.stderr).split())}") from error
    return Credential(answer.username, answer.secret)
