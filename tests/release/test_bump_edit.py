"""A release goes into the entry that is there, in the form that the entry has: a scalar, where that is enough."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.disk.tree import Tree
from generator.layout.release import Release, recorded
from generator.records.record import editable_entries
from generator.release.edit import fitted, put
from generator.yamlio.edit import SpliceError
from tests.examples import examples
from tests.release.test_bump_shapes import RELEASES, SHAPES, read_shape

PATH = "overlays/dev/cart/kustomization.yaml"
D1 = f"sha256:{'0123456789abcdef' * 4}"
D2 = f"sha256:{'fedcba9876543210' * 4}"
TAGS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", fullmatch=True)


def edited(data: bytes, release: Release, image: str = "cart") -> bytes:
    """Put a release into the entry of an image."""
    entry = editable_entries(Tree(Path("/nowhere"), {PATH: data}), "cart", "dev", [image]).get(image)
    return put(data, image, entry, fitted(release, entry.keys if entry else ()), "example.com")


def released(data: bytes, image: str = "cart") -> Release:
    """Return the release that anybody reads there."""
    return {name: release for _, name, release in recorded(yaml.load(data, Loader=yaml.CSafeLoader))}[image]


# A tag into any shape


@given(st.sampled_from(sorted({path.name for path in SHAPES.iterdir() if path.is_dir()} - RELEASES.keys())), TAGS)
@settings(max_examples=examples(300), deadline=None)
def test_any_tag_goes_into_any_shape(shape: str, tag: str) -> None:
    """The bytes before the value and behind it stay, everybody reads the tag, and there is a way back."""
    before, after = read_shape(shape)
    differs = next(number for number, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1])
    start = after.index(b'"1.5.0"', differs - len('"1.'))
    spliced = edited(before, Release(newTag=tag))
    assert spliced == after[:start] + f'"{tag}"'.encode() + after[start + len('"1.5.0"') :]
    assert released(spliced) == Release(newTag=tag)
    assert edited(spliced, Release(newTag="1.5.0")) == after


# Another shape


@pytest.mark.parametrize(
    ("before", "release", "after"),
    [
        pytest.param(
            'images:\n- name: cart\n  newTag: "1" # why\n# end\n',
            Release(digest=D1),
            f'images:\n- name: cart\n  digest: "{D1}" # why\n# end\n',
            id="a digest takes the tag's line",
        ),
        pytest.param(
            f"images:\r\n- digest: {D1}\r\n  name: cart\r\n",
            Release(newTag="2"),
            'images:\r\n- newTag: "2"\r\n  name: cart\r\n',
            id="a tag takes the digest's line",
        ),
        pytest.param(
            "images: [{name: cart, 'newTag': on}]",
            Release(digest=D1),
            f"images: [{{name: cart, 'digest': \"{D1}\"}}]",
            id="in flow style, quotes of the key kept",
        ),
        pytest.param(
            f'images:\n- name: cart\n  newTag: "1"\n  digest: {D1}\n- name: db\n  newTag: "1"\n',
            Release(newTag="2"),
            'images:\n- name: cart\n  newTag: "2"\n- name: db\n  newTag: "1"\n',
            id="the digest of another tag goes",
        ),
        pytest.param(
            f'images:\n- name: cart\n  newTag: "1"\n  digest: {D1} # no line end',
            Release(newTag="2"),
            'images:\n- name: cart\n  newTag: "2"\n  # no line end',
            id="at the end of the file, where a comment stays",
        ),
        pytest.param(
            f'images:\n- digest: {D1}\n  name: cart\n  newTag: "1"\n',
            Release(newTag="2"),
            'images:\n- name: cart\n  newTag: "2"\n',
            id="at the dash",
        ),
        pytest.param(
            f'images:\n- {{digest: {D1}, name: cart, newTag: "1"}}\n',
            Release(newTag="2"),
            'images:\n- {name: cart, newTag: "2"}\n',
            id="in front in flow style",
        ),
        pytest.param(
            f'images:\n- {{name: cart, newTag: "1", digest: {D1} }}\n',
            Release(newTag="2"),
            'images:\n- {name: cart, newTag: "2" }\n',
            id="at the end in flow style",
        ),
        pytest.param(
            f'images:\n- name: cart\n  newTag: "1"\n  digest: {D1}\n',
            Release(digest=D2),
            f'images:\n- name: cart\n  digest: "{D2}"\n',
            id="a digest alone",
        ),
        pytest.param(
            f'images:\n- name: cart\n  newTag: "1"\n  digest: {D1}\n',
            Release(newTag=f"2@{D2}"),
            f'images:\n- name: cart\n  newTag: "2"\n  digest: "{D2}"\n',
            id="both stay apart",
        ),
        pytest.param(
            "images:\n- name: cart\n  newTag: v1\n",
            Release(newTag="2", digest=D2),
            f'images:\n- name: cart\n  newTag: "2@{D2}"\n',
            id="both go into one",
        ),
        pytest.param(
            f"images:\n- name: cart\n  digest: {D1}\n",
            Release(newTag="2", digest=D2),
            f'images:\n- name: cart\n  newTag: "2@{D2}"\n',
            id="both go where the digest was",
        ),
        pytest.param(
            "images:\n- name: cart # none\n\n- name: db\n  newTag: v1\n",
            Release(newTag="2"),
            'images:\n- name: cart # none\n  newTag: "2"\n\n- name: db\n  newTag: v1\n',
            id="an entry without a release gets one",
        ),
        pytest.param(
            "images:\n- {name: cart}\n",
            Release(digest=D1),
            f'images:\n- {{name: cart, digest: "{D1}"}}\n',
            id="in flow style too",
        ),
        pytest.param(
            "images:\n- name: cart\n  newTag:\n  newName: x/cart\n",
            Release(digest=D1),
            f'images:\n- name: cart\n  newTag:\n  newName: x/cart\n  digest: "{D1}"\n',
            id="beside a key without a value",
        ),
        pytest.param(
            'images:\n- name: cart\n  newTag: "1"\n  digest:\n',
            Release(newTag="2"),
            'images:\n- name: cart\n  newTag: "2"\n  digest:\n',
            id="a key without a value stays",
        ),
    ],
)  # fmt: skip
def test_only_the_entry_changes(before: str, release: Release, after: str) -> None:
    """In a style that fits it."""
    assert edited(before.encode(), release).decode() == after


# A first entry


NEW = 'name: cart\n  newName: example.com/cart\n  newTag: "2"'
INDENTED, WINDOWS = NEW.replace("\n", "\n  "), NEW.replace("\n", "\r\n")
FLOW = '{name: cart, newName: example.com/cart, newTag: "2"}'
DATABASE = "{name: db, newTag: v1}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kind: Kustomization\n", f"kind: Kustomization\nimages:\n- {NEW}\n"),
        ("kind: Kustomization", f"kind: Kustomization\nimages:\n- {NEW}"),
        ("a: |\n  b\n# end\n...\n", f"a: |\n  b\nimages:\n- {NEW}\n# end\n...\n"),
        ("images: []\nkind: Kustomization\n", f"images: [{FLOW}]\nkind: Kustomization\n"),
        ("images: # none\nkind: Kustomization\n", f"images: [{FLOW}] # none\nkind: Kustomization\n"),
        ("images: null\n", f"images: [{FLOW}]\n"),
        ("{images: []}\n", f"{{images: [{FLOW}]}}\n"),
        ('images:\n- name: db\n  newTag: "1"\n', f'images:\n- name: db\n  newTag: "1"\n- {NEW}\n'),
        (f"images:\n- {DATABASE}\nx: z\n", f"images:\n- {DATABASE}\n- {FLOW}\nx: z\n"),
        (f"images: [{DATABASE}]\n", f"images: [{DATABASE}, {FLOW}]\n"),
        (
            "images:\n  - name: db\n    newTag: v1 # db\n",
            f"images:\n  - name: db\n    newTag: v1 # db\n  - {INDENTED}\n",
        ),
        ("images:\r\n- name: db\r\n  newTag: v1\r\n", f"images:\r\n- name: db\r\n  newTag: v1\r\n- {WINDOWS}\r\n"),
    ],
)
def test_a_new_image_gets_an_entry(before: str, after: str) -> None:
    """Behind the others, in the style of the last one."""
    assert edited(before.encode(), Release(newTag="2")).decode() == after


@pytest.mark.parametrize("text", ["{}\n", "- x\n", "images: text\n", "images: &all [{name: db}]\nx: *all\n"])
def test_where_no_entry_fits_is_said(text: str) -> None:
    """A kustomization that is none, or whose list is something else."""
    with pytest.raises(SpliceError):
        put(text.encode(), "cart", None, Release(newTag="2"), "example.com")
