"""Templates: every text and every failure in these tables is Argo CD 3.5.7's own."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.gotext import go_text
from generator.controller.gotemplate.template import render, render_deep, render_plain

PARAMETERS = {
    "path": {"path": "overlays/dev/Orders_x", "basename": "Orders_x", "segments": ["overlays", "dev", "Orders_x"]},
    "port": 8080.0,
    "big": 1e6,
    "empty": "",
    "nothing": None,
    "list": [1.0, "a"],
}
RENDERED = [
    ("plain", "plain"),
    ("dev-{{ .path.basename }}", "dev-Orders_x"),
    ("{{.path.path}}", "overlays/dev/Orders_x"),
    ("{{ index .path.segments 1 }}", "dev"),
    ("{{ .path.segments }}", "[overlays dev Orders_x]"),
    ('{{ .path.basename | lower | replace "_" "-" }}', "orders-x"),
    ("{{ normalize .path.basename }}", "orders-x"),
    ("{{ .path.basename | trunc 3 }}{{ .path.basename | trunc -2 }}", "Ord_x"),
    ('{{ default "none" .empty }}', "none"),
    ("{{ .path.basename | quote }}", '"Orders_x"'),
    ("a {{- .empty -}} b", "ab"),
    ("{{ .port }} {{ .big }}", "8080 1e+06"),
    ("{{ .list }}", "[1 a]"),
    ("{{ .nothing }}", "<no value>"),
    ("{{ (index .path.segments 0) | upper }}", "OVERLAYS"),
    ("{{ `raw` }}{{ 3 }}{{ true }}", "raw3true"),
    ("}} {{ .empty }}", "}} "),
]
FAILING = [
    "{{ .missing }}",
    "{{ .path.missing }}",
    "{{ .missing.deeper }}",
    "{{ .port.deeper }}",
    "{{ .nothing.deeper }}",
    "{{ index .path.segments 7 }}",
    "{{ lower .port }}",
    "{{ lower .path.basename .path.basename }}",
    "{{ trunc .path.basename 3 }}",
    "{{ .path.basename",
    "{{}}",
    "{{ .path.basename .empty }}",
]
UNSUPPORTED = [
    "{{ if .empty }}a{{ end }}",
    "{{ range .list }}{{ . }}{{ end }}",
    "{{ sha256sum .empty }}",
    '{{ printf "%s" .empty }}',
    "{{ $x := .empty }}",
    "{{/* words */}}",
    '{{ .missing | env "HOME" }}',
]


@pytest.mark.parametrize(("text", "rendered"), RENDERED)
def test_a_template_of_go(text: str, rendered: str) -> None:
    """Fields, the functions that names are made with, and how Go prints values."""
    assert render(text, PARAMETERS, ("missingkey=error",)) == rendered


@pytest.mark.parametrize("text", FAILING)
def test_what_fails_in_argo_cd_fails_here(text: str) -> None:
    """A missing key with missingkey=error, a wrong type, a text that is no template."""
    with pytest.raises(ExpansionError):
        render(text, PARAMETERS, ("missingkey=error",))


@pytest.mark.parametrize("text", UNSUPPORTED)
def test_what_is_not_worked_out_is_said(text: str) -> None:
    """Whatever its parameters are: Argo CD may well render it."""
    with pytest.raises(UnsupportedError):
        render(text, PARAMETERS, ("missingkey=error",))


def test_without_the_option_a_missing_key_leaves_words_behind() -> None:
    """Which then are part of the name; a default takes their place."""
    assert render("{{ .missing }}-{{ .missing.deeper }}", PARAMETERS) == "<no value>-<no value>"
    assert render('{{ .missing | default "x" }}', PARAMETERS) == "x"


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("{{path}}", "overlays/dev/x"),
        ("{{ path.basename }}-{{path[1]}}", "x-dev"),
        ("{{nope}} {{ nope }}", "{{nope}} {{ nope }}"),
        ("{{port}}", "{{port}}"),
        ("{{path}\n}", "{{path}\n}"),
        ("{{}}", "{{}}"),
    ],
)
def test_an_older_template(text: str, rendered: str) -> None:
    """What it does not know, it leaves as it is."""
    known = {"path": "overlays/dev/x", "path.basename": "x", "path[1]": "dev", "port": 3}
    assert render_plain(text, known) == rendered


def test_an_older_template_without_its_end_fails() -> None:
    """As fasttemplate has it, where another one on the line is whole."""
    with pytest.raises(ExpansionError):
        render_plain("{{path}} {{path", {"path": "x"})


def test_keys_are_rendered_too_and_nothing_else() -> None:
    """Numbers and booleans stay, what is null is left out."""
    value = {"{{ .empty }}key": ["{{ .port }}", 3, True], "gone": None}
    assert render_deep(value, PARAMETERS, ()) == {"key": ["8080", 3, True]}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.5, "-0.5"), (999999.0, "999999"), (1234567.0, "1.234567e+06"), (1e-05, "1e-05"), (1e21, "1e+21")],
)
def test_how_go_prints_numbers(value: float, text: str) -> None:
    """An account id on a page would be no name: 111122223333 is 1.11122223333e+11."""
    assert go_text(value) == text


@given(st.text(alphabet="ab {}.\n-", max_size=30).filter(lambda text: "{{" not in text))
def test_a_text_without_actions_stays(text: str) -> None:
    """In both forms."""
    assert render(text, {}) == render_plain(text, {}) == text


@given(st.text(alphabet='{}.-| "`()abx3$\n', max_size=24))
def test_a_template_renders_fails_or_is_refused(text: str) -> None:
    """Nothing else comes out of one, however broken."""
    with contextlib.suppress(ExpansionError, UnsupportedError):
        assert isinstance(render(text, {"a": "x"}), str)
