"""What programs say, kept as it was said: the parts that no server on this machine can make them say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.tools.crane import Crane
from generator.tools.reference import host_of, is_loopback
from generator.tools.registry import is_transient
from generator.tools.skopeo import Skopeo

if TYPE_CHECKING:
    from generator.tools.registry import Dialect

HOST = "registry.example.com"
REFERENCE = f"{HOST}/shop/web:1.0.0"
URL = f"https://{HOST}/v2/shop/web/manifests/1.0.0"


def crane(reason: str) -> str:
    """Write an error as crane does: after lines on what it tried before."""
    tried = (
        f"2026/11/21 03:00:00 retrying GET {URL}: unexpected status code 503 Service Unavailable: MANIFEST_UNKNOWN\n"
    )
    return f"{tried}Error: fetching manifest {REFERENCE}: {reason}\n"


def skopeo(reason: str) -> str:
    """Write an error as skopeo does: one line of a log, quotes escaped."""
    message = f'Error parsing image name \\"docker://{REFERENCE}\\": {reason}'
    return f'time="2026-11-21T03:00:00Z" level=fatal msg="{message}"\n'


READING = f"reading manifest 1.0.0 in {HOST}/shop/web"


@pytest.mark.parametrize(
    ("dialect", "stderr", "missing", "transient"),
    [
        (Crane(), crane(f"GET {URL}: MANIFEST_UNKNOWN: Requested image not found"), True, False),
        (Crane(), crane(f"GET {URL}: NAME_UNKNOWN: The repository with name 'shop/web' does not exist"), True, False),
        (Crane(), crane(f"GET {URL}: TOOMANYREQUESTS: Rate exceeded"), False, True),
        (Crane(), crane(f"GET {URL}: unexpected status code 502 Bad Gateway"), False, True),
        (Crane(), crane(f'Get "https://{HOST}/v2/": tls: failed to verify certificate: x509: unknown'), False, False),
        (Crane(), crane(f'Get "https://{HOST}/v2/": dial tcp: lookup {HOST}: no such host'), False, False),
        (Crane(), crane(f'Get "https://{HOST}/v2/": dial tcp 192.0.2.1:443: i/o timeout'), False, True),
        (Crane(), crane(f'Get "https://{HOST}/v2/": read tcp: connection reset by peer'), False, True),
        (Crane(), crane(f"GET https://{HOST}/token?scope=x: DENIED: requested access to the resource"), False, False),
        (Crane(), "signal: killed", False, False),
        (Skopeo(), skopeo(f"{READING}: manifest unknown: Requested image not found"), True, False),
        (Skopeo(), skopeo(f"Error {READING}: manifest unknown"), True, False),
        (Skopeo(), skopeo(f"{READING}: name unknown: The repository does not exist"), True, False),
        (Skopeo(), skopeo(f"{READING}: unauthorized: authentication required"), False, False),
        (Skopeo(), skopeo(f"{READING}: toomanyrequests: Rate exceeded"), False, True),
        (Skopeo(), skopeo(f"{READING}: received unexpected HTTP status: 502 Bad Gateway"), False, True),
        (Skopeo(), skopeo(f"{READING}: StatusCode: 404, {READING}: manifest unknown"), False, False),
        (Skopeo(), skopeo(f"pinging container registry {HOST}: x509: certificate has expired"), False, False),
        (Skopeo(), skopeo(f"pinging container registry {HOST}: TLS handshake timeout"), False, True),
        (Skopeo(), "unknown flag: --preserve-digests", False, False),
    ],
)
def test_words_mean_something(dialect: Dialect, stderr: str, missing: bool, transient: bool) -> None:  # noqa: FBT001
    """An image that is missing, a fault that may pass, or neither."""
    words = dialect.words(stderr)
    assert (dialect.is_missing(words), is_transient(words)) == (missing, transient)


def test_words_are_shown_without_the_log_around_them() -> None:
    """No time stamps, no earlier attempts, no escapes."""
    assert Crane().words(crane("no such host")) == f"fetching manifest {REFERENCE}: no such host"
    assert Skopeo().words(skopeo('no \\"such\\"\\nhost')) == (
        f'Error parsing image name "docker://{REFERENCE}": no "such" host'
    )


@given(st.text())
def test_a_page_is_never_read_as_a_missing_image(page: str) -> None:
    """Whatever a server sends without a registry's own code."""
    words = Crane().words(crane(f"GET {URL}: unexpected status code 404 Not Found: {page}"))
    assert not Crane().is_missing(words)
    assert not Skopeo().is_missing(f"{READING}: StatusCode: 404, {page}")


@pytest.mark.parametrize(
    ("reference", "plain"),
    [
        ("localhost/shop/web:1", True),
        ("localhost:5000/shop/web:1", True),
        ("127.0.0.1:5000/shop/web:1", True),
        ("[::1]:5000/shop/web:1", True),
        ("localhost.example.com/shop/web:1", False),
        ("127.0.0.1.example.com/shop/web:1", False),
        ("10.0.0.1:5000/shop/web:1", False),
        (REFERENCE, False),
    ],
)
def test_plain_http_is_for_this_machine(reference: str, plain: bool) -> None:  # noqa: FBT001
    """On each side skopeo is told so; crane needs no telling."""
    assert is_loopback(reference) == plain
    assert ("--tls-verify=false" in Skopeo().manifest(reference)) == plain
    assert ("--src-tls-verify=false" in Skopeo().copy(reference, REFERENCE)) == plain
    assert ("--dest-tls-verify=false" in Skopeo().copy(REFERENCE, reference)) == plain


@pytest.mark.parametrize(
    "reference", [REFERENCE, f"{HOST}:5000/a/b_c/d-e.f:v1_2.3-4", f"{HOST}/shop/web@sha256:{'a' * 64}"]
)
def test_references_have_a_host(reference: str) -> None:
    """With its port, where it has one."""
    assert host_of(reference) == reference.partition("/")[0]
