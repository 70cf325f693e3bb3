"""Answers of a forge have bounds: so many bytes as they come over the wire, and a moment by which all of it is there.

A host that answers without an end costs 8 MiB and a message, not the machine's memory (2.9 GB were seen) or the night.
"""

from __future__ import annotations

import http.client
import io
import time
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from socket import socket

    from urllib3 import PoolManager

    from generator.forge.patience import BoundedRetry

# A page of 100 requests with the longest bodies that GitHub takes is 7 MB; ours are a tenth of that.
LARGEST = 8 * 1024 * 1024

_PLAIN = frozenset({"", "identity"})


class ExcessError(Exception):
    """An answer is too long, takes too long, or is packed although nobody asked for that."""


class BoundedAdapter(HTTPAdapter):
    """Sends requests, and reads answers within the bounds; `retries` knows when our time is up."""

    def __init__(self, retries: BoundedRetry) -> None:
        self._pools = _pools(retries.until)  # the base class makes its pools at once
        super().__init__(max_retries=retries)

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        """Make the connections of this adapter."""
        super().init_poolmanager(*args, **settings)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **settings: Any) -> PoolManager:
        """Make the connections through a proxy."""
        manager: PoolManager = super().proxy_manager_for(*args, **settings)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def add_headers(self, request: Any, **_: Any) -> None:
        """Ask for plain answers: a packed one can be a thousand times as long as what comes over the wire."""
        request.headers["Accept-Encoding"] = "identity"


def _pools(until: float) -> dict[str, type[HTTPConnectionPool]]:
    """Return connections whose answers have to be there at `until` (monotonic), by scheme."""

    def answer(*args: Any, **settings: Any) -> _BoundedAnswer:
        return _BoundedAnswer(until, *args, **settings)

    class Plain(HTTPConnection):
        response_class = staticmethod(answer)  # type: ignore[assignment]  # http.client only calls it

    class Encrypted(HTTPSConnection):
        response_class = staticmethod(answer)  # type: ignore[assignment]  # the same

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


class _BoundedAnswer(http.client.HTTPResponse):
    """An answer, headers and body, that is counted while it is read, whoever reads it."""

    def __init__(self, until: float, sock: socket, *args: Any, **settings: Any) -> None:
        super().__init__(sock, *args, **settings)
        self.fp = io.BufferedReader(_Meter(self.fp, until))

    def begin(self) -> None:
        """Read the headers; raises ExcessError when the body is packed."""
        super().begin()
        if self.headers.get("Content-Encoding", "").strip().lower() not in _PLAIN:
            raise ExcessError("it packs its answers although none was asked for packed")


class _Meter(io.RawIOBase):
    """Reads on from a stream, up to LARGEST bytes and until a moment of the monotonic clock."""

    def __init__(self, stream: io.BufferedReader, until: float) -> None:
        super().__init__()
        self._stream = stream
        self._until = until
        self._left = LARGEST

    def readable(self) -> bool:
        """Return whether it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there, at least a byte; raises ExcessError beyond the bounds."""
        if time.monotonic() > self._until:
            raise ExcessError("its answer goes on and on, and there is no time left for it")
        count = self._stream.readinto1(buffer)
        self._left -= count
        if self._left < 0:
            raise ExcessError(f"its answer is longer than {LARGEST // 1024**2} MiB")
        return count

    def close(self) -> None:
        """Close the stream, too."""
        self._stream.close()
        super().close()
