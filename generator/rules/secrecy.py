"""Secrets in text: which names promise one, which values only stand for one, and what may be shown.

A finding is printed in CI logs, so a value that may be a secret stays unsaid.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SECRET = re.compile(
    r"pass|pwd|secret|token|credential|private|api_?key|auth|session|salt|signature|certificate|dsn|connection|url|uri",
    re.IGNORECASE,
)

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_LONE = re.compile("password|passwd|passphrase|pwd|pass|pat|secret|token|credentials?|apikey|secretkey")
_KEYS = re.compile(
    "access|account|api|auth|deploy|encryption|hmac|jwt|master|private|secret|shared|signing|ssh|storage"
)
# What may stand behind such a word without making it a word about the secret (`PASSWORD_MIN_LENGTH`, `TOKEN_URL`).
_TAILS = re.compile(
    "prod|production|stage|staging|dev|development|test|qa|local|base|main|primary|secondary|default"
    "|old|new|current|previous|value|string|plain|text|v|key|[0-9]+"
)
# What before it makes it something else's name: a Secret of Kubernetes, a quantity or mark of text, what is public.
_FOREIGN = re.compile("pull|tls|kubernetes|k8s|max|min|num|stop|pad|eos|bos|unk|public|publishable")

_REFERENCE = re.compile(
    r"""\$\(?\w+\)?$ | .*(?:\$\(\w+\)|\$\{[^}]*\}|\{\{.*\}\}) | <.*>$ | \{[\w.]*\}$ | %s$ | %\(\w+\)s$  # filled in
      | [*xX.#_-]+$                                                                          # blacked out
      | (?:/[\w.-]+){2,}$                                                                    # where a file is
      | arn:aws | (?i:true|false|yes|no|on|off|none|null|nil|enabled|disabled|[01])$
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_URL_LOGIN = re.compile(
    r"[a-z][a-z0-9+.-]*://(?P<user>[^\s/?#\"'<>@:]*):(?P<password>[^\s/\"'<>@]+)@(?!sha\d+:)", re.IGNORECASE | re.ASCII
)
_FIELD_LOGIN = re.compile(
    r"(?:^|[?&;\s])-{0,2}(?:password|passwd|pwd|access_token|client_secret|api_?key)\s*=\s*(?P<password>[^&;\s\"']+)",
    re.IGNORECASE,
)
_FIELDS = ("password", "passwd", "pwd", "access_token", "client_secret", "api_key", "apikey")
_SAMPLE_USERS = frozenset({"user", "username"})
_SAMPLE_PASSWORDS = frozenset({"password", "passwd", "pass", "pwd", "secret"})


def may_be_secret(name: str) -> bool:
    """Return whether a variable or key of this name may hold a secret; a URL may hold a password."""
    return bool(_SECRET.search(name))


@lru_cache(maxsize=16384)
def promises_secret(name: str) -> str:
    """Return the word by which a variable or key promises a secret itself (`password`), nothing if it does not.

    Names that say where a secret is, how long or of what kind promise none.
    """
    words = [word.lower() for word in _WORDS.findall(name)]
    for last in range(len(words) - 1, -1, -1):
        word, before = words[last], words[:last]
        pair = word == "key" and bool(before) and bool(_KEYS.fullmatch(before[-1]))
        if pair or _LONE.fullmatch(word):
            foreign = any(_FOREIGN.fullmatch(each) for each in before)
            return "" if foreign else f"{before[-1]} key" if pair else word
        if not _TAILS.fullmatch(word):
            return ""
    return ""


def stands_in(value: str) -> bool:
    """Return whether a value is none itself: empty, a reference, a placeholder, a path, a yes or no, an address."""
    value = value.strip()
    return not value or bool(_REFERENCE.match(value)) or ("://" in value and not login_in(value))


def may_hold_login(text: str) -> bool:
    """Return quickly whether it is worth looking for a password in a text."""
    if "://" in text and "@" in text:
        return True
    return "=" in text and any(map(text.lower().__contains__, _FIELDS))


def login_in(text: str) -> str:
    """Return what in a text holds a password in clear (`a URL with a password`), nothing if nothing does."""
    if not may_hold_login(text):
        return ""
    for match in _URL_LOGIN.finditer(text):
        sample = match["user"].lower() in _SAMPLE_USERS and match["password"].lower() in _SAMPLE_PASSWORDS
        if not sample and not stands_in(match["password"]):
            return "a URL with a password"
    fields = () if "\n" in text else (match["password"] for match in _FIELD_LOGIN.finditer(text))
    return "a password in clear" if any(not stands_in(each) for each in fields) else ""
