"""A host that wants to keep us for ever, or to fill our memory: answers have bounds, and the token stays with us."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.forge.access import ForgeAccess, Token
from generator.forge.bounds import LARGEST
from generator.forge.github import GitHub
from generator.forge.gitlab import GitLab
from generator.forge.patience import RequestLimits
from generator.forge.request import Proposal
from tests.forge.forge_server import PROJECT, REPOSITORY, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROPOSAL = Proposal(branch="fairlead/prod/frontend", base="main", title="Promote", body="| moves |")
BRIEF = RequestLimits(answer=5, total=0.5, attempts=3, backoff=0)
LONG = RequestLimits(answer=5, total=60, attempts=3, backoff=0)
MIB = 1024**2

# What the system keeps of what was sent and never read: buffers of both sockets, for each of our attempts.
BUFFERED = 3 * 8 * MIB


class Rogue:
    """A host that answers every request with the same bytes, for as long as anybody listens; it counts what it sent."""

    def __init__(self, answer: Iterable[bytes]) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.root = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.sent = 0
        self.heard: list[bytes] = []
        self.gone = threading.Event()

    def serve(self) -> None:
        """Answer until the listener is closed."""
        while not self.gone.is_set():
            with suppress(OSError):
                connection, _ = self._listener.accept()
                threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.heard.append(connection.recv(65536))
            for part in self._answer:
                if self.gone.is_set():
                    return
                self.sent += connection.send(part)

    def stop(self) -> None:
        """End."""
        self.gone.set()
        self._listener.close()


@contextmanager
def rogue(answer: Iterable[bytes]) -> Iterator[Rogue]:
    """Run such a host."""
    server = Rogue(answer)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            socket.create_connection(server._listener.getsockname()).close()  # noqa: SLF001  # ends its accept
        server.stop()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(params=["github", "gitlab"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return each of the two forges."""
    return str(request.param)


def refusal(kind: str, root: str, patience: RequestLimits) -> str:
    """Propose in vain, and give the message."""
    forge = GitHub if kind == "github" else GitLab
    repository = REPOSITORY if kind == "github" else PROJECT
    access = ForgeAccess(root=root, repository=repository, token=Token("TOKEN", TOKEN), needs="a right")
    with pytest.raises(ToolError) as caught:
        forge(access, patience).propose(PROPOSAL)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


def head(status: str = "200 OK", *headers: str) -> bytes:
    """Return the beginning of an answer."""
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: application/json", *headers, "", "")).encode()


def endless(first: bytes, part: bytes) -> Iterable[bytes]:
    """Return an answer without an end, anew for each connection."""

    class Parts:
        def __iter__(self) -> Iterator[bytes]:
            return itertools.chain([first], itertools.repeat(part))

    return Parts()


def dripping(first: bytes, part: bytes) -> Iterable[bytes]:
    """Return an answer whose rest comes in bits, each in time."""

    class Drops:
        def __iter__(self) -> Iterator[bytes]:
            yield first
            while True:
                time.sleep(0.02)
                yield part

    return Drops()


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "404 Not Found", "500 Server Error", "302 Found"])
@pytest.mark.parametrize("length", ["", "Content-Length: 99999999999", "Transfer-Encoding: chunked"])
def test_a_body_without_an_end_is_left_after_8_mib(kind: str, status: str, length: str) -> None:
    """Whatever the status: what is refused, and what is tried again, are read as well."""
    part = b" " * 65536
    part = b"10000\r\n" + part + b"\r\n" if "chunked" in length else part
    with rogue(endless(head(status, *filter(None, [length])), part)) as server:
        said = refusal(kind, server.root, LONG)
        assert server.sent < LARGEST + BUFFERED
    assert server.root.removeprefix("http://") in said


@pytest.mark.parametrize("line", [b"X-More: of this\r\n", b"x" * 1024])
def test_headers_without_an_end_are_left(kind: str, line: bytes) -> None:
    """Neither many nor one that goes on."""
    with rogue(endless(b"HTTP/1.1 200 OK\r\n", line)) as server:
        refusal(kind, server.root, LONG)
        assert server.sent < LARGEST + BUFFERED


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX: ", head()], ids=["headers", "body"])
def test_an_answer_in_drops_ends_with_our_time(kind: str, first: bytes) -> None:
    """Each drop is in time, the whole never is."""
    with rogue(dripping(first, b" ")) as server:
        assert "no time left" in refusal(kind, server.root, BRIEF)


def test_a_promise_of_more_without_an_end_ends_with_our_time(kind: str) -> None:
    """`100 Continue`, again and again."""
    with rogue(dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n")) as server:
        assert "no time left" in refusal(kind, server.root, BRIEF)


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "500 Internal Server Error"])
def test_a_packed_answer_is_not_unpacked(kind: str, status: str) -> None:
    """None was asked for: 60 KB are 60 MB then."""
    bomb = gzip.compress(b" " * 60 * MIB)
    answer = head(status, "Content-Encoding: gzip", f"Content-Length: {len(bomb)}") + bomb
    with rogue([answer]) as server:
        assert "packs its answers" in refusal(kind, server.root, LONG)
        assert b"\r\nAccept-Encoding: identity\r\n" in server.heard[0]


def test_a_redirection_in_a_circle_is_left(kind: str) -> None:
    """After a few steps."""
    with rogue([head("302 Found", "Location: /round", "Content-Length: 0", "Connection: close")]) as server:
        refusal(kind, server.root, LONG)
        assert len(server.heard) < 40


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
def test_a_redirection_takes_the_token_to_no_other_port_or_host(kind: str, status: str) -> None:
    """Nothing is sent there."""
    with rogue([head("200 OK", "Content-Length: 2") + b"[]"]) as other:
        place = f"Location: {other.root}/api"
        with rogue([head(status, place, "Content-Length: 0", "Connection: close")]) as server:
            refusal(kind, server.root, LONG)
        assert other.heard == []
