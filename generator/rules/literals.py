"""Secrets in git: values that anyone who can read the repository, now or ever, can read too. None is ever shown."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from generator.credentials.tokens import may_hold_token, token_in
from generator.findings.finding import Severity
from generator.kubernetes.manifest import show
from generator.kubernetes.objects import group, kind, name
from generator.kubernetes.pods import containers, variables
from generator.kubernetes.values import mapping, text
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation
from generator.rules.secrecy import login_in, may_hold_login, promises_secret, stands_in
from generator.rules.services import is_notification_service, reference_remedy, service_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.rules.view import View

# Keys of Secrets that hold no secret: who, where, and what is public anyway.
_PLAIN = re.compile(
    "type|url|name|project|username|user|host|hostname|port|dbname|database|db|engine|region|bucket|endpoint|server"
    r"|(ca|tls)\.crt|insecure|enableLfs|enableOCI|(ssh_)?known_hosts"
)
_DOCKER = frozenset({".dockerconfigjson", ".dockercfg"})
# Kinds that hold secrets encrypted.
_SEALED = ("bitnami.com", "isindir.github.com")
# `key: value` or `key=value`, alone on a line; no comment, no code.
_LINE = re.compile(
    r"""^[ \t]*(?:-[ ]+|export[ ]+)?["']?(?P<key>[\w.-]{2,80})["']?[ \t]*[:=][ \t]*["']?
        (?P<value>[^\s"',;()\[\]]{2,200})["']?[ \t]*[,;]?[ \t]*$""",
    re.VERBOSE | re.MULTILINE | re.ASCII,
)
# The type of a field, in a schema or in code.
_TYPES = re.compile("string!?|str|text|bytes|varchar|int|integer|number|any|required|optional|object", re.IGNORECASE)
_SHORTEST = 8  # of what is a credential by its form


def _literals(manifest: Manifest, view: View) -> Iterator[Violation]:
    if group(manifest).endswith(_SEALED):
        return
    if kind(manifest) == "Secret":
        yield from _secret(manifest)
        return
    whole = view.spelled_out(manifest)  # most objects hold nothing that is worth a closer look
    close = may_hold_token(whole) or may_hold_login(whole)
    named = set()
    for path, what, key, value in _named(manifest):
        named.add(path)
        if is_notification_service(manifest, key):
            yield from _service(path, what, key, value)
        elif pattern := _by_name(key, value) or _by_line(value) or (close and _by_form(value)):
            yield _violation(path, f"{what} {pattern}")
    for path, value in _texts(manifest, ()) if close else ():
        if path not in named and (pattern := _by_form(value)):
            yield _violation(path, f"{show(path)} {pattern}")


def _secret(manifest: Manifest) -> Iterator[Violation]:
    for field in ("data", "stringData"):
        for key, value in mapping(manifest.get(field)).items():
            plain = _decoded(value) if field == "data" else value
            if not isinstance(key, str) or not isinstance(plain, str) or stands_in(plain):
                continue
            pattern = _by_form(plain) or ("" if _is_harmless(key, plain) else "is in git; base64 hides nothing")
            if pattern:
                yield _violation((field, key), f"key `{key}` of Secret `{name(manifest)}` {pattern}")


def _is_harmless(key: str, value: str) -> bool:
    return bool(_PLAIN.fullmatch(key)) or (key in _DOCKER and not re.search(r'"(auth|password)"', value))


def _decoded(value: Any) -> Any:
    """Return what base64 hides; what is none, as it is."""
    try:
        return b64decode(text(value), validate=True).decode(errors="replace")
    except ValueError:  # binascii.Error is one; text beyond ASCII raises a plain one
        return value


def _named(manifest: Manifest) -> Iterator[tuple[Path, str, str, str]]:
    """Yield path, words, name and text of every value that has a name of its own."""
    for container in containers(manifest):
        for path, variable, value in variables(container):
            if isinstance(value, str):
                words = f"environment variable `{variable}` of container `{container.name}`"
                yield (*path, "value"), words, variable, value
    if kind(manifest) == "ConfigMap":
        for key, value in mapping(manifest.get("data")).items():
            if isinstance(key, str) and isinstance(value, str):
                yield ("data", key), f"key `{key}` of ConfigMap `{name(manifest)}`", key, value


def _service(path: Path, what: str, key: str, value: str) -> Iterator[Violation]:
    """Look through a notification service, whose values are references to a Secret of Argo CD's own."""
    word = service_literal(value)
    if word:
        yield _violation(path, f"{what} has a literal `{word}`", reference_remedy(key, word))
    elif pattern := _by_form(value):
        yield _violation(path, f"{what} {pattern}", reference_remedy(key, "secret"))


def _by_name(key: str, value: str) -> str:
    word = promises_secret(key)
    clear = word and "\n" not in value.strip() and not stands_in(value)
    return f"has a literal value, and its name promises a secret ({word})" if clear else ""


def _by_form(value: str) -> str:
    found = (token_in(value) or login_in(value)) if len(value) >= _SHORTEST else ""
    return f"holds {found}" if found else ""


def _by_line(value: str) -> str:
    """Look through a file: the first line that sets something whose name promises a secret."""
    if "\n" not in value:
        return ""
    for match in _LINE.finditer(value):
        word = promises_secret(match["key"])
        if word and not stands_in(match["value"]) and not _TYPES.fullmatch(match["value"]):
            line = value.count("\n", 0, match.start("key")) + 1
            return f"sets `{match['key']}` in line {line}, and its name promises a secret ({word})"
    return ""


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text inside a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (dict, list)):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(step, (str, int)):
                yield from _texts(inner, (*path, step))


def _violation(path: Path, what: str, remedy: str = "") -> Violation:
    return Violation(path=path, message=f"{what}: whoever can read the repository can read it", remedy=remedy)


_VARIABLE = "image: web:1.4.2\nenv:\n- {name: POSTGRES_PASSWORD, %s}\n"

WRK021 = Rule(
    id="WRK021",
    title="Secret value in git",
    why="""A value in git is read by everyone who can read the repository, its clones and its backups, and taking it
out does not take it out of the history. Looked for are values in a Secret, literal values of environment variables,
ConfigMap keys and lines whose names promise a secret (`password`, `token`, `API_KEY`), and by their form: private
keys, tokens and keys of well-known publishers, AWS access key ids, URLs and connection strings with a password.
References (`$(PASSWORD)`, in a notification service of Argo CD `$slack-token`), placeholders (`user:password@`), paths
and names about a secret (`PASSWORD_MIN_LENGTH`, `TOKEN_URL`) pass. The value is never shown.""",
    remedy="name it under `secrets:` on the page, and rotate it: git keeps it",
    severity=Severity.ERROR,
    stage="object",
    check=_literals,
    bad=deployment(_VARIABLE % "value: postgres"),
    good=deployment(_VARIABLE % "valueFrom: {secretKeyRef: {name: db-credentials, key: POSTGRES_PASSWORD}}"),
)
