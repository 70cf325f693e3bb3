"""Which forms of a release record pass as the same record."""

from __future__ import annotations

import pytest

from generator.layout.formatting import same_but_for_record_style

HEAD = "# Rendered\nkind: Kustomization\nresources:\n- ../base\n"
OURS = f"""{HEAD}images:
- name: cart
  newName: "reg:5000/cart"
  newTag: "1.10"
- name: db
  newName: "reg:5000/db"
  newTag: "16"
"""
OTHER_QUOTES = """- name: cart
  newName: reg:5000/cart
  newTag: "1.10"
- name: db
  newName: reg:5000/db
  newTag: '16'
"""
OTHER_ORDER = """- newTag: "16"
  name: db
  newName: reg:5000/db
- newTag: "1.10"
  name: cart
  newName: reg:5000/cart
"""
INDENTED = """  - name: cart
    newName: reg:5000/cart
    newTag: "1.10"
  - name: db
    newName: reg:5000/db
    newTag: "16"
"""


@pytest.mark.parametrize("block", [OTHER_QUOTES, OTHER_ORDER, INDENTED], ids=["quotes", "order", "indentation"])
def test_a_bots_style_passes(block: str) -> None:
    """The same values in another form are the same record."""
    assert same_but_for_record_style(HEAD + "images:\n" + block, OURS)


@pytest.mark.parametrize(
    "disk",
    [
        pytest.param(OURS.replace('"1.10"', '"1.11"'), id="another value"),
        pytest.param(OURS.replace("newTag: ", "newTag:  "), id="a blank more"),
        pytest.param(OURS.replace('"16"', '"16" '), id="a blank at the end"),
        pytest.param(OURS.replace('"16"', '"16" # why'), id="a comment"),
        pytest.param(OURS.replace("  newTag", "   newTag"), id="crooked indentation"),
        pytest.param(OURS.replace("# Rendered", "# rendered"), id="a change above the record"),
        pytest.param(OURS + "\n", id="an empty line below"),
        pytest.param(OURS + "patches: []\n", id="a key below"),
        pytest.param(OURS.replace("- name: db", "- name: dc"), id="another image"),
        pytest.param(HEAD, id="no record"),
    ],
)
def test_anything_else_is_drift(disk: str) -> None:
    """A byte changed anywhere else does not pass as style."""
    assert not same_but_for_record_style(disk, OURS)
