"""What git's words mean when it fails at a remote: try again, never try again, or unknown.

The wordings are those of git itself, ssh, curl, GitHub, GitLab, Gitea, Bitbucket and Azure DevOps in English. What a
server's hook prints never decides while git says itself what became of the ref: a hook may print anything.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, ClassVar

from generator.findings.errors import FairleadError
from generator.findings.text import escape_line, quote_words

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(enum.StrEnum):
    """What a failure calls for: a race and a fault of the network are worth another attempt, nothing else is."""

    RACE = "race"
    TRANSIENT = "transient"
    POLICY = "policy"
    ACCESS = "access"
    UNKNOWN = "unknown"


RETRIED = frozenset({Kind.RACE, Kind.TRANSIENT})

# ` ! [remote rejected] HEAD -> main (pre-receive hook declined)`, with tabs and a colon under --porcelain.
_VERDICT = re.compile(r" ?!\s.*?\[(?:remote )?(?:rejected|failure)\][^(]*\((?P<reason>.*)\)")
_SERVER = "remote:"

# What a server says about itself: it makes the hook decline that it could not ask its own API from.
_OWN_FAULT = r"(GitLab|Gitea|Forgejo): (Internal (API|Server) (error|unreachable)|API is not accessible)"
_BUSY = r"Too Many Requests|rate limit|Internal Server Error|fatal error in commit_refs|remote failed to report status"

# A branch is a folder of another one's name, or the other way round.
_IN_THE_WAY = r"exists; cannot create|(refname|(directory|folder).file) conflict"

# What stands before the cause in a line of git's, and how much of one fits into a line.
_PREFIX = re.compile(
    r"((fatal|error|ssh|remote|(send|fetch)-pack|unable to access '[^']*'|RPC failed)[:;] +|(HTTP \d+ )?curl \d+ +)*",
    re.IGNORECASE,
)
_CAUSE = 120

Words = tuple[tuple[Kind, str], ...]

# In each table the first line that fits decides.
_REASONS: Words = (
    (Kind.UNKNOWN, _IN_THE_WAY),
    (Kind.RACE, r"non-fast-forward|fetch first|stale info|remote ref updated since|cannot lock ref|failed to lock"),
    (Kind.RACE, r"incorrect old value provided|reference (already exists|does not exist)|failed to update ref"),
    (Kind.RACE, r"already been updated by another client"),
    (Kind.TRANSIENT, _BUSY),
    (Kind.POLICY, r"declined|denied|deny|refus|not allowed|not permitted|prohibited|protected|permission|TF40\d{4}"),
    (Kind.POLICY, r"checked out|locked|closed"),
)  # fmt: skip
_OWN: Words = (
    (Kind.POLICY, r"ref updates aborted by hook"),
    (Kind.ACCESS, r"returned error: 40[1347]|HTTP 40[1347]|Authentication failed|Access denied|HTTP Basic"),
    (Kind.TRANSIENT, r"returned error: (408|429|5\d\d)|HTTP (408|429|5\d\d)"),
    (Kind.UNKNOWN, r"returned error: 4\d\d|HTTP 4\d\d"),
    (Kind.ACCESS, r"could not read (Username|Password)|terminal prompts disabled|Invalid (user|password|credential)"),
    (Kind.ACCESS, r"Permission denied|Host key verification failed|Too many authentication failures"),
    (Kind.ACCESS, r"Repository not found|repository '.*' (not found|does not exist)|could not be found"),
    (Kind.ACCESS, r"does not appear to be a git repository|not a git repository|dubious ownership"),
    (Kind.ACCESS, r"certificate verif|certificate problem|unable to get local issuer"),
    (Kind.TRANSIENT, r"no answer after|Connection (reset|refused|timed out|closed|was reset|died|to .* closed)"),
    (Kind.TRANSIENT, r"early EOF|unexpected disconnect|hung up|Operation too slow|timed out|Empty reply from server"),
    (Kind.TRANSIENT, r"transfer closed|RPC failed|not closed cleanly|TLS connection|SSL_|unexpected eof|gnutls|GnuTLS"),
    (Kind.TRANSIENT, r"Failed to connect|Couldn't connect|Could not resolve|Broken pipe|Network is unreachable"),
    (Kind.TRANSIENT, r"No route to host|Temporary failure|exchange_identification|banner exchange|not our ref"),
    (Kind.TRANSIENT, r"bad line length|protocol error|invalid server response|expected flush"),
    (Kind.ACCESS, r"access rights"),
)  # fmt: skip
_SAID: Words = (
    (Kind.TRANSIENT, f"{_OWN_FAULT}|{_BUSY}"),
    (Kind.POLICY, r"GH006|GH013|protected branch|push declined|TF402455"),
    (Kind.ACCESS, r"not found|denied|Unauthorized|Forbidden|permission"),
)  # fmt: skip

# What the server's words can make of a reason: one that is no race will be the same in the next attempt.
_BEHIND: dict[Kind, Words] = {
    Kind.POLICY: ((Kind.TRANSIENT, _OWN_FAULT),),
    Kind.RACE: ((Kind.UNKNOWN, rf"{_IN_THE_WAY}|Unable to create '.*': (?!File exists)"),),
}

_MEANING = {
    Kind.RACE: "another writer was faster",
    Kind.TRANSIENT: "the remote cannot be reached or fails",
    Kind.POLICY: "the remote refuses this by its own rules; what would be pushed is sound, its policy is not met",
    Kind.ACCESS: "no access: check the address, the credentials and their rights",
    Kind.UNKNOWN: "git fails in a way that fairlead does not know, so it does not try again",
}
_EXIT = {Kind.RACE: 4, Kind.POLICY: 5}
_ENVIRONMENT = 3


class RemoteError(FairleadError):
    """git failed at a remote: exit 4 for a race, 5 for a refusal by policy, 3 for all that could not be found out.

    `words` are git's own, already without credentials.
    """

    exit_code: ClassVar[int] = _ENVIRONMENT

    def __init__(self, step: str, kind: Kind, words: str) -> None:
        super().__init__(f"git {step}: {_MEANING[kind]}", *(quote_words(words) or ["  (git said nothing)"]))
        self.step = step
        self.kind = kind
        self.words = words
        self.exit_code = _EXIT.get(kind, _ENVIRONMENT)  # type: ignore[misc]  # an error of one class, several meanings

    @property
    def cause(self) -> str:
        """What went wrong in a few words on one line: `could not resolve host: git.example.com`."""
        return "somebody pushed first" if self.kind is Kind.RACE else _cause(self.words) or _MEANING[self.kind]


class RefusedError(FairleadError):
    """A rule on this side refuses, before anything was pushed (exit 5)."""

    exit_code = 5


def kind_of(words: str) -> Kind:
    """Return what a failing git meant by `words`, all that it printed on both streams.

    What became of the ref says most; then the words of git, curl and ssh; what the server's side printed says least.
    """
    lines = [line.rstrip("\r") for line in words.split("\n")]
    said = [line for line in lines if line.startswith(_SERVER)]
    verdicts = [match["reason"] for line in lines if (match := _VERDICT.match(line))]
    if verdicts:
        return _verdict(verdicts, said)
    own = _first(_OWN, (line for line in lines if not line.startswith(_SERVER)))
    if own is Kind.ACCESS and _first(((Kind.TRANSIENT, r"rate limit"),), said):  # GitHub's 403 for too many requests
        return Kind.TRANSIENT
    return own or _first(_SAID, said) or Kind.UNKNOWN


def _verdict(reasons: Iterable[str], said: Iterable[str]) -> Kind:
    kind = _first(_REASONS, reasons) or Kind.UNKNOWN
    return _first(_BEHIND.get(kind, ()), said) or kind


def is_in_the_way(words: str) -> bool:
    """Return whether a ref was refused because of another one whose name begins or goes on like its own."""
    return re.search(_IN_THE_WAY, words, re.IGNORECASE) is not None


def _cause(words: str) -> str:
    """Return the first line that tells of a fault of the network, without what git puts before it."""
    lines = words.split("\n")
    verdicts = (match["reason"] for match in map(_VERDICT.match, lines) if match)
    own = sorted(lines, key=lambda line: line.startswith(_SERVER))
    told = next((line for line in (*verdicts, *own) if _is_transient(line)), "")
    line = escape_line(_PREFIX.sub("", " ".join(told.split()), count=1).rstrip("."))[:_CAUSE]
    return line[:1].lower() + line[1:] if line.partition(" ")[0][1:].islower() else line


def _is_transient(line: str) -> bool:
    return any(_first(table, [line]) is Kind.TRANSIENT for table in (_OWN, _SAID))


def _first(table: Words, lines: Iterable[str]) -> Kind | None:
    """Return the first kind of a table of which a line speaks."""
    text = "\n".join(lines)
    return next((kind for kind, pattern in table if re.search(pattern, text, re.IGNORECASE)), None)
