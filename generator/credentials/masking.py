"""Keep credentials out of everything that is shown: a child's words can hold what it was given to log in with."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from generator.credentials.tokens import TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MASKED = "***"

# A shorter value is more likely a word of the text than a secret; one that is known to be a secret may be shorter.
_SHORTEST = 6
_SHORTEST_KNOWN = 4
# A line of a secret of several lines (a private key), which may be shown without the others.
_SHORTEST_LINE = 16
# Tokens are longer than people's names: the shortest in use have 20 characters.
_TOKEN_LENGTH = 20

_SECRET_NAME = re.compile(
    r"TOKEN|PASSW|PASSPHRASE|SECRET|CREDENTIAL|AUTHORIZATION|(API|ACCESS|PRIVATE|DEPLOY|SSH|SIGNING|ENCRYPTION)_?KEY"
    r"|(^|_)(PASS|PAT)$|_PWD$",
    re.IGNORECASE,
)
# Such a variable says where a secret is, or what kind.
_ABOUT_A_SECRET = re.compile(r"_(FILE|PATH|DIR|NAME|URL|URI|HELPER|TYPE|TTL)$", re.IGNORECASE)
_SECRET_KEY = re.compile(r"(token|passw(or)?d|pass|secret)$", re.IGNORECASE)
_SECRET_HEADER = re.compile(r"AUTH|TOKEN|SECRET|KEY|COOKIE", re.IGNORECASE)
# `user:pass/word@host`: what stands behind the colon is no port.
_BROKEN = re.compile(r"[^:/@\[]+:(?!\d*[/?#])[^@]*@")
_NUMBER = re.compile(r"\d{1,9}")

# What is a credential by its form alone.
_FORMS = re.compile(
    rf"""(?P<lead>(?i:[a-z][a-z0-9+.-]*)://)(?P<user>[^/\s"'<>]*)@(?!sha\d+:)    # scheme://user:password@host
      | (?P<header>(?i:authorization|(?:private|job|deploy)-token)["']?\s*[:=]\s*["']?)
        (?i:(?:basic|bearer|token|negotiate)\s+)?[^\s"']+
      | (?P<basic>\b(?i:basic)\s+)(?P<login>[A-Za-z0-9+/]{{8,}}={{0,2}})
      | (?P<bearer>\b(?i:bearer)\s+)(?=\S*\d)[A-Za-z0-9+/=_.~-]{{16,}}
      | (?P<field>(?i:(?:[?&](?:access_|private_|job_)?token|\bpassword|\boauth_refresh_token)=))[^&\s"']+
      | {" | ".join(TOKENS.values())}
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def mask(text: str, known: Iterable[str] = ()) -> str:
    """Return `text` with every credential in it replaced by stars.

    A credential is what has the form of one, each of `known`, and the value of any environment variable whose name says
    that it is secret.
    """
    if not text:
        return text
    secrets = {part for each in known for part in _parts(each, _SHORTEST_KNOWN)}
    secrets |= {part for each in _environment_secrets(os.environ) for part in _parts(each, _SHORTEST)}
    for secret in sorted(secrets, key=lambda each: (-len(each), each)):
        text = text.replace(secret, MASKED)
    return _FORMS.sub(_masked, text)


def _parts(secret: str, shortest: int) -> Iterator[str]:
    """Yield what must not be shown of a secret: itself, also in an address, and its lines."""
    from urllib.parse import quote  # 5 ms, for a text that is masked

    secret = secret.strip()
    if len(secret) >= shortest:
        yield from (secret, quote(secret, safe=""))
        yield from (line.strip() for line in secret.splitlines() if len(line.strip()) >= _SHORTEST_LINE)


def _masked(match: re.Match[str]) -> str:
    if match["lead"]:
        shown = match["user"] if _is_only_a_name(match["lead"], match["user"]) else MASKED
        return f"{match['lead']}{shown}@"
    if match["login"] and not _is_login(match["login"]):
        return match[0]
    return f"{match['header'] or match['basic'] or match['bearer'] or match['field'] or ''}{MASKED}"


def _is_only_a_name(scheme: str, user: str) -> bool:
    """Return whether what stands before an @ is `git` of `ssh://git@host`: over ssh nobody logs in by name alone."""
    return scheme.lower() in {"ssh://", "git+ssh://", "ssh+git://"} and ":" not in user


def _is_login(text: str) -> bool:
    """Return whether a word behind `Basic` is a user and a password in base64: there is basic authentication, too."""
    return ":" in _decoded(text)


def _decoded(text: str) -> str:
    from base64 import b64decode  # 5 ms, for a text that is masked
    from binascii import Error

    try:
        return b64decode(text, validate=True).decode(errors="replace")
    except Error:
        return ""


def _environment_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the values of variables that are secret by their names, and the passwords in those that are addresses."""
    for name, value in environ.items():
        yield from secrets_in_address(value)
        if _SECRET_NAME.search(name) and not _ABOUT_A_SECRET.search(name) and not _NUMBER.fullmatch(value):
            yield value


def secrets_in_address(address: str) -> Iterator[str]:
    """Yield what an address holds to log in with, as it stands there and as a server reads it."""
    from urllib.parse import unquote  # 5 ms, for a run that goes to a remote

    login = _login_of(address)
    user, colon, password = login.partition(":")
    found = [password] if password else []
    if _is_token(user) or (not colon and any(char.isdigit() for char in user)):  # `alice@` is a name, no secret
        found.append(user)
    for each in found:
        yield from (each, unquote(each))
    if found:
        yield _encoded(f"{unquote(user)}:{unquote(password)}")


def secrets_in_header(header: str) -> Iterator[str]:
    """Yield what an HTTP header (`Name: value`) holds to log in with, as it stands there and as a server reads it."""
    name, _, value = header.partition(":")
    if not _SECRET_HEADER.search(name):
        return
    scheme, _, credential = value.strip().rpartition(" ")
    yield credential
    if scheme.lower() == "basic":
        user, _, password = _decoded(credential).partition(":")
        yield from (each for each in (password, user if _is_token(user) else "") if each)


def secrets_in_setting(key: str, value: str) -> Iterator[str]:
    """Yield what one setting of git's configuration holds to log in with; an address may be in its key."""
    yield from secrets_in_address(value)
    yield from secrets_in_address(key.partition(".")[2])
    if key.endswith(".extraheader"):
        yield from secrets_in_header(value)
    elif _SECRET_KEY.search(key):
        yield value


def secrets_in_answer(answer: str) -> Iterator[str]:
    """Yield what a credential helper answered, as `git credential fill` prints it."""
    fields = dict(line.partition("=")[::2] for line in answer.splitlines())
    yield from (fields[name] for name in ("password", "credential", "oauth_refresh_token") if name in fields)
    yield _encoded(f"{fields.get('username', '')}:{fields.get('password', '')}")


def without_login(address: str) -> tuple[str, str | None]:
    """Take the login out of an http address; give the rest, and the HTTP header that logs in (None: there was none).

    git hands addresses on as arguments of its children, which everybody on the machine can read. A mere user name
    stays: the user's credential helper is asked for it.
    """
    from urllib.parse import unquote  # 5 ms, for a run that goes to a remote

    login = _login_of(address)
    scheme = _scheme(address)
    if not scheme.startswith("http") or not (":" in login or _is_token(login)):
        return address, None
    user, _, password = login.partition(":")
    return scheme + address[len(scheme) + len(login) + 1 :], basic(unquote(user), unquote(password))


def basic(user: str, password: str) -> str:
    """Return the HTTP header that logs a user in."""
    return f"Authorization: Basic {_encoded(f'{user}:{password}')}"


def _encoded(text: str) -> str:
    from base64 import b64encode  # 5 ms, for a run that goes to a remote

    return b64encode(text.encode(errors="surrogateescape")).decode()


def _scheme(address: str) -> str:
    return address[: address.find("://") + 3].lower() if "://" in address else ""


def _login_of(address: str) -> str:
    """Return what stands between `://` and the last @ of the host, or the last @ at all where the host is broken."""
    rest = address[len(_scheme(address)) :] if "://" in address else ""
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" not in host and _BROKEN.match(rest):
        host = rest
    return host.rpartition("@")[0]


def _is_token(user: str) -> bool:
    """Return whether a user's name is in truth a token: long, with a digit in it."""
    return len(user) >= _TOKEN_LENGTH and any(char.isdigit() for char in user)
