"""From where a service is promoted: the environment before, or the one that was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import UsageError
from generator.inputs.load import load
from generator.release.promotion_path import require_route, source_of, sources
from tests.release.stage import Stage
from tests.release.three import page

if TYPE_CHECKING:
    from generator.inputs.project import Project

NOWHERE_BUT_ENDS = page("web", "environments: {staging: false}\n")


@pytest.fixture
def project() -> Project:
    """Return the pages of dev, staging and prod."""
    return load(Stage().tree)


@pytest.fixture
def without_staging() -> Project:
    """Return the same with `web` shut out of staging."""
    return load(Stage(NOWHERE_BUT_ENDS).tree)


def route(project: Project, target: str, source: str | None = None, *skipped: str) -> str:
    """Return from where web comes."""
    return source_of(project, project.page("web"), target, source, frozenset(skipped))


@pytest.mark.parametrize(("target", "source"), [("staging", "dev"), ("prod", "staging")])
def test_a_release_comes_from_the_environment_before(project: Project, target: str, source: str) -> None:
    """In the order of gitops.yaml."""
    assert route(project, target) == source


def test_an_environment_that_a_page_shuts_out_is_no_step(without_staging: Project) -> None:
    """What comes before it is the one before, and need not be named."""
    assert route(without_staging, "prod") == "dev"
    assert route(without_staging, "prod", "dev") == "dev"


def test_one_may_be_left_out_by_name(project: Project) -> None:
    """`--skip staging` alone is enough."""
    assert route(project, "prod", None, "staging") == "dev"
    assert route(project, "prod", "dev", "staging") == "dev"


def test_a_source_that_is_skipped_as_well_is_the_source(project: Project) -> None:
    """Who names it means it."""
    assert route(project, "prod", "staging", "staging") == "staging"


@pytest.mark.parametrize(
    ("target", "source", "skipped", "words"),
    [
        ("prod", "dev", (), "dev to prod would skip staging for web; if you mean it: --skip staging"),
        ("dev", None, (), "dev is the first environment of web: use `fairlead bump` to release into it"),
        ("prod", None, ("dev", "staging"), "--skip leaves nothing before prod that web could come from"),
        ("staging", "prod", (), "promotions of web go dev -> staging -> prod, so not from prod to staging"),
        ("staging", "staging", (), "promotions of web go dev -> staging -> prod, so not from staging to staging"),
        ("prdo", None, (), "web does not run in 'prdo'; did you mean 'prod'?"),
        ("prod", "stagin", (), "web does not run in 'stagin'; did you mean 'staging'?"),
    ],
)
def test_a_way_that_is_none_is_refused(
    project: Project, target: str, source: str | None, skipped: tuple[str, ...], words: str
) -> None:
    """With what to do instead."""
    with pytest.raises(UsageError) as error:
        route(project, target, source, *skipped)
    assert str(error.value) == words


def test_a_service_that_is_shut_out_does_not_run_there(without_staging: Project) -> None:
    """As target and as source."""
    for target, source in (("staging", None), ("prod", "staging")):
        with pytest.raises(UsageError, match="web does not run in 'staging'"):
            route(without_staging, target, source)


def test_the_sources_of_a_service_come_in_order(project: Project, without_staging: Project) -> None:
    """Of one that does not run in the target there are none."""
    assert sources(project, project.page("web"), "prod", frozenset()) == ("dev", "staging")
    assert sources(project, project.page("web"), "prod", {"dev"}) == ("staging",)
    assert sources(without_staging, without_staging.page("web"), "staging", frozenset()) == ()


def test_environments_that_exist_have_a_route(project: Project) -> None:
    """Nothing is said then."""
    require_route(project, "prod", ["dev", "staging"])


@pytest.mark.parametrize(
    ("target", "named", "words"),
    [
        ("prdo", [], "no environment 'prdo'; did you mean 'prod'?"),
        ("prod", ["x"], "no environment 'x'; there are: dev, staging, prod"),
        ("dev", [], "dev is the first environment: use `fairlead bump` to release into it"),
    ],
)
def test_a_misspelt_environment_is_told_before_any_service_is_looked_at(
    project: Project, target: str, named: list[str], words: str
) -> None:
    """Else `--all` would find nothing to do, and `--skip` would skip nothing."""
    with pytest.raises(UsageError) as error:
        require_route(project, target, named)
    assert str(error.value) == words


# An environment that stands apart


@pytest.fixture
def apart() -> Project:
    """Return the pages of dev, staging and prod, with staging left out of promotions."""
    return load(Stage({"environments/staging.yaml": "promotion: false\n"}).tree)


def test_an_environment_apart_is_no_step(apart: Project) -> None:
    """What comes before it goes past it, and need not skip it by name."""
    assert sources(apart, apart.page("web"), "prod", frozenset()) == ("dev",)
    assert route(apart, "prod") == "dev"


@pytest.mark.parametrize(("target", "named"), [("staging", []), ("prod", ["staging"])])
def test_nothing_goes_into_an_environment_apart_or_out_of_it(apart: Project, target: str, named: list[str]) -> None:
    """Releases come there by `fairlead bump`, and stay."""
    with pytest.raises(UsageError) as error:
        require_route(apart, target, named)
    assert str(error.value) == (
        "nothing is promoted into staging or out of it (`promotion: false` in environments/staging.yaml): "
        "use `fairlead bump` to release into it"
    )


def test_nothing_comes_before_an_environment_apart(apart: Project) -> None:
    """A bump there asks no gate about another environment."""
    assert sources(apart, apart.page("web"), "staging", frozenset()) == ()


def test_the_first_of_the_way_is_the_first_that_is_on_it() -> None:
    """An environment apart may stand anywhere in the list."""
    project = load(Stage({"environments/dev.yaml": "promotion: false\n"}).tree)
    with pytest.raises(UsageError, match=r"^staging is the first environment: "):
        require_route(project, "staging", [])
