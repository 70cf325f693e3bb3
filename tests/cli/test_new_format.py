"""A format is a module of two functions and one line of the table: no command knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.cli.command_group import Spoken, dispatch
from generator.cli.formats import WRITERS
from generator.findings.errors import UsageError

if TYPE_CHECKING:
    from generator.findings.answer import Answer
    from generator.findings.errors import FairleadError


class Heard:
    """A writer that keeps what it is given."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []

    def write(self, answer: Answer) -> None:
        """Keep an answer."""
        self.answers.append(answer)

    def fail(self, error: FairleadError) -> None:
        """Fail for any error: the caller of a command line hands those over, not click."""
        raise AssertionError from error


def test_a_command_hands_its_whole_answer_to_the_writer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text and data are both there to be taken, and nothing is printed before."""
    heard, spoken = Heard(), Spoken()
    monkeypatch.setitem(WRITERS, "text", heard)

    code = dispatch(["rules", "KUS004"], spoken)

    (answer,) = heard.answers
    assert code == answer.exit_code == 0
    assert capsys.readouterr() == ("", "")
    assert "".join(part.shown for part in answer.text()).startswith("KUS004 error: ")
    assert answer.data()["id"] == "KUS004"


def test_an_error_reaches_the_caller_and_not_the_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line has one catcher of errors."""
    heard = Heard()
    monkeypatch.setitem(WRITERS, "text", heard)
    with pytest.raises(UsageError):
        dispatch(["rules", "NONE001"], Spoken())
    assert heard.answers == []
