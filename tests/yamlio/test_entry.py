"""Shutting an environment out on a person's page: the entry changes, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.yamlio import parse
from generator.yamlio.edit import SpliceError
from generator.yamlio.entry import shut_out

LAYOUTS = {
    "no environments": ("system: shop\nport: 80\n", "system: shop\nport: 80\nenvironments:\n  prod: false\n"),
    "no environments, comments at the end": (
        "system: shop\nenv:\n  A: b # why\n# the end\n",
        "system: shop\nenv:\n  A: b # why\nenvironments:\n  prod: false\n# the end\n",
    ),
    "no environments, no newline at the end": (
        "system: shop\nport: 80",
        "system: shop\nport: 80\nenvironments:\n  prod: false\n",
    ),
    "no environments, an end mark": (
        "---\nsystem: shop\n...\n",
        "---\nsystem: shop\nenvironments:\n  prod: false\n...\n",
    ),
    "no environments, a block of text at the end": (
        "system: shop\nenv:\n  A: |\n    x\n",
        "system: shop\nenv:\n  A: |\n    x\nenvironments:\n  prod: false\n",
    ),
    "another environment": (
        "environments:\n  dev: # small\n    replicas: 1 # one\n  # below\n\n# the port\nport: 80\n",
        "environments:\n  dev: # small\n    replicas: 1 # one\n  prod: false\n  # below\n\n# the port\nport: 80\n",
    ),
    "another environment, indented by four": (
        "environments:\n    dev:\n        replicas: 1\nport: 80\n",
        "environments:\n    dev:\n        replicas: 1\n    prod: false\nport: 80\n",
    ),
    "another environment that ends in text": (
        "environments:\n  dev:\n    env:\n      A: |\n        x\n\nport: 80\n",
        "environments:\n  dev:\n    env:\n      A: |\n        x\n  prod: false\n\nport: 80\n",
    ),
    "another environment that ends in text with its blank lines": (
        "environments:\n  dev:\n    env:\n      A: |+\n        x\n\nport: 80\n",
        "environments:\n  dev:\n    env:\n      A: |+\n        x\n\n  prod: false\nport: 80\n",
    ),
    "another environment that ends in a list": (
        "environments:\n  dev:\n    external:\n    - a\n    - b # c\nport: 80\n",
        "environments:\n  dev:\n    external:\n    - a\n    - b # c\n  prod: false\nport: 80\n",
    ),
    "a mapping there": (
        "environments:\n  # big\n  prod: # 4\n    replicas: 4 # y\n    env:\n      A: b\n    # in\n  # qa\n  qa: {}\n",
        "environments:\n  # big\n  prod: false # 4\n  # qa\n  qa: {}\n",
    ),
    "a mapping there, in one line": (
        "environments:\n  prod: {replicas: 4} # why\n  dev: {}\n",
        "environments:\n  prod: false # why\n  dev: {}\n",
    ),
    "a mapping there, on the next line": (
        "environments:\n  prod:\n    {replicas: 4}\nport: 80\n",
        "environments:\n  prod: false\nport: 80\n",
    ),
    "nothing there": ("environments:\n  prod:\n  dev: {}\n", "environments:\n  prod: false\n  dev: {}\n"),
    "null there": ("environments:\n  prod: ~ # x\n  dev: {}\n", "environments:\n  prod: false # x\n  dev: {}\n"),
    "an alias there": (
        "environments:\n  dev: &d\n    replicas: 1\n  prod: *d # same\n",
        "environments:\n  dev: &d\n    replicas: 1\n  prod: false # same\n",
    ),
    "an alias before": (
        "environments:\n  dev: &d {replicas: 1}\n  test: *d # same\nport: 80\n",
        "environments:\n  dev: &d {replicas: 1}\n  test: *d # same\n  prod: false\nport: 80\n",
    ),
    "flow style": (
        "environments: {dev: {replicas: 1}} # x\nport: 80\n",
        "environments: {dev: {replicas: 1}, prod: false} # x\nport: 80\n",
    ),
    "flow style, a mapping there": (
        "environments: {prod: {replicas: 4}, dev: {}}\nport: 80\n",
        "environments: {prod: false, dev: {}}\nport: 80\n",
    ),
    "flow style over several lines": (
        "environments: {\n  dev: {}, # d\n  prod: {replicas: 2} # p\n}\n",
        "environments: {\n  dev: {}, # d\n  prod: false # p\n}\n",
    ),
    "an empty flow mapping": ("environments: {}\nport: 80\n", "environments: {prod: false}\nport: 80\n"),
    "null": ("environments: # none yet\nport: 80\n", "environments: {prod: false} # none yet\nport: 80\n"),
    "a page in flow style": ("{system: shop, port: 80}\n", "{system: shop, port: 80, environments: {prod: false}}\n"),
    "quoted keys": (
        "\"environments\":\n  'prod': {replicas: 2}\nport: 80\n",
        "\"environments\":\n  'prod': false\nport: 80\n",
    ),
    "umlauts before it": (
        "env: {A: ä}\nenvironments: {dev: {env: {A: ü}}, prod: {env: {A: é}}} # é\n",
        "env: {A: ä}\nenvironments: {dev: {env: {A: ü}}, prod: false} # é\n",
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_entry_changes_and_nothing_else(layout: str, newline: str) -> None:
    """Comments, quotes and indentation stay; a page in CRLF stays one."""
    before, after = (text.replace("\n", newline).encode() for text in LAYOUTS[layout])
    assert shut_out(before, "prod") == after


@pytest.mark.parametrize("layout", LAYOUTS)
def test_twice_is_once(layout: str) -> None:
    """An environment that is shut out already stays so, byte for byte."""
    once = shut_out(LAYOUTS[layout][0].encode(), "prod")
    assert shut_out(once, "prod") == once


def test_a_byte_order_mark_stays() -> None:
    """Windows editors put one in front."""
    assert shut_out("\ufeffsystem: shop\n".encode(), "prod").startswith("\ufeffsystem: shop\n".encode())


@pytest.mark.parametrize(
    "page",
    [
        "environments:\n  prod: &p\n    replicas: 1\n  dev: *p\n",
        "x: &e {dev: {}}\nenvironments: *e\n",
        "system: shop\nenv:\n  A: |\n    no newline",
        "",
        "- a\n",
    ],
    ids=["others alias it", "an alias of something else", "text without an end", "empty", "a list"],
)
def test_what_cannot_be_edited_alone_is_refused(page: str) -> None:
    """An edit that would say something else about another key is none."""
    with pytest.raises(SpliceError):
        shut_out(page.encode(), "prod")


WORDS = st.sampled_from(["a", "b b", "x: y", "# no", "é", "1.10", "on", "", "line\nline\n", "- a"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    WORDS | st.integers(0, 9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pqrs"), inner, max_size=3),
    max_leaves=6,
)
PAGES = st.fixed_dictionaries(
    {"system": st.just("shop")},
    optional={
        "env": st.dictionaries(st.sampled_from("ABC"), WORDS, max_size=3),
        "environments": st.dictionaries(
            st.sampled_from(["dev", "prod", "qa"]), st.dictionaries(WORDS, VALUES), max_size=3
        ),
        "zone": VALUES,
    },
)


@settings(deadline=None)
@given(PAGES, st.sampled_from([None, True, False]), st.integers(2, 5), st.sampled_from(["\n", "\r\n"]))
def test_any_layout_of_any_page(page: dict[str, Any], flow: bool | None, indent: int, newline: str) -> None:  # noqa: FBT001
    """Whatever style a page is written in: that one entry differs, and the lines before it are the same."""
    text = yaml.safe_dump(
        page, default_flow_style=flow, indent=indent, line_break=newline, allow_unicode=True, sort_keys=False
    )
    after, _ = parse(shut_out(text.encode(), "prod"), "after")
    before, _ = parse(text.encode(), "before")
    assert before is not None
    assert after is not None
    assert after.value == {**before.value, "environments": {**(before.value.get("environments") or {}), "prod": False}}
