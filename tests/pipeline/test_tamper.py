"""Nothing in base/ and overlays/ can be changed by hand without being noticed, but for a release record's value."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import Tree
from generator.disk.tree import read as read_tree
from generator.kubernetes.image import is_tag
from generator.paths import HEADER
from generator.roots import is_rendered_path
from tests.conftest import CHECKOUT

from .conftest import drift

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Fairlead, Git

GENERATED = [
    path
    for path, data in read_tree(CHECKOUT).files.items()
    if is_rendered_path(path) and data.startswith(HEADER.encode())
]
RECORDS = [path for path in GENERATED if re.fullmatch(r"overlays/\w+/[\w-]+/kustomization\.yaml", path)]
OVERLAYS = sorted({path.rpartition("/")[0] for path in GENERATED if path.startswith("overlays/")})
BASES = sorted({path.rpartition("/")[0] for path in GENERATED if path.startswith("base/")})
RELEASED = [folder for folder in OVERLAYS if f"base/{folder.rpartition('/')[2]}" in BASES]
DEPLOYMENT = "base/frontend/deployment.yaml"

_VALUE = re.compile(rb'^  (?:newTag|digest): "([^"\n]*)"$', re.MULTILINE)

Damage = tuple[int, bytes]


def replaced(data: bytes, position: int) -> Damage:
    """Put another letter at a position."""
    return position, data[:position] + (b"x" if data[position : position + 1] != b"x" else b"z") + data[position + 1 :]


def inserted(data: bytes, position: int, text: bytes) -> Damage:
    """Put a byte in front of a position."""
    return position, data[:position] + text + data[position:]


def part(data: bytes, share: float) -> int:
    """Return the position at this share of the file, past the value of a release record if it is in one."""
    position = int(len(data) * share)
    for value in _VALUE.finditer(data):
        if value.start(1) <= position <= value.end(1):
            return value.end()
    return position


# What a hand can do to one byte of a file, and where.
DAMAGES: dict[str, Callable[[bytes], Damage]] = {
    "first byte": lambda data: replaced(data, 0),
    "last letter of the header": lambda data: replaced(data, len(HEADER) - 2),
    "first byte of the content": lambda data: replaced(data, len(HEADER)),
    "byte at a third": lambda data: replaced(data, part(data, 0.34)),
    "byte in the middle": lambda data: replaced(data, part(data, 0.5)),
    "byte at three quarters": lambda data: replaced(data, part(data, 0.75)),
    "byte that is no text": lambda data: inserted(data, part(data, 0.5), b"\xff"),
    "space in the middle": lambda data: inserted(data, part(data, 0.5), b" "),
    "space at the end of a line": lambda data: inserted(data, data.index(b"\n", len(HEADER)), b" "),
    "space at the end of the file": lambda data: inserted(data, len(data) - 1, b" "),
    "empty line at the end": lambda data: inserted(data, len(data), b"\n"),
    "carriage return": lambda data: inserted(data, data.index(b"\n", len(HEADER)), b"\r"),
    "no newline at the end": lambda data: (len(data) - 1, data[:-1]),
}
AT_THE_END = {"empty line at the end", "no newline at the end"}


def with_file(tree: Tree, path: str, data: bytes) -> Tree:
    """Return the tree with other bytes in one file."""
    return Tree(tree.root, {**tree.files, path: data}, tree.links)


def without(tree: Tree, prefix: str) -> Tree:
    """Return the tree without a file, or without a whole folder."""
    kept = {path: data for path, data in tree.files.items() if path != prefix and not path.startswith(f"{prefix}/")}
    return Tree(tree.root, kept, tree.links)


def test_every_kind_of_generated_file_is_tried() -> None:
    """The lists that the tests below run over hold the whole repository: no test passes by being empty."""
    assert {path.rpartition("/")[2] for path in GENERATED} >= {
        "deployment.yaml",
        "horizontalpodautoscaler.yaml",
        "ingress.yaml",
        "job.yaml",
        "kustomization.yaml",
        "namespace.yaml",
        "poddisruptionbudget.yaml",
        "service.yaml",
    }
    assert (len(BASES), len(RELEASED), len(OVERLAYS)) >= (4, 12, 18)


# One byte


@pytest.mark.parametrize("path", GENERATED)
def test_a_changed_byte_is_named_with_its_line(tree: Tree, path: str) -> None:
    """Whatever happens to one byte of a file, a finding names that file, and all are at the line of the damage.

    Where the file ends wrongly, they are at its last line or behind it. Damage to a record may make it unreadable.
    """
    for name, make in DAMAGES.items():
        position, data = make(tree.files[path])
        places = {(each.place.file, each.place.line) for each in drift(with_file(tree, path, data))}
        assert path in {file for file, _ in places}, name
        line = data.count(b"\n", 0, position) + 1
        allowed = {line, line + 1} if name in AT_THE_END else {line}
        assert path in RECORDS or {at for _, at in places} <= allowed, name


@pytest.mark.parametrize("path", [f"{folder}/kustomization.yaml" for folder in RELEASED])
def test_a_changed_name_in_a_record_is_named_with_its_line(tree: Tree, path: str) -> None:
    """The record's file stays readable YAML, so that the line is exact there too."""
    data = tree.files[path]
    position = data.index(b"newName:") + len(b'newName: "')
    found = drift(with_file(tree, path, replaced(data, position)[1]))
    assert {each.place.line for each in found} == {data.count(b"\n", 0, position) + 1}


