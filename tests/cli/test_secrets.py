"""`fairlead secrets`. What it refuses without git is in tests/cases/error-secrets-*."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.cli import run
from tests.cases.case import repository
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Say
    from tests.conftest import Git

VALUES = 'web/database-url: "postgresql://web:geheim@db:5432/web"\n'


@pytest.fixture
def shop() -> Iterator[Path]:
    """Return a repository with the service `web`, whose secret comes from a file in `local`."""
    with repository("local") as root:
        (root / "secrets.local.yaml").write_text(VALUES, encoding="utf-8")
        yield root


@pytest.fixture
def tracked(shop: Path, git: Git) -> Path:
    """Return the same as a git repository that ignores the file."""
    (shop / ".gitignore").write_text("secrets.local.yaml\n", encoding="utf-8")
    git(shop, "init", "--quiet")
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "--message=Pages")
    return shop


def test_a_secret_in_its_namespace(say: Say, tracked: Path) -> None:
    """As `kubectl apply` takes it: the name that the page gives it, its keys, the values as they are in the file."""
    said = say("secrets", "--env", "local", where=tracked)
    (secret,) = yaml.safe_load_all(said.out)
    assert said.code == 0
    assert (secret["apiVersion"], secret["kind"], secret["type"]) == ("v1", "Secret", "Opaque")
    assert (secret["metadata"]["namespace"], secret["metadata"]["name"]) == ("shop", "db")
    assert secret["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "fairlead"
    assert base64.b64decode(secret["data"]["DB_URL"]) == b"postgresql://web:geheim@db:5432/web"


def test_as_data(say: Say, tracked: Path) -> None:
    """A list, which `kubectl apply` takes too."""
    found = json.loads(say("secrets", "--env", "local", "--format", "json", where=tracked).out)
    assert found["kind"] == "List"
    assert [each["metadata"]["name"] for each in found["items"]] == ["db"]


def test_check_shows_no_value(say: Say, tracked: Path) -> None:
    """It says only that all are there."""
    said = say("secrets", "--env", "local", "--check", where=tracked)
    assert (said.code, said.out) == (0, "secrets.local.yaml has all 1 values\n")
    data = json.loads(say("secrets", "--env", "local", "--check", "--format", "json", where=tracked).out)
    assert data == {"files": {"secrets.local.yaml": ["web/database-url"]}}


def test_the_example_has_every_entry_and_no_value(say: Say, shop: Path) -> None:
    """With the line of the page that wants it; filled in, it is the file."""
    said = say("secrets", "--env", "local", "--example", where=shop)
    assert yaml.safe_load(said.out) == {"web/database-url": None}
    assert "# db DB_URL (services/web.yaml:5:24)" in said.out.splitlines()
    filled = said.out.replace("web/database-url:", "web/database-url: word")
    (shop / "secrets.local.yaml").write_text(filled, encoding="utf-8")
    assert say("secrets", "--env", "local", "--check", where=shop).code == 0


def test_entries_that_no_page_wants_are_told(say: Say, tracked: Path) -> None:
    """Beside the answer, without their values; one service alone cannot tell."""
    more = VALUES + "web/database-urls: geheim\nold/token: geheim\nempty/one:\n"
    (tracked / "secrets.local.yaml").write_text(more, encoding="utf-8")
    said = say("secrets", "--env", "local", "--check", where=tracked)
    assert (said.code, said.out) == (0, "secrets.local.yaml has all 1 values\n")
    assert said.err == (
        "note: secrets.local.yaml: no page wants 'web/database-urls'; did you mean 'web/database-url'?\n"
        "note: secrets.local.yaml: no page wants 'old/token'\n"
    )
    assert not say("secrets", "--env", "local", "--service", "web", "--check", where=tracked).err


def test_a_file_that_git_tracks_is_refused(say: Say, tracked: Path, git: Git) -> None:
    """It may be ignored all the same; whoever has read the repository knows the values."""
    git(tracked, "add", "--force", "secrets.local.yaml")
    said = say("secrets", "--env", "local", where=tracked)
    assert (said.code, said.out) == (5, "")
    assert said.err.startswith("git tracks secrets.local.yaml: run `git rm --cached secrets.local.yaml`")


@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_a_file_that_git_would_add_is_refused(say: Say, tracked: Path, arguments: tuple[str, ...]) -> None:
    """With the next `git add .`, that is."""
    (tracked / ".gitignore").unlink()
    said = say("secrets", "--env", "local", *arguments, where=tracked)
    assert (said.code, said.out) == (5, "")
    assert said.err == "git does not ignore secrets.local.yaml: add it to .gitignore\n"


def test_a_link_is_not_followed(say: Say, tracked: Path, tmp_path: Path) -> None:
    """It could lead to any file of the machine."""
    (tmp_path / "elsewhere.yaml").write_text(VALUES, encoding="utf-8")
    (tracked / "secrets.local.yaml").unlink()
    (tracked / "secrets.local.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    said = say("secrets", "--env", "local", where=tracked)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("secrets.local.yaml is a link")


def test_check_and_example_exclude_each_other(say: Say, shop: Path) -> None:
    """They answer different questions."""
    assert say("secrets", "--env", "local", "--check", "--example", where=shop).code == 2


def test_an_unknown_environment(say: Say, shop: Path) -> None:
    """It says which there are."""
    said = say("secrets", "--env", "locl", where=shop)
    assert (said.code, said.err) == (2, "no environment 'locl'; there are: dev, prod, local\n")


@settings(max_examples=examples(60), deadline=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_error_shows_a_value(text: str) -> None:
    """Whatever stands in the file: it is taken as it is, or refused without a word of it."""
    mark = "9geheim9"
    with repository("local") as root:
        (root / "secrets.local.yaml").write_text(f"web/database-url: {mark}{text}{mark}\n", encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["secrets", "--env", "local", "--format", "json"])
    if code == 0:
        assert [*json.loads(out.getvalue())["items"][0]["data"]] == ["DB_URL"]
    assert mark not in err.getvalue()
    assert code == 0 or mark not in out.getvalue()
