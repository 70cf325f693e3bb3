"""Nothing that logs in is shown, and nothing else is hidden."""

from __future__ import annotations

import base64
import json
import os
from typing import TYPE_CHECKING
from unittest import mock
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.cli import run
from generator.credentials.masking import (
    basic,
    mask,
    secrets_in_address,
    secrets_in_answer,
    secrets_in_header,
    secrets_in_setting,
    without_login,
)
from generator.findings.errors import InputError
from generator.findings.finding import Finding, Place, Severity

if TYPE_CHECKING:
    from generator.cli.command_group import Spoken

# Of the length and the alphabet that the real ones have; none of them opens anything.
_RANDOM = "0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T"
TOKENS = {
    "GitHub": f"ghp_{_RANDOM[:36]}",
    "GitHub, of an app": f"ghs_{_RANDOM[:36]}",
    "GitHub, fine-grained": f"github_pat_{_RANDOM}_{_RANDOM}",
    "GitLab": f"glpat-{_RANDOM[:20]}",
    "GitLab, of a job": f"glcbt-64_{_RANDOM[:20]}",
    "GitLab, routable": f"glpat-{_RANDOM[:27]}.01.0a1b2c3d4",
    "Bitbucket": f"ATBB{_RANDOM[:32]}",
    "Azure DevOps": f"{_RANDOM}{_RANDOM[:36]}AZDO0a1B",
    "AWS": f"AKIA{_RANDOM[:16].upper()}",
    "a JSON Web Token": f"eyJ{_RANDOM}.eyJ{_RANDOM}.{_RANDOM}",
}
LOGIN = base64.b64encode(b"ci:Pa55word").decode()
SECRETS = {
    **{name: (f"fatal: {token}: no", "fatal: ***: no") for name, token in TOKENS.items()},
    "user and password": ("to https://ci:Pa55word@git.example.com/x", "to https://***@git.example.com/x"),
    "an @ in the password": ("https://ci:Pa@55@word@git.example.com/x", "https://***@git.example.com/x"),
    "a token alone": ("https://0a1b2c@git.example.com/x'", "https://***@git.example.com/x'"),
    "no user": ("https://:Pa55word@git.example.com", "https://***@git.example.com"),
    "a proxy": ("proxy http://ci:Pa55word@proxy.example.com:3128", "proxy http://***@proxy.example.com:3128"),
    "ssh with a password": ("ssh://ci:Pa55word@git.example.com/x", "ssh://***@git.example.com/x"),
    "header": (f"> Authorization: Basic {LOGIN}", "> Authorization: ***"),
    "header, small letters": (f"authorization: bearer {_RANDOM}\r", "authorization: ***\r"),
    "header, no scheme": (f"Proxy-Authorization:{_RANDOM}", "Proxy-Authorization:***"),
    "header, quoted": (f'{{"Authorization": "token {_RANDOM}", "a": 1}}', '{"Authorization": "***", "a": 1}'),
    "header of GitLab": (f"PRIVATE-TOKEN: {_RANDOM}", "PRIVATE-TOKEN: ***"),
    "scheme alone": (f"sent Basic {LOGIN}!", "sent Basic ***!"),
    "bearer alone": (f"sent bearer {_RANDOM}", "sent bearer ***"),
    "in a query": (
        "https://git.example.com/x?private_token=0a1&a=b",
        "https://git.example.com/x?private_token=***&a=b",
    ),
    "of a helper": ("username=ci\npassword=Pa55\n", "username=ci\npassword=***\n"),
    "a private key": (
        f"key\n-----BEGIN OPENSSH PRIVATE KEY-----\n{_RANDOM}\n-----END OPENSSH PRIVATE KEY-----\nend",
        "key\n***\nend",
    ),
    "a private key that is cut": (f"-----BEGIN PRIVATE KEY-----\n{_RANDOM}\n{_RANDOM}", "***"),
}
HARMLESS = [
    "",
    "git push: the remote refuses this by its own rules",
    "3dd8cc6ab155c6e5f96a4a2b5e6b7b1e3a3c6d9e",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/coffeemesh-orders:1.4.2@sha256:" + "0a1b2c3d" * 8,
    "docker://orders@sha256:" + "0a1b2c3d" * 8,
    "oci://registry.example.com/orders@sha256:" + "0a1b2c3d" * 8,
    "registry.example.com:5000/glance-registry-migrations-of-a-long-name:20261121",
    "overlays/prod/orders/kustomization.yaml:14:9",
    "https://git.example.com:8443/shop/gitops.git",
    "https://example.com/@scope/package and https://example.com/a?b=c@d.example.com",
    "Writer <writer@example.com>",
    "mailto:writer@example.com",
    "git@git.example.com:shop/gitops.git",
    "ssh://git@git.example.com:2222/shop/gitops.git",
    "remote: HTTP Basic: Access denied",
    "basic authentication, basic readinessProbe, a bearer of-bad-and-very-long-news",
    "token: a name in the secret store; password: the same; DB_PASSWORD is not set",
    "Promotion-Id: 6f1c2a5e-8a55-4b5e-9c1e-0d7f6c1b2a3d",
    "arn:aws:iam::111122223333:role/orders",
    "fairlead/prod/12-services.0a1b2c3d4e5f",
]


