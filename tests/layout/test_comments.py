"""Comments of a release record survive rendering: at the same image, above or beside the same key."""

from __future__ import annotations

import pytest

from generator.layout.comments import commented
from generator.layout.formatting import same_but_for_record_style
from generator.layout.recordtext import record_text, without_record
from generator.paths import HEADER
from generator.yamlio.comments import comments

HEAD = f"{HEADER}resources:\n- ../../../base/web\n"
PLAIN = f"""{HEAD}images:
- name: web
  newName: "registry.example.com/web"
  newTag: "1.4.2"
- name: web-migrations
  newName: "registry.example.com/web-migrations"
  newTag: "1.4.2"
"""
FULL = f"""{HEAD}
# Frozen for the audit, ask the shop team.

# A second one.
images: # kept by two bots
# about web
- name: web
  newName: "registry.example.com/web"
  # renovate: depName=shop/web
  newTag: "1.4.2"  # {{"$imagepolicy": "flux-system:web:tag"}}
# about the migrations

# and more about them
- name: web-migrations # the same release
  newName: "registry.example.com/web-migrations"
  newTag: "1.4.2" # {{"$imagepolicy": "flux-system:web-migrations:tag"}}
# the end
"""
PLACES = {
    "above": PLAIN.replace("images:", "# note\nimages:"),
    "above-after-a-blank-line": PLAIN.replace("images:", "\n# note\n\nimages:"),
    "behind-images": PLAIN.replace("images:", "images:   # note"),
    "above-an-entry": PLAIN.replace("- name: web-m", "# note\n- name: web-m"),
    "above-a-key": PLAIN.replace('  newTag: "1.4.2"\n-', '  # note\n  newTag: "1.4.2"\n-'),
    "behind-a-value": PLAIN.replace('"1.4.2"\n-', '"1.4.2" # note\n-'),
    "behind-the-name": PLAIN.replace("name: web\n", "name: web # note\n"),
    "at-the-end": f"{PLAIN}# note\n# and more\n",
    "at-the-end-after-a-blank-line": f"{PLAIN}\n# note\n",
    "everywhere": FULL,
}


def again(text: str, plain: str = PLAIN) -> str:
    """Render the record anew, with the comments of a text."""
    found = record_text(text)
    assert found is not None
    return commented(plain, found.comments)


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_what_is_rendered_is_what_was_there(text: str) -> None:
    """To the byte: no drift, and nothing to tidy."""
    assert again(text) == text


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_windows_line_ends_are_no_part_of_a_comment(text: str) -> None:
    """They are git's to say."""
    assert again(text.replace("\n", "\r\n")) == text


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_a_comment_belongs_to_the_record(text: str) -> None:
    """So a hand edit is only what differs around it."""
    assert without_record(text) == without_record(PLAIN) == HEAD


def test_comments_elsewhere_are_none_of_the_record() -> None:
    """Above `resources:` they are an edit by hand, as before."""
    text = PLAIN.replace("resources:", "# note\nresources:")
    assert again(text) == PLAIN
    assert without_record(text) != without_record(PLAIN)


def test_the_header_is_no_comment_of_the_record() -> None:
    """Even where nothing stands between the two."""
    assert again(f"{HEADER}# note\n{PLAIN.removeprefix(HEAD)}") == PLACES["above"]


def test_an_image_that_goes_takes_its_own_comments_along() -> None:
    """And those of no other."""
    one = PLAIN.partition("- name: web-migrations")[0]
    kept = FULL.partition("# about the migrations")[0]
    assert again(FULL, one) == f"{kept}# the end\n"


def test_an_image_that_comes_has_none() -> None:
    """The others keep theirs, wherever it is put."""
    entry = '- name: new\n  newName: "registry.example.com/new"\n  newTag: "1"\n'
    before, after = PLAIN.replace("- name: web\n", f"{entry}- name: web\n"), f"{PLAIN}{entry}"
    assert again(FULL, before) == FULL.replace("# about web\n", f"{entry}# about web\n")
    assert again(FULL, after) == FULL.replace("# the end\n", f"{entry}# the end\n")


def test_a_key_that_goes_leaves_its_comments_to_the_entry() -> None:
    """A tag became a digest: the marker stays with its image."""
    digest = PLAIN.replace('  newTag: "1.4.2"\n-', '  digest: "sha256:0"\n-')
    text = again(PLAIN.replace('"1.4.2"\n-', '"1.4.2" # marker\n-'), digest)
    assert text == digest.replace("- name: web\n", "# marker\n- name: web\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{HEAD}images: [{{name: web, newTag: '1'}}] # note\n", id="one line"),
        pytest.param(f"{HEAD}images:\n- {{name: web, newTag: '1'}} # note\n", id="an entry on a line"),
        pytest.param(f"{HEAD}images: [\n  {{name: web, # note\n   newTag: '1'}}\n]\n", id="flow over lines"),
        pytest.param(f"{HEAD}images: [\n  {{name: web, newTag: '1'}}\n] # note\n", id="behind the bracket"),
        pytest.param(f"{HEAD}images:\n  - newTag: '1'\n    # note\n    name: web\n", id="other order and indentation"),
    ],
)
def test_no_comment_is_lost_from_a_form_that_is_not_ours(text: str) -> None:
    """It is rendered in our form, and the comment near where it was."""
    rendered = again(text)
    assert rendered.count("# note") == 1
    assert again(rendered) == rendered


def test_a_sign_inside_a_value_is_no_comment() -> None:
    """Whatever quotes are around it, over several lines too."""
    text = "a: 'x # y'\nb: \"x # y\" # yes\nc: x#y\nd: |\n  # no\n# yes\n"
    assert comments(text) == {1: (10, " # yes"), 5: (0, "# yes")}


def test_comments_count_where_a_bots_style_passes() -> None:
    """Other quotes are the same record; another comment is not what was rendered."""
    assert same_but_for_record_style(FULL.replace('"registry.example.com/web"', "registry.example.com/web"), FULL)
    assert not same_but_for_record_style(FULL.replace("about web", "about this"), FULL)


def test_as_many_comments_as_a_file_can_hold_are_read() -> None:
    """Half a megabyte of them."""
    text = PLAIN + "# # #\n" * 80_000
    assert again(text) == text
