"""Read a stream that another project's tool wrote: several documents in a file, JSON too, of a size that no page has.

What makes a page hard to read (ambiguous words, control characters) is none of our business there; what two readers
would take for different things (duplicate keys, tags, merge keys) is a problem all the same.
"""

from __future__ import annotations

import re

import msgspec
import yaml

from generator.yamlio.document import LOADER, Document
from generator.yamlio.read import decoded, syntax_problem, too_deep_at
from generator.yamlio.scalar import Scalar, resolve
from generator.yamlio.walk import Problem, ProblemKind, Walk

# An API server takes no object above 1.5 MiB; an install bundle has dozens of them.
STREAM_BYTES = 16 << 20

# YAML 1.2 reads every number of JSON, exponents and those beyond 64 bits too.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)


def stream(data: bytes, file: str) -> tuple[list[Document], list[Problem]]:
    """Parse `data` as a stream of YAML or as one JSON value; give its documents, empty ones left out, or problems.

    The line of every value counts from the start of the file, whichever document it stands in.
    """
    text, problems = decoded(data, STREAM_BYTES)
    if text is None:
        return [], problems
    try:
        if deep := too_deep_at(text):
            return [], [deep]
        nodes = [node for node in yaml.compose_all(text, Loader=LOADER) if not _is_empty(node)]
    except yaml.MarkedYAMLError as error:
        whole = _as_json(text, file)
        return ([whole], []) if whole else ([], [syntax_problem(error)])
    except (yaml.YAMLError, ValueError) as error:
        return [], [Problem(ProblemKind.SYNTAX, 1, 1, f"not YAML: {error}", "mend the syntax")]
    return _documents(nodes, text, file)


def _documents(nodes: list[yaml.Node], text: str, file: str) -> tuple[list[Document], list[Problem]]:
    documents, problems = [], []
    for node in nodes:
        walk = _Foreign()
        documents.append(Document(file, _alone(node, text), walk.value(node, 0)))
        problems += walk.problems
    return ([], problems) if problems else (documents, [])


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and not node.value


def _alone(node: yaml.Node, text: str) -> str:
    """Return the text of one document where it stands: blank before it, so that positions stay true."""
    start = node.start_mark
    return "\n" * start.line + " " * start.column + text[start.index : node.end_mark.index]


def _as_json(text: str, file: str) -> Document | None:
    """Read what is JSON and no YAML to our reader (a surrogate pair, a tab); it has no positions."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return Document(file, "", msgspec.json.decode(text))
    except msgspec.DecodeError:
        return None


class _Foreign(Walk):
    """Takes plain scalars as YAML 1.2 does, and lets ambiguous ones be."""

    def _scalar(self, node: yaml.ScalarNode) -> Scalar:
        self._check_tag(node)
        text: str = node.value
        if node.style:
            return text
        number: Scalar = msgspec.json.decode(text) if _NUMBER.fullmatch(text) else resolve(text)
        return number

    def _check_characters(self, node: yaml.ScalarNode) -> None:
        """Let any character be: nothing of this is rendered."""