@pytest.fixture(autouse=True)
def nothing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an environment without secrets."""
    for name in list(os.environ):
        if name not in {"HOME", "PATH"}:
            monkeypatch.delenv(name)


@pytest.mark.parametrize(("text", "shown"), SECRETS.values(), ids=SECRETS)
def test_what_has_the_form_of_a_credential_is_masked(text: str, shown: str) -> None:
    """Nobody has to know it."""
    assert mask(text) == shown


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_credential_stays(text: str) -> None:
    """Commit ids, digests, images, paths, addresses without a login, and words."""
    assert mask(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "GITHUB_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "DB_PASSWORD",
        "SSHPASS_PASSPHRASE", "GITHUB_PAT", "MYSQL_PWD", "DEPLOY_KEY", "api_key", "REGISTRY_PASS",
    ],
)  # fmt: skip
def test_a_secret_variable_is_masked(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Its name says that it is one."""
    monkeypatch.setenv(name, "tr0ub4dor&3")

    assert mask("remote: tr0ub4dor&3 or tr0ub4dor%263") == "remote: *** or ***"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PWD", "overlays"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "overlays"),
        ("SECRET_NAME", "overlays"),
        ("TOKEN_TTL", "604800"),
        ("CI_TOKEN_SECONDS", "604800"),
        ("SHORT_TOKEN", "prod"),
        ("SERVICE", "overlays"),
    ],
)
def test_a_variable_about_a_secret_is_not_one(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Where it lies, how long it lives; and what is too short to be one."""
    monkeypatch.setenv(name, value)

    assert mask(f"the {value} are fine") == f"the {value} are fine"


def test_a_variable_that_is_an_address_has_a_secret_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy's address, whatever the variable is called."""
    monkeypatch.setenv("HTTPS_PROXY", "http://ci:Pa55word@proxy.example.com:3128")

    assert mask("Pa55word does not open proxy.example.com:3128") == "*** does not open proxy.example.com:3128"


def test_each_line_of_a_secret_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A private key in a variable, of which somebody prints the middle."""
    monkeypatch.setenv("SIGNING_KEY", f"begin\n{_RANDOM}\nend")

    assert mask(f"cannot read {_RANDOM} at the end") == "cannot read *** at the end"


_WORD = st.text(st.characters(codec="utf-8", exclude_characters="*", exclude_categories=["C", "Z"]), min_size=8)
_TEXT = st.text(st.characters(exclude_characters="*"))


@given(_TEXT, st.lists(_WORD, min_size=1, max_size=3), _TEXT)
@example("Basic ", ["abcdefgh"], "")
@example("https://", ["ab@cdefgh"], "@host")
@example("", ["abcdefgh", "efghijkl"], "abcdefghijkl")
def test_no_known_secret_is_ever_left(before: str, secrets: list[str], after: str) -> None:
    """In whatever text, next to whatever other secret, as it is or as an address has it; once is enough."""
    text = before + "".join(f"{secret}{after}{quote(secret, safe='')}" for secret in secrets)
    shown = mask(text, secrets)

    assert not any(secret in shown or quote(secret, safe="") in shown for secret in secrets)
    assert mask(shown, secrets) == shown


@given(_TEXT, _WORD, _TEXT)
def test_no_secret_of_the_environment_is_ever_left(before: str, secret: str, after: str) -> None:
    """In whatever text."""
    with mock.patch.dict(os.environ, {"SHOP_TOKEN": secret} if not secret.isdigit() else {}):
        shown = mask(f"{before}{secret}{after}")

    assert secret.isdigit() or secret not in shown


@given(_TEXT, st.sampled_from(sorted(TOKENS.values())), _TEXT)
def test_no_token_is_ever_left(before: str, token: str, after: str) -> None:
    """Where it stands for itself."""
    shown = mask(f"{before} {token} {after}")

    assert token not in shown
    assert mask(shown) == shown


@given(st.text(st.characters(categories=["L", "Zs"], include_characters=".,:;/-\n")))
def test_plain_words_stay(text: str) -> None:
    """Letters and the marks of sentences and paths hold no credential."""
    assert mask(text) == text


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://git.example.com/x", []),
        ("git@git.example.com:x", []),
        ("ssh://git@git.example.com/x", []),
        ("https://alice@git.example.com/x", []),
        ("https://ci:Pa55word@git.example.com/x", ["Pa55word"]),
        ("https://ci:Pa%2555word@git.example.com/x", ["Pa%2555word", "Pa%55word"]),
        ("https://ci:Pa@55@git.example.com/x", ["Pa@55"]),
        ("https://ci:Pa/55@git.example.com/x", ["Pa/55"]),
        ("https://ci:Pa#55@git.example.com/x", ["Pa#55"]),
        ("https://[::1]:8443/x@y", []),
        ("https://git.example.com:8443/x@y", []),
        (f"https://{_RANDOM}@git.example.com/x", [_RANDOM]),
        (f"https://{_RANDOM}:x-oauth-basic@git.example.com/x", ["x-oauth-basic", _RANDOM]),
        ("/srv/gitops@2.git", []),
    ],
)
def test_an_address_tells_its_secrets(address: str, found: list[str]) -> None:
    """As they stand there, and as a server reads them; a name alone is none."""
    secrets = set(secrets_in_address(address))

    assert set(found) <= secrets
    assert bool(found) == bool(secrets)


@pytest.mark.parametrize(
    ("address", "plain", "user", "password"),
    [
        ("https://ci:Pa%3A55@git.example.com:8443/x?y", "https://git.example.com:8443/x?y", "ci", "Pa:55"),
        ("http://ci:@git.example.com/x", "http://git.example.com/x", "ci", ""),
        (f"https://{_RANDOM}@git.example.com/x", "https://git.example.com/x", _RANDOM, ""),
        ("https://ci:Pa/55@git.example.com/x", "https://git.example.com/x", "ci", "Pa/55"),
    ],
)
def test_a_login_is_taken_out_of_an_address(address: str, plain: str, user: str, password: str) -> None:
    """The header says the same, and is no argument of any child."""
    assert without_login(address) == (plain, basic(user, password))


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example.com/x",
        "https://alice@git.example.com/x",
        "ssh://git@git.example.com/x",
        "ssh://ci:Pa55word@git.example.com/x",
        "git@git.example.com:x",
        "/srv/gitops.git",
    ],
)
def test_an_address_without_a_login_stays(address: str) -> None:
    """A mere name, too: the user's credential helper is asked for it."""
    assert without_login(address) == (address, None)


def test_the_header_of_a_login_is_that_of_http() -> None:
    """RFC 7617, its own example."""
    assert basic("Aladdin", "open sesame") == "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"Authorization: Basic {LOGIN}", {LOGIN, "Pa55word"}),
        (f"Authorization: Bearer {_RANDOM}", {_RANDOM}),
        ("PRIVATE-TOKEN: 0a1b2c", {"0a1b2c"}),
        ("Authorization: Basic !", {"!"}),
        ("Accept-Language: en", set()),
    ],
)
def test_a_header_tells_its_secrets(header: str, found: set[str]) -> None:
    """As they are sent, and as a server reads them; most headers have none."""
    assert set(secrets_in_header(header)) == found


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("http.https://git.example.com/.extraheader", "AUTHORIZATION: bearer 0a1b2c", {"0a1b2c"}),
        ("http.proxy", "http://ci:Pa55word@proxy.example.com", {"Pa55word", LOGIN}),
        ("url.https://ci:Pa55word@git.example.com/.insteadof", "https://git.example.com/", {"Pa55word", LOGIN}),
        ("gitlab.token", "0a1b2c", {"0a1b2c"}),
        ("sendemail.smtppass", "0a1b2c", {"0a1b2c"}),
        ("user.signingkey", "/home/writer/.ssh/id_ed25519.pub", set()),
        ("credential.helper", "cache --timeout 3600", set()),
    ],
)
def test_a_setting_tells_its_secrets(key: str, value: str, found: set[str]) -> None:
    """In its value, or in an address in its key."""
    assert set(secrets_in_setting(key, value)) == found


