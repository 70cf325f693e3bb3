"""Where a merged value came from."""

from __future__ import annotations

from textwrap import dedent

import pytest

from generator.inputs.explanation import annotated
from generator.inputs.layers import Layer, Layers
from generator.yamlio import parse


def layers(*texts: str) -> Layers:
    """Return layers, lowest first, in files called 0.yaml, 1.yaml ..."""
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


ENVIRONMENT = "external: [secret/registry]\n"
SYSTEM = "external: [payment, users.people]\n"
PAGE = "port: 80\nexternal:\n- configmap/ca\n"


def test_external_is_added_to_by_every_layer() -> None:
    """What a system's page names for all its services stays named on a page with a list of its own."""
    page = layers(ENVIRONMENT, SYSTEM, "external: []\n", PAGE)
    assert page.merged["external"] == ["secret/registry", "payment", "users.people", "configmap/ca"]
    assert annotated(page) == dedent("""\
        external:
        - secret/registry  # 0.yaml:1
        - payment          # 1.yaml:1
        - users.people     # 1.yaml:1
        - configmap/ca     # 3.yaml:3
        port: 80           # 3.yaml:1
        """)


def test_null_takes_away_what_lower_layers_list_under_external() -> None:
    """As it does everywhere; what stands above the null counts again."""
    assert "external" not in layers(SYSTEM, "external: null\n").merged
    above = layers(SYSTEM, "external: null\n", PAGE)
    assert above.merged["external"] == ["configmap/ca"]
    assert str(above.place(("external", 0))) == "2.yaml:3:3"


def test_a_joined_list_is_placed_where_its_topmost_layer_stands() -> None:
    """An index beyond the list is placed at what encloses it."""
    page = layers(SYSTEM, PAGE)
    assert str(page.place(("external",))) == "1.yaml:3:1"
    assert str(page.place(("external", 7))) == "1.yaml:3:1"


def test_a_list_of_that_name_deeper_in_a_page_replaces() -> None:
    """Only the page's own word is added to."""
    assert layers("env: {external: [a]}\n", "env: {external: [b]}\n").merged == {"env": {"external": ["b"]}}