def test_only_the_tag_of_a_record_may_change(tree: Tree) -> None:
    """Of all bytes of an overlay's kustomization, those of the tag alone can become another letter unnoticed."""
    path = "overlays/prod/frontend/kustomization.yaml"
    data = tree.files[path]
    (tag,) = _VALUE.finditer(data)
    unnoticed = [at for at in range(len(data)) if not drift(with_file(tree, path, replaced(data, at)[1]))]
    assert unnoticed == list(range(*tag.span(1)))


@pytest.mark.parametrize("tag", ["", "-1", ".5", "a b", "1.0@sha256:abc", "ä", "x" * 129])
def test_the_tag_of_a_record_must_be_a_tag(tree: Tree, tag: str) -> None:
    """Something that no registry takes is refused at its line."""
    path = "overlays/prod/frontend/kustomization.yaml"
    data = tree.files[path]
    (value,) = _VALUE.finditer(data)
    damaged = data[: value.start(1)] + tag.encode() + data[value.end(1) :]
    assert not is_tag(tag)
    (found,) = drift(with_file(tree, path, damaged))
    assert (found.place.file, found.place.line) == (path, data.count(b"\n", 0, value.start()) + 1)


# Missing files


@pytest.mark.parametrize("path", GENERATED)
def test_a_deleted_file_is_noticed(tree: Tree, path: str) -> None:
    """Each file is missed by name."""
    assert path in {each.place.file for each in drift(without(tree, path))}


@pytest.mark.parametrize("folder", OVERLAYS)
def test_a_deleted_overlay_is_noticed(tree: Tree, folder: str) -> None:
    """The last commit had it, so that its release is not just "not yet there"."""
    assert f"{folder}/kustomization.yaml" in {each.place.file for each in drift(without(tree, folder))}


@pytest.mark.parametrize("folder", BASES)
def test_a_deleted_base_is_noticed(tree: Tree, folder: str) -> None:
    """Every file of it is missed."""
    missing = {path for path in tree.files if path.startswith(f"{folder}/")}
    assert {each.place.file for each in drift(without(tree, folder))} == missing


def test_all_overlays_of_an_environment_deleted_at_once_are_noticed(tree: Tree) -> None:
    """Each release that is gone is named."""
    gone = {f"{folder}/kustomization.yaml" for folder in RELEASED if folder.startswith("overlays/prod/")}
    assert gone <= {each.place.file for each in drift(without(tree, "overlays/prod"))}


# Files too many


@pytest.mark.parametrize(
    "path",
    [
        "base/stray.yaml",
        "base/frontend/stray.yaml",
        "base/frontend/nested/stray.yaml",
        "base/nobody/kustomization.yaml",
        "overlays/stray.yaml",
        "overlays/dev/stray.yaml",
        "overlays/dev/frontend/stray.yaml",
        "overlays/dev/frontend/.hidden",
        "overlays/dev/frontend/Kustomization",
        "overlays/dev/frontend/patches/unlisted.yaml",
        "overlays/dev/frontend/resources/unlisted.yaml",
        "overlays/dev/nobody/kustomization.yaml",
        "overlays/nowhere/frontend/kustomization.yaml",
        "overlays/dev/thoughts/stray.yaml",
    ],
)
@pytest.mark.parametrize("header", ["", HEADER], ids=["by hand", "with our header"])
def test_a_stray_file_is_noticed(tree: Tree, path: str, header: str) -> None:
    """A file that no page renders or lists is named, whoever seems to have written it."""
    assert path in {each.place.file for each in drift(with_file(tree, path, f"{header}a: b\n".encode()))}


# The same from outside


@pytest.fixture
def edited(repository: Path) -> Path:
    """Change one number in one generated file, as a hurried hand does."""
    file = repository / DEPLOYMENT
    file.write_bytes(file.read_bytes().replace(b"replicas: 4", b"replicas: 5"))
    return repository


def test_check_names_file_and_line(edited: Path, fairlead: Fairlead) -> None:
    """`generate --check` exits with 1 and shows both texts."""
    line = (edited / DEPLOYMENT).read_text(encoding="utf-8").splitlines().index("  replicas: 5") + 1
    answer = fairlead("generate", "--check", root=edited)
    assert answer.code == 1
    assert (
        f"{DEPLOYMENT}:{line}:1: error KUS004: edited by hand since fairlead wrote it: `replicas: 5` here"
        in answer.text
    )


def test_validate_sees_what_would_run(edited: Path, fairlead: Fairlead) -> None:
    """A number that Argo CD would apply fails the proof as well, in each environment that it reaches."""
    answer = fairlead("validate", root=edited)
    assert answer.code == 1
    assert "spec.replicas: the page says 4, kustomize builds 5" in answer.stdout


