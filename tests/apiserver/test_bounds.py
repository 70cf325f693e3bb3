"""Answers of an API server have bounds."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from generator.apiserver import client

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


@contextmanager
def answering(part: bytes, times: int | None) -> Iterator[http.client.HTTPResponse]:
    """Return an answer whose body is a part, so many times (None: without an end)."""
    ours, theirs = socket.socketpair()

    def speak() -> None:
        with suppress(OSError), theirs:
            theirs.sendall(HEAD)
            sent = 0
            while times is None or sent < times:
                theirs.sendall(part)
                sent += 1

    threading.Thread(target=speak, daemon=True).start()
    with ours, http.client.HTTPResponse(ours) as response:
        response.begin()
        yield response


def test_a_whole_answer_is_read() -> None:
    """Also one of many parts."""
    with answering(b"{}" * 1000, 100) as response:
        assert client.read_content(response) == b"{}" * 100_000


@pytest.mark.parametrize(("bound", "value"), [("_LARGEST", 1_000_000), ("_WHOLE_SECONDS", 0.2)])
def test_an_answer_without_an_end_is_left(bound: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its size, or by the time that it takes."""
    monkeypatch.setattr(client, bound, value)
    with answering(b" " * 1000, None) as response, pytest.raises(http.client.HTTPException, match="without an end"):
        client.read_content(response)
