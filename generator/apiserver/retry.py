"""Questions that are asked once more when the server was too busy, or another run was at the same object."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.apiserver.client import Response

_CONFLICT, _TOO_MANY, _INTERNAL = 409, 429, 500
# Seconds before each further try: a server that is starting, or under load, is better within two seconds.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
# The one conflict that another run can cause; any other is about what the object itself says, its `uid` for example.
_OVERTAKEN = "the object has been modified"
# What server-side apply calls an internal error and is none: it says so for ever.
_UNREADABLE = (
    *("failed to create typed patch object", "failed to convert new object", "failed to update object"),
    "strconv.",  # a `resourceVersion` that is no number
)


def patiently(ask: Callable[[], Response]) -> Response:
    """Return an answer that is an acceptance or a refusal; raises ToolError when there is none after some tries.

    A conflict (409) that stays belongs to the object, so it is a refusal.
    """
    answer = ask()
    for pause in _PAUSES:
        if not _passing(answer):
            return answer
        time.sleep(pause)
        answer = ask()
    if _passing(answer) and answer.status != _CONFLICT:
        raise ToolError(f"the API server does not get to an answer: {answer.status} {answer.body.get('message', '')}")
    return answer


def _passing(answer: Response) -> bool:
    """Return whether the same question may be answered otherwise a moment later."""
    message = str(answer.body.get("message", ""))
    if answer.status >= _INTERNAL:
        return not message.startswith(_UNREADABLE)
    return answer.status == _TOO_MANY or (answer.status == _CONFLICT and _OVERTAKEN in message)