def test_a_helpers_answer_tells_its_secrets() -> None:
    """The password, what newer helpers give beside it, and both as they are sent."""
    answer = "protocol=https\nusername=ci\npassword=Pa55word\noauth_refresh_token=0a1b2c\n"

    assert set(secrets_in_answer(answer)) == {"Pa55word", "0a1b2c", LOGIN}


# The last line of defence: whoever made a text, the command line masks it once more.


@pytest.fixture(params=["--format=text", "json"])
def style(request: pytest.FixtureRequest) -> str:
    """Return an argument after which errors are shown as text, or as data too."""
    return str(request.param)


def _raising(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def dispatch(arguments: list[str], spoken: Spoken) -> int:
        spoken.format = "json" if "json" in arguments else "text"
        raise error

    monkeypatch.setattr("generator.cli.command_group.dispatch", dispatch)
    monkeypatch.setenv("DEPLOY_TOKEN", "tr0ub4dor&3")


def test_an_error_of_any_command_is_masked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    """Text and data, which stays data."""
    words = ('Authorization: "tr0ub4dor&3"', "https://ci:tr0ub4dor&3@git.example.com/x")
    complaints = [
        Finding(rule="SPC001", severity=Severity.ERROR, place=Place("a"), message=message, remedy="x")
        for message in words
    ]
    _raising(monkeypatch, InputError(complaints))

    code = run(["promote", style])

    out, err = capsys.readouterr()
    assert (code, "tr0ub4dor" in out + err) == (2, False)
    shown = ['Authorization: "***"', "https://***@git.example.com/x"]
    assert err == "".join(f"a:1:1: error SPC001: {message}; x\n" for message in shown)
    if style == "json":
        data = json.loads(out)
        assert (data["error"], data["exitCode"]) == (err.rstrip("\n"), 2)
        assert [complaint["message"] for complaint in data["complaints"]] == shown


def test_a_bug_is_masked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback is pasted into a public tracker."""
    _raising(monkeypatch, ValueError("cannot read tr0ub4dor&3"))

    code = run(["promote"])

    assert code == 70
    assert "ValueError: cannot read ***\n" in capsys.readouterr().err
