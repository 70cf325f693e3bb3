"""How long a forge's API is waited for: for one answer, and for all attempts of one proposal together.

The HTTP stack below both client libraries does the retrying; here it learns when to stop.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from urllib3 import Retry
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import BaseHTTPResponse

# A POST that is sent twice opens nothing twice: both forges refuse a second open request between the same branches.
_METHODS = frozenset({"GET", "PATCH", "POST", "PUT"})
_RETRIED = (429, *range(500, 600))


class RequestLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds for each `answer`, seconds for everything in `total`, how often one request is sent, base of the waits.

    Two minutes let GitHub's advice be followed once: after a secondary rate limit, wait for one.
    """

    answer: int = 15
    total: float = 120.0
    attempts: int = 6
    backoff: float = 0.5

    def settings(self) -> dict[str, Any]:
        """Return the arguments of a `BoundedRetry` that starts now."""
        return {
            "until": time.monotonic() + self.total,
            "total": self.attempts - 1,
            "backoff_factor": self.backoff,
            "backoff_jitter": self.backoff,
            "status_forcelist": list(_RETRIED),
            "allowed_methods": _METHODS,
            "raise_on_status": False,
        }


class BoundedRetry(Retry):
    """Retries until a moment of the monotonic clock, however long a server asks to wait."""

    def __init__(self, *args: Any, until: float, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.until = until

    def new(self, **settings: Any) -> Self:
        """Return the next state, with the same end."""
        return super().new(until=self.until, **settings)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds that a server asks to wait; None when it asks for none, or in words that mean nothing."""
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Return the state for another attempt; raises MaxRetryError when it would begin too late."""
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        asked = following.get_retry_after(response) if response is not None else None
        if time.monotonic() + max(asked or 0.0, following.get_backoff_time()) > self.until:
            reason = error or ResponseError("no time left for another attempt")
            raise MaxRetryError(_pool, url, reason)  # type: ignore[arg-type]  # the pool is part of the text alone
        return following
