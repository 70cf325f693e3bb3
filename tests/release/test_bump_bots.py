"""Other programs write the release record too: what they write passes as it is, and survives everything of ours.

What each of them makes of a file is what it was seen to make of this one, byte for byte: Kargo's step
`kustomize-set-image` decodes `images:`, sorts it and prints the file anew with kyaml; the write-back `kustomization` of
Argo CD Image Updater sets fields with kyaml; Renovate replaces the text of the value. `kustomize edit` is run here.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

OVERLAY = "overlays/dev/thoughts-backend/kustomization.yaml"
REGISTRY = "033870383707.dkr.ecr.us-west-2.amazonaws.com"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"

SERVER = f"""- name: thoughts_server
  newName: "{REGISTRY}/thoughts_server"
"""
DATABASE = f"""- name: thoughts_backend_db
  newName: "{REGISTRY}/thoughts_backend_db"
  newTag: "16.4"
"""
# Kargo sorts the entries by name and keeps no quotes but those that a number needs.
KARGO_DATABASE = f"""- name: thoughts_backend_db
  newName: {REGISTRY}/thoughts_backend_db
  newTag: "16.4"
"""
KARGO_SERVER = f"""- name: thoughts_server
  newName: {REGISTRY}/thoughts_server
"""

# What a program leaves behind -> the line of the release once `generate` has tidied it.
EDITS = {
    "renovate: a tag": (f'{SERVER}  newTag: "1.5.0"\n{DATABASE}', 'newTag: "1.5.0"'),
    "renovate: a tag in the quotes of somebody else": (f"{SERVER}  newTag: '1.5.0'\n{DATABASE}", 'newTag: "1.5.0"'),
    "renovate: a digest pinned behind the tag": (
        f'{SERVER}  newTag: "1.5.0@{DIGEST}"\n{DATABASE}',
        f'newTag: "1.5.0@{DIGEST}"',
    ),
    "renovate: a new digest": (f'{SERVER}  digest: "{DIGEST}"\n{DATABASE}', f'digest: "{DIGEST}"'),
    "image updater: a tag": (f"{SERVER}  newTag: 1.5.0\n{DATABASE}", 'newTag: "1.5.0"'),
    "image updater: a tag like a number": (f'{SERVER}  newTag: "1.10"\n{DATABASE}', 'newTag: "1.10"'),
    "image updater: a digest": (f"{SERVER}  digest: {DIGEST}\n{DATABASE}", f'digest: "{DIGEST}"'),
    "image updater: its older releases, the whole entry": (
        f"{KARGO_SERVER}  newTag: 1.5.0\n{DATABASE}",
        'newTag: "1.5.0"',
    ),
    "kargo: a tag": (f"{KARGO_DATABASE}{KARGO_SERVER}  newTag: 1.5.0\n", 'newTag: "1.5.0"'),
    "kargo: a tag like a number": (f'{KARGO_DATABASE}{KARGO_SERVER}  newTag: "1.10"\n', 'newTag: "1.10"'),
    "image updater: a tag and its digest": (
        f"{SERVER}  newTag: 1.5.0\n  digest: {DIGEST}\n{DATABASE}",
        f'newTag: "1.5.0"\n  digest: "{DIGEST}"',
    ),
    "kargo: a digest": (f"{KARGO_DATABASE}{KARGO_SERVER}  digest: {DIGEST}\n", f'digest: "{DIGEST}"'),
}


def head(root: Path) -> str:
    """Return the overlay's kustomization up to its record."""
    return (root / OVERLAY).read_text(encoding="utf-8").partition("images:\n")[0]


def write(root: Path, block: str) -> str:
    """Leave the record behind as a program does, and give the file."""
    text = f"{head(root)}images:\n{block}"
    (root / OVERLAY).write_text(text, encoding="utf-8")
    return text


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_passes_and_survives(repository: Path, fairlead: Fairlead, edit: str) -> None:
    """No drift as it is; `generate` keeps tag and digest, and puts entries and quotes back as they were."""
    block, line = EDITS[edit]
    written = write(repository, block)
    checked = fairlead("generate", "--check", root=repository)
    assert checked.code == 0, checked.text
    assert (repository / OVERLAY).read_text(encoding="utf-8") == written
    assert fairlead("generate", root=repository).code == 0
    assert (repository / OVERLAY).read_text(
        encoding="utf-8"
    ) == f"{head(repository)}images:\n{SERVER}  {line}\n{DATABASE}"


