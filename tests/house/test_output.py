"""There is one door to the streams: whatever is printed passes `generator/findings/output.py`."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.cli.formats import WRITERS
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

DOOR = "generator/findings/output.py"
# Text of our own alone, printed without the 15 ms that click takes; "interrupted"; why a stream takes no more.
FRONT = "generator/cli/__init__.py"
# Data for a pipe, which has to arrive as it is.
DATA = {"generator/cli/secrets.py": 2, "generator/cli/completion.py": 1}

_PRINTING = {"print", "input", "breakpoint", "os.write", "warnings.warn"}
_PRINTS = re.compile(
    r"click\.(echo|secho|prompt|confirm)\w*|sys\.(__)?std(out|err)(__)?\.write\w*|.*\.(print_exc|show)"
)


def modules() -> list[str]:
    """Return every module of the package."""
    return sorted(path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "generator").rglob("*.py"))


def prints(text: str) -> Iterator[str]:
    """Yield what in a module's text writes to a stream of the process."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in _PRINTING or _PRINTS.fullmatch(called):
            yield called
        elif any(ast.unparse(keyword.value).startswith(("sys.stdout", "sys.stderr")) for keyword in node.keywords):
            yield f"{called}(file=...)"


@pytest.mark.parametrize("module", modules())
def test_nothing_prints_but_the_door(module: str) -> None:
    """Who prints past it may print what a CI obeys."""
    found = list(prints((CHECKOUT / module).read_text()))
    if module == DOOR:
        assert set(found) == {"click.echo"}
    elif module == FRONT:
        assert sorted(found) == ["sys.stderr.write"] * 2 + ["sys.stdout.write"] * 2
    elif module == "generator/__main__.py":
        assert found == ["sys.stderr.write"]  # by which signal it ends, when nothing may be imported any more
    elif module == "generator/cli/command_group.py":
        assert found == ["error.show"]  # into a text, which then goes through the door
    else:
        assert found == []


def test_the_test_sees_who_prints() -> None:
    """Or it would hold nothing."""
    assert list(prints("print(1)\nsys.stderr.write('x')\nclick.echo('x')\nf(file=sys.stderr)")) == [
        "print",
        "sys.stderr.write",
        "click.echo",
        "f(file=...)",
    ]


@pytest.mark.parametrize("module", modules())
def test_only_data_for_a_pipe_is_printed_as_it_is(module: str) -> None:
    """Secrets for kubectl, a script for a shell."""
    calls = len(re.findall(r"\.of_data\(|\becho_data\(", (Path(CHECKOUT) / module).read_text()))
    assert module == DOOR or calls == DATA.get(module, 0)


def asks_for_the_format(text: str) -> bool:
    """Report whether a module's text compares something with the name of a format."""
    compared = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Compare)]
    sides = [side for node in compared for side in (node.left, *node.comparators)]
    return any(isinstance(side, ast.Constant) and side.value in WRITERS for side in sides)


@pytest.mark.parametrize("module", modules())
def test_no_command_asks_for_the_format(module: str) -> None:
    """A command returns an `Answer`; only the writers of `cli/formats/` know how each format shows it."""
    assert not asks_for_the_format((CHECKOUT / module).read_text())


def test_the_test_sees_who_asks_for_the_format() -> None:
    """Or it would hold nothing."""
    assert asks_for_the_format('if style == "json": pass')
    assert asks_for_the_format('x = "text" != task.style')
