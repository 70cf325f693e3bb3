"""Every text that the project shows to people, with the place where it stands."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import click
import msgspec

from generator.cli.command_group import program
from generator.cli.command_table import COMMANDS, FORMER_COMMANDS
from generator.inputs.shapes import FILES
from generator.rules.catalogue import RULES

from .conftest import REPOSITORY, committed_files

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stands for what a program puts into a text: a service, an environment, a path.
FILLED = "X"

_CODE = re.compile(r"``?([^`]+)``?")
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"\bfairlead ((?:(?!\bfairlead )[^`|;&>)\n])*)")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
# A line that is nothing but a command, as in a block of a page or behind `Example: `.
_LINE = re.compile(r"^\s*(?:\$ |Example: |- run: |entry: )?(fairlead .*)$", re.MULTILINE)


class Text(msgspec.Struct, frozen=True):
    """A text and the file that it stands in."""

    file: str
    text: str

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _BLOCK.sub("", self.text)

    def calls(self) -> Iterator[list[str]]:
        """Yield the words behind each `fairlead` that is certainly a command line."""
        blocks = [_COMMENT.sub("", block) for block in _BLOCK.findall(self.text)]
        code = [*blocks, *_CODE.findall(self.prose), *_LINE.findall(self.text)]
        for part in code:
            yield from (call.split() for call in _CALL.findall(f"{part} "))
        for call in _CALL.findall(self.text):  # in the middle of a sentence a known command tells that it is one
            if call.split()[:1] and call.split()[0] in COMMANDS:
                yield call.split()


def literals() -> Iterator[Text]:
    """Yield every string of the program, with `X` where something is filled in, and argument lists as one line."""
    for file in committed_files():
        if file.startswith("generator/") and file.endswith(".py"):
            tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
            yield from (Text(file, text) for text in _strings(tree))


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else FILLED for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, (ast.List, ast.Tuple)) and node.elts and _is_program(node.elts[0]):
        words = (str(each.value) if isinstance(each, ast.Constant) else FILLED for each in node.elts)
        yield f"`{' '.join(words)}`"
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _strings(child)


def _is_program(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "fairlead"


def documents() -> Iterator[Text]:
    """Yield every page and every file of words; not the changelog, which tells of what was."""
    ends = (".md", "inputs/defaults.yaml", "inputs/descriptions.yaml", ".pre-commit-hooks.yaml")
    for file in committed_files():
        if file.endswith(ends) and file != "CHANGELOG.md" and not file.startswith("tests/"):
            yield Text(file, (REPOSITORY / file).read_text(encoding="utf-8"))


def rules() -> Iterator[Text]:
    """Yield what each rule says."""
    for rule in RULES:
        yield Text(f"rule {rule.id}", "\n".join(str(getattr(rule, field)) for field in rule.__struct_fields__))


def helps() -> Iterator[Text]:
    """Yield the help of every command."""
    for path, command in commands().items():
        with click.Context(command, info_name=path, terminal_width=200, **program.context_settings) as context:
            yield Text(f"{path} --help", command.get_help(context))


def commands() -> dict[str, click.Command]:
    """Return every command and subcommand by its words."""
    found: dict[str, click.Command] = {"fairlead": program}
    for name in (*COMMANDS, *FORMER_COMMANDS):
        command = program.get_command(None, name)  # type: ignore[arg-type]  # the context is not looked at
        assert command is not None
        found[f"fairlead {name}"] = command
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"fairlead {name} {sub}": each for sub, each in inner.items()}
    return found


def options(command: click.Command) -> set[str]:
    """Return the options of a command, those for its help too."""
    own = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    return {option for option in own if option.startswith("-")} | {"--help", "-h"}


def page_words() -> set[str]:
    """Return every key that a page may have, at any depth."""
    found: set[str] = set()
    waiting = [msgspec.inspect.type_info(shape) for shape in FILES.values()]
    known: set[type] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, msgspec.inspect.StructType) and each.cls not in known:
            known.add(each.cls)
            found |= {field.encode_name for field in each.fields}
            waiting += [field.type for field in each.fields]
        for name in ("item_type", "key_type", "value_type"):
            waiting += [getattr(each, name)] if hasattr(each, name) else []
        waiting += getattr(each, "types", ())
    return found
