"""The table of removed APIs against the OpenAPI documents of Kubernetes' own releases, as the pinned wheel has them."""

from __future__ import annotations

from importlib.resources import files

import pytest

from generator.kubernetes.packs import schema_folder
from generator.rules.removals import APIS

RELEASES = files("kubernetes_validate") / "kubernetes-json-schema"
MINORS = range(25, 38)
OLDEST = min(int(folder.name.partition(".")[2]) for folder in (schema_folder() / "kubernetes").glob("1.*"))


def serves(minor: int, api_version: str, kind: str) -> bool:
    """Return whether a release has a schema of a kind."""
    group, _, version = api_version.rpartition("/")
    name = f"{kind.lower()}-{group.partition('.')[0]}-{version}.json"
    return (RELEASES / f"v1.{minor}.0-local-strict" / name).is_file()


def test_the_releases_are_there() -> None:
    """Without them nothing below would be shown."""
    assert all(serves(minor, "apps/v1", "Deployment") for minor in MINORS)


@pytest.mark.parametrize(("api_version", "kind"), APIS, ids=str)
def test_gone_since(api_version: str, kind: str) -> None:
    """From its version on no release has it."""
    removed = APIS[api_version, kind].minor
    assert not [minor for minor in MINORS if minor >= removed and serves(minor, api_version, kind)]


@pytest.mark.parametrize(
    ("api_version", "kind"), [api for api, removal in APIS.items() if removal.minor - 1 in MINORS], ids=str
)
def test_there_before(api_version: str, kind: str) -> None:
    """The version before still has it."""
    assert serves(APIS[api_version, kind].minor - 1, api_version, kind)


@pytest.mark.parametrize(("api_version", "kind"), APIS, ids=str)
def test_what_takes_its_place(api_version: str, kind: str) -> None:
    """The versions that clusters may have serve the replacement, from the one on that lacks the old."""
    removal = APIS[api_version, kind]
    if " " not in removal.instead:
        assert serves(min(max(removal.minor, OLDEST), MINORS[-1]), removal.instead, kind)
