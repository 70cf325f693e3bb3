"""Credentials that are known by their form alone, wherever they stand.

The prefixes are those that the publishers document for secret scanning.
"""

from __future__ import annotations

import re

# What it is called -> its form, to be read with re.VERBOSE, re.DOTALL and re.ASCII.
TOKENS = {
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{16,} | \bgithub_pat_\w{20,}",
    "a GitLab token": r"\bgl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[\w.-]{16,}",
    "a Bitbucket token": r"\bAT(?:ATT|CTT|BB)[\w=-]{16,}",
    "an Azure DevOps token": r"\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b",
    "an AWS access key id": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,} | \bhooks\.slack\.com/services/T\w+/B\w+/\w{16,}",
    "a Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{16,}",
    "a Google API key": r"\bAIza[\w-]{35}(?![\w-])",
    "a SendGrid key": r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": r"\bpypi-AgE[\w-]{40,}",
    "a Docker Hub token": r"\bdckr_[op]at_[\w-]{16,}",
    "a Vault token": r"\bhv[bs]\.[\w-]{20,}",
    "a JSON Web Token": r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*",
    "a private key": r"-----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----"
    r"(?:(?!-----END).)*(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----)?",
}
# One of these stands in each of them; to look for words is ten times as fast as to look for forms.
_MARKS = (
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gloas-", "gldt-", "glrt-", "glrtr-",
    "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glwt-", "glsoat-", "glffct-", "ATATT", "ATCTT", "ATBB",
    "AZDO", "AKIA", "ASIA", "xox", "hooks.slack", "k_live_", "AIza", "SG.", "npm_", "pypi-", "dckr_", "hvs.", "hvb.",
    "eyJ", "PRIVATE",
)  # fmt: skip
_FLAGS = re.VERBOSE | re.DOTALL | re.ASCII
_ANY = re.compile("|".join(TOKENS.values()), _FLAGS)
# AWS's own documentation ends its sample keys so.
_SAMPLE = "EXAMPLE"


def may_hold_token(text: str) -> bool:
    """Return quickly whether it is worth looking for a token in a text."""
    return any(map(text.__contains__, _MARKS))


def token_in(text: str) -> str:
    """Return what stands in a text that is a credential by its form (`a GitHub token`), nothing if nothing does."""
    if not may_hold_token(text):
        return ""
    found = next((match[0] for match in _ANY.finditer(text) if not match[0].endswith(_SAMPLE)), None)
    if found is None:
        return ""
    return next(what for what, form in TOKENS.items() if re.match(form, found, _FLAGS))
