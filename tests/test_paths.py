"""Whose a file is, by its first line and by its path."""

from __future__ import annotations

import pytest

from generator import paths as ownership
from generator.paths import (
    HEADER,
    HOLD_HEADER,
    find_unit,
    is_ours,
    same_but_for_header,
    split_header,
)

FORMER = "# Rendered by the Fairlead of old.\n"


@pytest.fixture(autouse=True)
def _former(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "FORMER_HEADERS", (FORMER,))


@pytest.mark.parametrize("header", [HEADER, HOLD_HEADER, FORMER, HEADER.replace("\n", "\r\n")])
def test_a_file_is_ours_by_the_header_of_any_release(header: str) -> None:
    """With either end of line: a checkout of git may have both."""
    assert is_ours(f"{header}kind: Job\n".encode())


@pytest.mark.parametrize(
    "text", ["", "kind: Job\n", HEADER.rstrip("\n"), f" {HEADER}", f"---\n{HEADER}", "# Rendered\n"]
)
def test_a_file_without_a_header_in_its_first_line_is_not_ours(text: str) -> None:
    """A line that only begins like one is none."""
    assert not is_ours(text.encode())
    assert split_header(text.encode()) == (b"", text.encode())


def test_the_header_of_another_release_is_no_difference() -> None:
    """Everything below it is."""
    assert same_but_for_header(f"{FORMER}a: 1\n".encode(), f"{HEADER}a: 1\n".encode())
    assert not same_but_for_header(f"{FORMER}a: 2\n".encode(), f"{HEADER}a: 1\n".encode())
    assert not same_but_for_header(b"a: 1\n", f"{HEADER}a: 1\n".encode())


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("services/web.yaml", "web"),
        ("systems/shop.yaml", "shop"),
        ("base/web/deployment.yaml", "web"),
        ("overlays/dev/web/patches/own.yaml", "web"),
        ("overlays/dev/README.md", ""),
        ("base/README.md", ""),
        ("argocd/hub/root.yaml", "argocd"),
        ("environments/dev.yaml", None),
        ("gitops.yaml", None),
    ],
)
def test_the_unit_of_a_path(path: str, unit: str | None) -> None:
    """A rendered path that is nobody's has an empty one."""
    assert find_unit(path) == unit
