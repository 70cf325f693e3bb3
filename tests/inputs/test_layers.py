"""Where a merged value came from."""

from __future__ import annotations

from textwrap import dedent

import pytest

from generator.inputs.explanation import annotated
from generator.inputs.layers import Layer, Layers
from generator.yamlio import parse


def layers(*texts: str) -> Layers:
    """Give layers, lowest first, in files called 0.yaml, 1.yaml ..."""
    made = []
    for number, text in enumerate(texts):
        document, problems = parse(dedent(text).encode(), f"{number}.yaml")
        assert document is not None, problems
        made.append(Layer(document, (), document.value))
    return Layers(tuple(made))


LOWER = """\
    env: {A: one, B: two}
    command: [run, fast]
    service: {port: 80}
    """
UPPER = """\
    env:
      B: three
    command: [walk]
    service: null
    """


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("env", "A"), "0.yaml:1:10"),
        (("env", "B"), "1.yaml:2:6"),
        (("command", 0), "1.yaml:3:11"),
        (("env", "C"), "1.yaml:2:3"),
        (("nothing",), "1.yaml:1:1"),
        ((), "1.yaml:1:1"),
    ],
    ids=str,
)
def test_a_value_is_placed_where_its_topmost_layer_says_it(path: tuple[str | int, ...], place: str) -> None:
    """What no layer sets is placed at what encloses it."""
    assert str(layers(LOWER, UPPER).place(path)) == place


def test_the_key_is_found_too() -> None:
    """Complaints about a key point at the key."""
    assert str(layers(LOWER, UPPER).key_place(("env", "B"))) == "1.yaml:2:3"


def test_every_leaf_line_names_its_origin() -> None:
    """Removed values are not shown."""
    assert annotated(layers(LOWER, UPPER)) == dedent("""\
        env:
          A: one    # 0.yaml:1
          B: three  # 1.yaml:2
        command:
        - walk      # 1.yaml:3
        """)


def test_a_text_of_several_lines_names_its_origin_at_its_head() -> None:
    """A comment inside a block scalar would be text."""
    page = layers("motd: |\n  hello\n  world\nempty: {}\n")
    assert annotated(page) == "motd: |    # 0.yaml:1\n  hello\n  world\nempty: {}  # 0.yaml:4\n"
