"""How Kubernetes spells: the patterns and limits of names, one value each.

https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

_LABEL_PART = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?", re.ASCII)
_QUALIFIED_RULE = "letters, digits, `-`, `_` and `.` with a letter or digit at both ends"


class Spelling(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of name is spelt.

    `standard` is what it is called, `rule` says the `pattern` in words, `limit` counts characters, and
    `effect` is what becomes of an object that breaks it.
    """

    standard: str
    pattern: str
    rule: str
    limit: int
    effect: str = "the API server refuses the object"

    def fault(self, name: str) -> str:
        """Return what is wrong with a name, nothing if nothing is."""
        return _fault(self, name)

    def remedy(self, name: str) -> str:
        """Return the nearest right spelling, or the rule where there is none."""
        guess = re.sub(r"[^a-z0-9]+", "-", name.lower())[: self.limit].strip("-")
        fits = guess and guess != name and self is not ENVIRONMENT and not _fault(self, guess)
        return f"e.g. `{guess}`" if fits else f"{self.rule}, at most {self.limit} characters"


@lru_cache(maxsize=16384)
def _fault(spelling: Spelling, name: str) -> str:
    if len(name) > spelling.limit:
        return f"has {len(name)} characters; the limit of {spelling.standard} is {spelling.limit}"
    if re.fullmatch(spelling.pattern, name, re.ASCII):
        return ""
    return f"is not {spelling.standard}: {spelling.rule}"


LABEL = Spelling(
    standard="an RFC 1123 label",
    pattern=_LABEL_PART,
    rule="lower-case letters, digits and `-`, no `-` at the ends",
    limit=63,
)
SUBDOMAIN = Spelling(
    standard="an RFC 1123 subdomain",
    pattern=rf"{_LABEL_PART}(\.{_LABEL_PART})*",
    rule="lower-case letters, digits, `-` and `.`",
    limit=253,
)
SERVICE_NAME = Spelling(
    standard="an RFC 1035 label",
    pattern="[a-z]([-a-z0-9]*[a-z0-9])?",
    rule="a letter first, then lower-case letters, digits and `-`",
    limit=63,
)
PORT_NAME = Spelling(
    standard="an IANA service name",
    pattern=r"(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?",
    rule="lower-case letters, digits and single `-`, at least one letter",
    limit=15,
)
PATH_SEGMENT = Spelling(standard="a path segment", pattern=r"(?!\.{1,2}$)[^/%]+", rule="no `/` and no `%`", limit=253)
KEY = Spelling(
    standard="a ConfigMap key",
    pattern=r"(?!\.$|\.\.)[-._a-zA-Z0-9]+",
    rule="letters, digits, `-`, `_` and `.`",
    limit=253,
)
# Since Kubernetes 1.34 any printable ASCII but `=`: https://www.kubernetes.dev/resources/keps/4369/
ENVIRONMENT = Spelling(
    standard="an environment variable name",
    pattern=r"[ -<>-~]+",
    rule="printable ASCII without `=`",
    limit=1024,
)
# Its Jobs are called `<name>-<minute>`: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
CRON_JOB = msgspec.structs.replace(SUBDOMAIN, standard="a CronJob's name", limit=52)
# Its pods carry its name as a label.
JOB = msgspec.structs.replace(SUBDOMAIN, standard="a Job's name", limit=63)
# Its pods carry `<name>-<hash>` as a label: https://github.com/kubernetes/kubernetes/issues/64023
STATEFUL_SET = msgspec.structs.replace(
    SUBDOMAIN, standard="a StatefulSet's name", limit=52, effect="its pods are never made"
)


def fault_of_key(key: Any) -> str:
    """Return what is wrong with the key of a label or annotation: `[prefix/]name`."""
    return _fault_of_key(key) if isinstance(key, str) else "the key is not text; quote it"


@lru_cache(maxsize=16384)
def _fault_of_key(key: str) -> str:
    prefix, slash, name = key.rpartition("/")
    if slash and SUBDOMAIN.fault(prefix):
        return f"the prefix {SUBDOMAIN.fault(prefix)}"
    if len(name) > LABEL.limit:
        return f"the key has {len(name)} characters after its prefix; the limit is {LABEL.limit}"
    return "" if _QUALIFIED.fullmatch(name) else f"the key is not {_QUALIFIED_RULE}"


def fault_of_value(value: Any) -> str:
    """Return what is wrong with the value of a label; what is no text is WRK003's to report."""
    if not isinstance(value, str) or not value:
        return ""
    if len(value) > LABEL.limit:
        return f"the value has {len(value)} characters; the limit is {LABEL.limit}"
    return "" if _QUALIFIED.fullmatch(value) else f"the value `{value}` is not {_QUALIFIED_RULE}"