@pytest.mark.parametrize("edit", EDITS)
def test_a_bump_of_an_edit_is_one_line(repository: Path, fairlead: Fairlead, git: Git, edit: str) -> None:
    """Nobody has to tidy first: the value moves, and the style around it stays."""
    write(repository, EDITS[edit][0])
    git(repository, "commit", "--quiet", "--all", "--allow-empty", "--message=By a bot")
    answer = fairlead("bump", "thoughts-backend", "--env", "dev", "--tag", "2.0.0", root=repository)
    assert answer.code == 0, answer.text
    gone = 2 if "newTag: 1.5.0\n  digest:" in EDITS[edit][0] else 1  # the digest of the old tag goes with it
    assert git(repository, "diff", "--numstat") == f"1\t{gone}\t{OVERLAY}\n"


def test_an_edit_is_proven(repository: Path, fairlead: Fairlead) -> None:
    """`validate` builds what the program wrote, in the style in which it wrote it."""
    write(repository, EDITS["kargo: a tag"][0])
    answer = fairlead("validate", root=repository)
    assert answer.code == 0, answer.text


@pytest.mark.parametrize("tag", ["1.5.0", "1.10"])
@pytest.mark.parametrize("indent", ["", "  "])
def test_a_bump_after_kustomize_edit(  # noqa: PLR0913, PLR0917  # pytest hands over a parameter a fixture
    repository: Path, fairlead: Fairlead, git: Git, kustomize: Path, tag: str, indent: str
) -> None:
    """The real `kustomize edit set image` prints the file anew; the bump after it is one line."""
    lines = f'{SERVER}  newTag: "1.2.0"\n{DATABASE}'.splitlines()
    write(repository, "".join(f"{indent}{line}\n" for line in lines))
    argv = [os.fspath(kustomize), "edit", "set", "image", f"thoughts_server=*:{tag}"]
    subprocess.run(argv, cwd=(repository / OVERLAY).parent, check=True, capture_output=True)
    git(repository, "commit", "--quiet", "--all", "--message=By kustomize")
    answer = fairlead("bump", "thoughts-backend", "--env", "dev", "--tag", "2.0.0", root=repository)
    assert answer.code == 0, answer.text
    assert git(repository, "diff", "--numstat") == f"1\t1\t{OVERLAY}\n"


def test_an_edit_that_drops_the_registry_is_drift(repository: Path, fairlead: Fairlead) -> None:
    """Kargo does without `newName: "*"`, and the image would come from Docker Hub; `generate` brings it back."""
    write(repository, f"{KARGO_DATABASE}- name: thoughts_server\n  newTag: 1.5.0\n")
    assert fairlead("generate", "--check", root=repository).code == 1
    assert fairlead("generate", root=repository).code == 0
    expected = f'{head(repository)}images:\n{SERVER}  newTag: "1.5.0"\n{DATABASE}'
    assert (repository / OVERLAY).read_text(encoding="utf-8") == expected


def test_an_entry_under_another_name_is_refused(repository: Path, fairlead: Fairlead) -> None:
    """Image Updater without an alias adds an entry for the whole name, which moves nothing, and holds a release."""
    write(repository, f'{SERVER}  newTag: "1.2.0"\n{DATABASE}- name: {REGISTRY}/thoughts_server\n  newTag: 1.5.0\n')
    written = (repository / OVERLAY).read_bytes()
    for arguments in (["generate", "--check"], ["generate"], ["validate"]):
        answer = fairlead(*arguments, root=repository)
        assert (answer.code, "meant 'thoughts_server'? Write the release to that entry" in answer.text) == (2, True)
    assert (repository / OVERLAY).read_bytes() == written
