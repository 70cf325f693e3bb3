"""Which names promise a secret, which values only stand for one, and which are one by their form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.credentials.tokens import TOKENS, token_in
from generator.rules.catalogue import BY_ID
from generator.rules.runner import violations
from generator.rules.secrecy import login_in, promises_secret, stands_in
from generator.rules.view import View

ZEROS = "0" * 90
SAMPLES = {
    "a GitHub token": f"ghp_{ZEROS[:36]}",
    "a GitLab token": f"glpat-{ZEROS[:20]}",
    "a Bitbucket token": f"ATBB{ZEROS[:32]}",
    "an Azure DevOps token": f"{ZEROS[:76]}AZDO0000",
    "an AWS access key id": f"AKIA{ZEROS[:16]}",
    "a Slack token": f"xoxb-{ZEROS[:12]}",
    "a Stripe key": f"sk_live_{ZEROS[:24]}",
    "a Google API key": f"AIza{ZEROS[:35]}",
    "a SendGrid key": f"SG.{ZEROS[:22]}.{ZEROS[:43]}",
    "an npm token": f"npm_{ZEROS[:36]}",
    "a PyPI token": f"pypi-AgE{ZEROS[:60]}",
    "a Docker Hub token": f"dckr_pat_{ZEROS[:27]}",
    "a Vault token": f"hvs.{ZEROS[:24]}",
    "a JSON Web Token": f"eyJ{ZEROS[:20]}.{ZEROS[:20]}.{ZEROS[:20]}",
    "a private key": f"-----BEGIN PRIVATE KEY-----\n{ZEROS[:64]}\n-----END PRIVATE KEY-----",
}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("POSTGRES_PASSWORD", "password"),
        ("spring.datasource.password", "password"),
        ("clientSecret", "secret"),
        ("stripeApiKey", "api key"),
        ("AWS_SECRET_ACCESS_KEY", "access key"),
        ("SECRET_KEY_BASE", "secret key"),
        ("DB_PASS2", "pass"),
        ("PASSWORD_PROD", "password"),
        ("token", "token"),
    ],
)
def test_names_that_promise_a_secret(name: str, word: str) -> None:
    """The word is what the finding shows."""
    assert promises_secret(name) == word


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD_MIN_LENGTH", "TOKEN_URL", "SECRET_NAME", "API_KEY_HEADER", "TOKEN_TTL", "MAX_TOKEN", "BYPASS",
        "COMPASS", "IMAGE_PULL_SECRET", "PRIVATE_KEY_FILE", "NEXT_PUBLIC_API_KEY", "PRIMARY_KEY", "KEY", "SECRETS_DIR",
        "", "_", "1",
    ],
)  # fmt: skip
def test_names_about_a_secret(name: str) -> None:
    """Where it is, how long, of what kind; or nothing to do with one."""
    assert promises_secret(name) == ""


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "$(PASSWORD)", "${PASSWORD}", "<password>", "{{ .password }}", "{password}", "%s", "***", "xxxx",
        "true", "/run/secrets/password", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x", "https://example.com/login",
    ],
)  # fmt: skip
def test_values_that_only_stand_for_one(value: str) -> None:
    """They are filled in later, or say where to look."""
    assert stands_in(value)


@pytest.mark.parametrize("value", ["postgres", "changeme", "12345678", "$argon2id$v=19", "https://one:two@example.com"])
def test_values_that_are_one(value: str) -> None:
    """However weak."""
    assert not stands_in(value)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://user:password@host:5432/db", "postgresql://app:$(PASSWORD)@host/db", "amqp://guest@localhost:5672/",
        "docker://nginx:1.27@sha256:0000", "https://example.com:8080/a@b", "postgres://{user}:{password}@host",
        "see https://example.com/password=reset",
    ],
)  # fmt: skip
def test_addresses_without_a_password(text: str) -> None:
    """Placeholders, references, users alone, and signs that mean something else."""
    assert login_in(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "postgres://app:postgres@db/shop",
        "redis://:s3cr3t@cache",
        "Server=db;User Id=sa;Password=s3cr3t",
        "jdbc:postgresql://db/shop?user=a&password=b",
        "--password=s3cr3t",
        "one://a:$(B)@c two://a:b@c",
    ],
)
def test_addresses_with_a_password(text: str) -> None:
    """In the login, or in a field."""
    assert login_in(text)


@pytest.mark.parametrize("what", TOKENS)
def test_every_form_is_known(what: str) -> None:
    """By itself, and inside a longer text."""
    assert token_in(SAMPLES[what]) == token_in(f"key={SAMPLES[what]} # and more") == what


@pytest.mark.parametrize(
    "prefix",
    [
        *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "ATATT", "ATCTT", "ATBB", "ASIA", "rk_live_", "hvb."),
        *("glpat-", "gloas-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-"),
        *("glwt-", "glsoat-", "glffct-"),
    ],
)
def test_every_prefix_is_looked_for(prefix: str) -> None:
    """The quick look lets none of them pass by."""
    assert token_in(f"{prefix}{ZEROS[:16] if prefix == 'ASIA' else ZEROS[:40]}")


def test_the_sample_key_of_the_documentation_is_none() -> None:
    """AWS shows it on every other page."""
    assert token_in("AKIAIOSFODNN7EXAMPLE") == ""


@given(st.text(st.characters(codec="ascii", exclude_characters="\n"), min_size=12, max_size=40))
def test_what_is_found_is_never_shown(value: str) -> None:
    """Whatever stands under a telling name, in a Secret or in a file, no finding repeats it."""
    container = {"name": "web", "env": [{"name": "DB_PASSWORD", "value": value}], "args": [f"--password={value}"]}
    objects = (
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [container]}},
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}, "stringData": {"key": value}},
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "web"},
            "data": {"file": f"a=b\ntoken={value}\n"},
        },
    )
    view = View(objects=objects, environment="prod", production=True, service="web")
    found = [f"{one.message} {one.remedy}" for _, _, one in violations(view, [BY_ID["WRK021"]])]
    assert not [line for line in found if value in line]
