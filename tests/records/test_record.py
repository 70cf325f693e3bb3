"""Reading release records: what is one, what is none, and what an edit may find."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.disk.tree import Tree
from generator.findings.errors import InputError
from generator.inputs.load import load
from generator.layout.release import Record, Release
from generator.records.record import editable_entries, read_record, record_document, records
from tests.prove.shop import FILES

PATH = "overlays/dev/cart/kustomization.yaml"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
ENTRY = 'write `- {name: IMAGE, newTag: "TAG"}`'


def tree(text: str, **others: str) -> Tree:
    """Return a shop with this kustomization in dev/cart."""
    files = FILES | {PATH: text} | {name.replace("__", "/"): content for name, content in others.items()}
    return Tree(Path("/nowhere"), {path: content.encode() for path, content in files.items()})


def read(text: str) -> tuple[Record | None, list[str]]:
    """Return a record and what is said about it."""
    record, complaints = read_record(tree(text), "cart", "dev")
    return record, [str(complaint).removeprefix(f"{PATH}:") for complaint in complaints]


# A record


@pytest.mark.parametrize(
    ("entry", "release"),
    [
        ('{name: cart, newTag: "1.4.2"}', Release(newTag="1.4.2")),
        (f'{{name: cart, newTag: "1.4.2@{DIGEST}"}}', Release(newTag=f"1.4.2@{DIGEST}")),
        (f"{{name: cart, digest: {DIGEST}}}", Release(digest=DIGEST)),
        (f"{{name: cart, newTag: v1, digest: {DIGEST}}}", Release(newTag="v1", digest=DIGEST)),
    ],
)
def test_a_release_has_a_tag_or_a_digest_or_both(entry: str, release: Release) -> None:
    """Whoever wrote them."""
    assert read(f"images:\n- {entry}\n") == ({"cart": release}, [])


@pytest.mark.parametrize("text", ["kind: Kustomization\n", "images: []\n", "images:\n", ""])
def test_a_record_may_be_empty(text: str) -> None:
    """An overlay may use no image of ours."""
    assert read(text) == ({}, [])


def test_without_an_overlay_there_is_no_record() -> None:
    """That is no fault: it is not released there."""
    assert read_record(tree(""), "cart", "prod") == (None, [])


def test_an_overlay_that_lost_its_kustomization_is_a_fault() -> None:
    """Rendering it anew would forget which image runs."""
    lost = tree("", overlays__prod__cart__deployment="x")
    record, (complaint,) = read_record(lost, "cart", "prod")
    assert (record, complaint.rule) == (None, "REL003")


@pytest.mark.parametrize("name", ["hold.yaml", "patches/own.yaml", "resources/own.yaml"])
def test_before_the_first_release_there_may_be_files_of_people(name: str) -> None:
    """They came first, and nothing was lost."""
    files = {f"overlays/prod/cart/{name}": b""}
    assert record_document(Tree(Path("/nowhere"), files), "cart", "prod") == (None, [])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("images: text\n", f"1:1: error REL002: 'images' must be a list; {ENTRY}"),
        ("images:\n- {newTag: x}\n", f"2:3: error REL002: an entry that names no image; {ENTRY}"),
        ("images:\n- text\n", f"2:3: error REL002: an entry that names no image; {ENTRY}"),
        (
            "images:\n- {name: cart}\n",
            '2:3: error REL002: an entry without newTag and digest; add newTag: "TAG"',
        ),
        (
            'images:\n- {name: cart, newTag: "a b"}\n',
            "2:24: error REL002: 'a b' is no image tag; e.g. \"1.4.2\"",
        ),
        (
            "images:\n- {name: cart, digest: abc}\n",
            "2:24: error REL002: 'abc' is no image digest; e.g. \"sha256:<64 hex digits>\"",
        ),
        (
            "images:\n- {name: cart, newTag: 1.10}\n",
            '2:24: error WRK003: `newTag: 1.10` is read as a number, not as text; write newTag: "1.10"',
        ),
        (
            "images:\n- {name: cart, newTag: {a: b}}\n",
            "2:24: error REL002: 'newTag' must be text; write newTag: \"...\"",
        ),
        (
            "images:\n- {name: cart, newTag: v1}\n- {name: cart, newTag: v2}\n",
            "3:3: error REL002: a second entry for image 'cart'; keep one of the two",
        ),
    ],
)
def test_what_is_no_record_is_said(text: str, complaint: str) -> None:
    """At its line and column, with the smallest fix."""
    assert read(text)[1] == [complaint]


def test_what_cannot_be_read_is_no_record() -> None:
    """A fault of YAML comes alone."""
    record, (complaint,) = read("images: [\n")
    assert record is None
    assert "not YAML" in complaint


def test_the_records_of_a_service() -> None:
    """By environment, those where it is released."""
    two = {name: FILES[name].replace("dev", "prod") for name in ("environments/dev.yaml", "clusters/dev.yaml")}
    others = {name.replace("dev", "prod"): text for name, text in two.items()}
    others["gitops.yaml"] = FILES["gitops.yaml"].replace("[dev]", "[dev, prod]")
    others["systems/shop.yaml"] = FILES["systems/shop.yaml"] + "  prod: {cluster: prod, registry: example.com}\n"
    found = tree('images:\n- {name: cart, newTag: "1.4.2"}\n', **others)
    project = load(found)
    assert project.environments_of(project.page("cart")) == ("dev", "prod")
    assert records(project, found, project.page("cart")) == {"dev": {"cart": Release(newTag="1.4.2")}}


def test_a_fault_in_any_record_is_said() -> None:
    """Nothing is rendered from half of them."""
    found = tree("images: text\n")
    project = load(found)
    with pytest.raises(InputError, match="must be a list"):
        records(project, found, project.page("cart"))


# What an edit finds


def written(text: str, *images: str) -> dict[str, tuple[Release, tuple[str, ...], bool]]:
    """Return what stands in each entry, its keys, and whether it is a release."""
    entries = editable_entries(tree(text), "cart", "dev", images)
    return {name: (entry.written, entry.keys, entry.fits) for name, entry in entries.items()}


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("1.10", "1.10"),
        ("1_000", "1_000"),
        ("on", "on"),
        ("0x1F", "0x1F"),
        ("2026-11-21", "2026-11-21"),
        ('"a b"', "a b"),
    ],
)
def test_an_unfit_value_is_given_as_it_is_written(value: str, tag: str) -> None:
    """It is about to be replaced, so it is no complaint."""
    assert written(f"images:\n- {{name: cart, newTag: {value}}}\n", "cart") == {
        "cart": (Release(newTag=tag), ("newTag",), False)
    }


@pytest.mark.parametrize("value", ["{a: b}", "", "null"])
def test_a_value_that_is_no_text_is_given_as_none(value: str) -> None:
    """The key is there all the same."""
    assert written(f"images:\n- name: cart\n  newTag: {value}\n", "cart") == {"cart": (Release(), ("newTag",), False)}


def test_a_sound_entry_fits() -> None:
    """With one key or two; one without any is none."""
    text = f'images:\n- {{name: cart, digest: "{DIGEST}", newTag: "1"}}\n- {{name: db}}\n'
    assert written(text, "cart", "db") == {
        "cart": (Release(newTag="1", digest=DIGEST), ("newTag", "digest"), True),
        "db": (Release(), (), False),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("images:\n- {name: cart, newTag: 1.10}\n- {name: db, newTag: 1.10}\n", "3:22: error WRK003"),
        ("images:\n- {name: cart, newTag: on}\n- {name: db, newTag: on}\n", "3:22: error WRK003"),
        ("images:\n- {name: cart, newTag: v1}\n- {name: cart, newTag: v1}\n", "3:3: error REL002"),
        ("images: [\n", "error SPC001"),
        ("images:\n- {name: cart, newTag: on}\nx: on\n", "3:4: error WRK003"),
    ],
)
def test_whatever_else_is_wrong_is_said(text: str, said: str) -> None:
    """Other images, a second entry for the same one, and YAML itself."""
    with pytest.raises(InputError) as error:
        written(text, "cart")
    assert said in str(error.value)
    assert str(error.value).count("error") == 1


def test_an_entry_knows_its_place() -> None:
    """That of its value, or its own where it has none."""
    text = 'images:\n- name: cart\n  newTag: "1"\n- name: db\n'
    entries = editable_entries(tree(text), "cart", "dev", ["cart", "db"])
    assert {name: str(entry.place) for name, entry in entries.items()} == {"cart": f"{PATH}:3:11", "db": f"{PATH}:4:3"}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_reading_never_fails(data: bytes) -> None:
    """Whatever the bytes are, the answer is a record or a complaint."""
    found = Tree(Path("/nowhere"), {PATH: data})
    record, complaints = read_record(found, "cart", "dev")
    assert record is not None or complaints
    with suppress(InputError):
        editable_entries(found, "cart", "dev", ["cart"])