def test_a_hand_edit_is_refused_and_kept(edited: Path, fairlead: Fairlead) -> None:
    """`generate` shows the edit, writes nothing and exits with 1."""
    before = (edited / DEPLOYMENT).read_bytes()
    answer = fairlead("generate", root=edited)
    assert answer.code == 1
    assert f"{DEPLOYMENT}:" in answer.stderr
    assert "-  replicas: 5\n+  replicas: 4\n" in answer.stderr
    assert (edited / DEPLOYMENT).read_bytes() == before


def test_a_hand_edit_keeps_every_other_file_too(edited: Path, fairlead: Fairlead) -> None:
    """One refused file stops the whole run: half a change is worse than none."""
    page = edited / "services" / "orders-service.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace("replicas: 1", "replicas: 3"), encoding="utf-8")
    before = (edited / "base/orders-service/deployment.yaml").read_bytes()
    assert fairlead("generate", root=edited).code == 1
    assert (edited / "base/orders-service/deployment.yaml").read_bytes() == before


def test_force_overwrites_a_hand_edit(edited: Path, fairlead: Fairlead, git: Git) -> None:
    """With --force the edit is shown once more, and gone."""
    answer = fairlead("generate", "--force", root=edited)
    assert answer.code == 0
    assert "-  replicas: 5\n+  replicas: 4\n" in answer.stderr
    assert git(edited, "status", "--porcelain") == ""


def test_a_committed_hand_edit_is_shown_and_overwritten(edited: Path, fairlead: Fairlead, git: Git) -> None:
    """Git has it: nothing is lost, so that no --force is asked for; the edit is printed before it goes."""
    git(edited, "commit", "--quiet", "--all", "--message=By hand")
    answer = fairlead("generate", root=edited)
    assert answer.code == 0
    assert "-  replicas: 5\n+  replicas: 4\n" in answer.text
    assert b"  replicas: 4\n" in (edited / DEPLOYMENT).read_bytes()


def test_our_own_last_write_is_no_hand_edit(repository: Path, fairlead: Fairlead) -> None:
    """A page may change twice between two commits."""
    page = repository / "services" / "orders-service.yaml"
    for replicas in (3, 5):
        text = re.sub("^replicas: .$", f"replicas: {replicas}", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        page.write_text(text, encoding="utf-8")
        assert fairlead("generate", root=repository).code == 0
    assert b"  replicas: 5\n" in (repository / "base/orders-service/deployment.yaml").read_bytes()


def test_a_deleted_file_comes_back(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """`generate` makes it anew, byte for byte."""
    (repository / DEPLOYMENT).unlink()
    assert fairlead("generate", root=repository).code == 0
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("command", ["generate --check", "generate", "validate", "bump frontend --env dev --tag 9"])
def test_a_lost_release_stops_every_command(repository: Path, fairlead: Fairlead, command: str) -> None:
    """An overlay that the last commit had is not silently "not released": nothing goes on without it."""
    folder = "overlays/dev/frontend"
    shutil.rmtree(repository / folder)
    answer = fairlead(*command.split(), root=repository)
    assert answer.code != 0
    assert f"{folder}/kustomization.yaml:1:1: error REL004: " in answer.text
    assert not (repository / folder).exists()


def test_a_link_in_place_of_a_file_is_refused(repository: Path, fairlead: Fairlead, tmp_path: Path) -> None:
    """Even one that leads to the right bytes: tomorrow they may be others."""
    target = tmp_path / "elsewhere.yaml"
    (repository / DEPLOYMENT).rename(target)
    (repository / DEPLOYMENT).symlink_to(target)
    answer = fairlead("generate", "--check", root=repository)
    assert answer.code != 0
    assert f"{DEPLOYMENT}:1:1: error SPC005: a symbolic link" in answer.text


def test_git_that_refuses_to_answer_is_no_empty_history(repository: Path, fairlead: Fairlead) -> None:
    """Whether a release was lost cannot be said when git fails, and "could not check" is never 0."""
    shutil.rmtree(repository / "overlays/dev/frontend")
    (repository / ".git" / "config").write_text("[broken\n", encoding="utf-8")
    assert fairlead("generate", "--check", root=repository).code != 0


def test_validate_shows_where_two_lists_differ(repository: Path, fairlead: Fairlead) -> None:
    """The entry, and how many more: two long lists of which only the beginnings are shown look the same."""
    file = repository / DEPLOYMENT
    text = file.read_text(encoding="utf-8")
    more = re.sub(r"^( +)ports:\n", r"\g<0>\1- {containerPort: 9}\n", text, flags=re.MULTILINE)
    file.write_text(more, encoding="utf-8")
    said = fairlead("validate", root=repository).stdout
    ports = r"spec\.template\.spec\.containers\[0\]\.ports\[0\]"
    assert re.search(rf"{ports}\.\w+: the page says \S+, kustomize builds \S+ \(\d+ more places? differs?\)", said), (
        said
    )
