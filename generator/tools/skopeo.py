"""skopeo as a registry's client: its arguments, and what it says when it fails (seen with 1.9.3)."""

from __future__ import annotations

import re

from generator.tools.reference import is_loopback

# `time="..." level=fatal msg="..."`, quotes inside with a backslash.
_FATAL = re.compile(r'level=fatal msg="((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")

# `... reading manifest TAG in HOST/REPOSITORY: REASON: message`, the reason from the registry's code. Harbor's own code
# becomes `unknown`; a status without a code is `StatusCode: 404, whatever the server sent`, and that is not read.
_MISSING = re.compile(
    r"(?:(?!StatusCode).)*?reading manifest \S+ in \S+: "
    r"(?:(?:manifest|name) unknown\b|unknown: (?:artifact|repository) \S+ not found)",
    re.IGNORECASE,
)


class Skopeo:
    """Speaks to skopeo."""

    login = "skopeo login"

    def manifest(self, reference: str) -> list[str]:
        """See Dialect: without `--raw` an index that lacks this machine's platform is refused."""
        return ["inspect", "--raw", *_plain("--tls-verify", reference), "--", f"docker://{reference}"]

    def copy(self, source: str, target: str) -> list[str]:
        """See Dialect: a copy that would come to have another digest fails instead."""
        plain = [*_plain("--src-tls-verify", source), *_plain("--dest-tls-verify", target)]
        docker = [f"docker://{source}", f"docker://{target}"]
        return ["copy", "--all", "--preserve-digests", "--quiet", *plain, "--", *docker]

    def words(self, stderr: str) -> str:
        """See Dialect."""
        fatal = _FATAL.search(stderr)
        if fatal is None:
            return stderr.strip()
        return _ESCAPE.sub(lambda escape: " " if escape[1] in "nrt" else escape[1], fatal[1])

    def is_missing(self, words: str) -> bool:
        """See Dialect."""
        return bool(_MISSING.match(words))


def _plain(flag: str, reference: str) -> list[str]:
    return [f"{flag}=false"] if is_loopback(reference) else []
