"""One open request between two branches, and never a second: what every host's API has to be able to do for it."""

from __future__ import annotations

from typing import Protocol

import msgspec

PER_PAGE = 100

# Forks may have requests from a branch of the same name: a host that lists more of them than this is not to be trusted.
_PAGES = 100


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: that `branch` goes into `base`; `body` is Markdown."""

    branch: str
    base: str
    title: str
    body: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The open request: its page, its number there, and whether it is new (False: an open one was updated)."""

    url: str
    number: int
    created: bool


class Listed(msgspec.Struct, frozen=True):
    """A page of open requests: the numbers of those between the two branches, and whether another page may follow."""

    numbers: list[int]
    full: bool


class AlreadyOpenError(Exception):
    """The host has an open request between the two branches; `answer` is how it said so."""

    def __init__(self, answer: Exception) -> None:
        super().__init__()
        self.answer = answer


class Requests(Protocol):
    """The requests of one repository; what goes wrong is raised as the host's library has it."""

    def listed(self, proposal: Proposal, page: int) -> Listed:
        """Return a page (from 1) of the open requests, those of forks left out of the numbers."""

    def update(self, number: int, proposal: Proposal) -> Opened:
        """Return an open request the title and body of the proposal."""

    def open(self, proposal: Proposal) -> Opened:
        """Open a request; raises AlreadyOpenError when there is one."""


def open_or_update(requests: Requests, proposal: Proposal) -> Opened:
    """Update the open request between the two branches, or open it."""
    number = _found(requests, proposal)
    if number is None:
        try:
            return requests.open(proposal)
        except AlreadyOpenError as error:
            # Somebody opened it since we looked, or our own first attempt did and its answer was lost.
            number = _found(requests, proposal)
            if number is None:
                raise error.answer from None
    return requests.update(number, proposal)


def _found(requests: Requests, proposal: Proposal) -> int | None:
    for page in range(1, _PAGES + 1):
        listed = requests.listed(proposal, page)
        if listed.numbers or not listed.full:
            return next(iter(listed.numbers), None)
    return None
