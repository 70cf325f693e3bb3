"""Which files a publication changes, and which it leaves alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.publish.publication import differences, published

_PATHS = ("base/a", "base/b", "overlays/prod/a", "overlays/README.md")
_FILES = st.dictionaries(st.sampled_from(_PATHS), st.sampled_from([b"1", b"2"]))


def test_the_rendered_folders_are_published_and_holds_stay_behind() -> None:
    """So do the pages; a file of a person's own that an overlay uses goes along."""
    files = {
        "gitops.yaml": b"",
        "services/web.yaml": b"",
        "retired/prod/web.yaml": b"",
        "base/web/kustomization.yaml": b"",
        "overlays/prod/web/kustomization.yaml": b"",
        "overlays/prod/web/patches/hold.yaml": b"",
        "overlays/prod/web/hold.yaml": b"",
    }
    assert sorted(published(files)) == [
        "base/web/kustomization.yaml",
        "overlays/prod/web/kustomization.yaml",
        "overlays/prod/web/patches/hold.yaml",
    ]


@given(wanted=_FILES, found=_FILES, earlier=st.sets(st.sampled_from(_PATHS)))
def test_afterwards_all_that_is_wanted_is_there_and_of_the_rest_only_what_was_published_is_gone(
    wanted: dict[str, bytes], found: dict[str, bytes], earlier: set[str]
) -> None:
    """Whatever was there before."""
    after = dict(found)
    for change in differences(wanted, found, earlier):
        assert change.before == after.pop(change.path, None)
        if change.after is not None:
            after[change.path] = change.after.encode()

    others = {path: data for path, data in found.items() if path not in earlier}
    assert after == others | wanted


@given(files=_FILES, earlier=st.sets(st.sampled_from(_PATHS)))
def test_what_is_there_already_is_no_change(files: dict[str, bytes], earlier: set[str]) -> None:
    """A second publication of the same has nothing to do."""
    assert list(differences(files, files, earlier & files.keys())) == []
