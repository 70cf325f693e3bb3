"""A string that Fairlead writes is the same string to YAML 1.1, to YAML 1.2 and to kustomize."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from generator.tools.install import ensure
from generator.tools.kustomize import build
from generator.tools.pins import KUSTOMIZE
from generator.yamlio import built, dump, dump_all, parse
from generator.yamlio.walk import FORBIDDEN
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

# What some reader took for a number, a date, a boolean, a merge, a tag, a comment or an end.
WORDS = r"""
    y n yes No on OFF true False null ~ 1 1.10 0o14 014 0x1F 1e3 12e4567 0b1 1_000 12:30:45 2024-05-01 .5 5. +1 -1 .inf
    2001-12-14t21:59:43.10-05:00 -.INF .nan NaN Infinity << = - ? : # & * ! | > &a *a !a %a @a `a {a} [a] a,b ' " \\ \n
    --- ... é 😀 $(A) ${A} 706798e8 0e12 1E3 0X1F a:b a#b 'a' "a" 9007199254740993 99999999999999999999 1:2 0.1e-7
"""
AWKWARD = [
    *WORDS.split(),
    *("", " ", "- a", "a: b", "a #b", "{{ a }}", "a" * 300, "a b " * 60, "sha256:" + "a" * 64),
    *("a\nb", "a\n", "\na", "a\n\n", " a\n", "a \nb\n", "\ta", "a\t", "a\tb\n", "---\na\n", "key: |\n  text\n"),
    *(
        "\n",
        "\n\n",
        "#\n",
        "- a\n- b\n",
        "a\r\nb\r\n",
        "a\rb",
        "\x85",
        "\u2028",
        "a\u2029b",
        "\ufeff",
        "\xa0",
        "\u200bz",
    ),
]

# What a page may hold, with the characters that mean something to YAML more often than their share.
_REFUSED = [chr(code) for code in range(0x10000) if FORBIDDEN.match(chr(code))]
_SIGNS = "0123456789eExob_-+.:~yYnNoOfFtTrRuUlLsS #\"'\\\n"
CHARACTERS = st.characters(codec="utf-8", exclude_characters=_REFUSED) | st.sampled_from(_SIGNS)
STRINGS = st.text(CHARACTERS, max_size=40)
ROUND_TRIP = YAML(typ="safe", pure=True)


@given(STRINGS)
@settings(max_examples=examples(300), deadline=None)
def test_strings_survive_both_versions_of_yaml(text: str) -> None:
    """As value, as key, in a list and deeper down."""
    check({"value": text, "list": [text, {"deep": text}], text or "empty": "key"})


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_strings_survive_both_versions_of_yaml(text: str) -> None:
    """Each of them was misread by some reader once."""
    check({"value": text, "list": [text, [text]], text: "key"})


def check(value: Any) -> None:
    """Read `value` back with three readers."""
    written = dump(value)
    assert yaml.safe_load(written) == value
    assert ROUND_TRIP.load(written) == value
    if not FORBIDDEN.search(str(value["value"])):
        document, problems = parse(written.encode(), "written")
        assert document is not None, problems
        assert document.value == value


SCALARS = STRINGS | st.integers(-(10**9), 10**9) | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4), max_leaves=15
)


@given(VALUES)
@settings(max_examples=examples(200), deadline=None)
@example([[], {}, [[]], [{}], {"": [[]]}])
def test_whole_documents_survive(value: Any) -> None:
    """Lists in lists, empty ones, text blocks inside them."""
    written = dump(value)
    assert yaml.safe_load(written) == value
    assert ROUND_TRIP.load(written) == value


@pytest.fixture(scope="module")
def kustomize() -> Path:
    """Return the kustomize of most Argo CD releases."""
    return ensure(KUSTOMIZE, "5.8.1")


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STRINGS, min_size=40, max_size=80))
@example([text for text in AWKWARD if not FORBIDDEN.search(text)])
def test_strings_survive_kustomize(kustomize: Path, tmp_path: Path, texts: list[str]) -> None:
    """As data of a ConfigMap and as an environment variable, many in one build."""
    data = {f"k{number}": text for number, text in enumerate(texts)}
    variables = [{"name": f"K{number}", "value": text} for number, text in enumerate(texts)]
    objects = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "texts"}, "data": data},
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "texts"},
            "spec": {"containers": [{"name": "texts", "image": "texts:1", "env": variables}]},
        },
    ]
    (tmp_path / "objects.yaml").write_text(dump_all(objects), encoding="utf-8", newline="\n")
    (tmp_path / "kustomization.yaml").write_text("resources: [objects.yaml]\nimages: [{name: texts, newTag: '1e3'}]\n")
    config, pod = sorted(built(build(kustomize, tmp_path).decode()), key=lambda made: str(made["kind"]))
    assert config["data"] == data
    assert pod["spec"]["containers"][0]["env"] == variables
    assert pod["spec"]["containers"][0]["image"] == "texts:1e3"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a:\n\tb\n", "|\n  a:\n  \tb\n"),
        ("a\nb", "|-\n  a\n  b\n"),
        ("\n  a\nb\n", "|2\n\n    a\n  b\n"),
        (" a\nb", "|2-\n   a\n  b\n"),
        ("\ta\nb\n", '"\\ta\\nb\\n"\n'),
        ("a\nb \n", '"a\\nb \\n"\n'),
        ("a\nb\n\n", '"a\\nb\\n\\n"\n'),
        ("a\rb\n", '"a\\rb\\n"\n'),
    ],
    ids=["tab", "no end", "blank start", "neither", "tab at the start", "blank at the end", "empty lines", "return"],
)
def test_a_text_of_several_lines_reads_as_it_is_where_every_reader_sees_it_so(text: str, written: str) -> None:
    """What could not be seen at its end stays in quotes; and with a tab at its start kustomize cannot read itself."""
    assert dump({"text": text}) == f"text: {written}"
