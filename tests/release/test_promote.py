"""Promotions, worked out from states of a branch: what goes, what waits, and what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.findings.errors import InputError, SupersededError, UsageError
from generator.gates.gate import GateError, GateRefusal
from generator.layout.release import Release
from generator.release.bump_edit import changed_lines
from generator.release.holding import HoldRequest, hold
from generator.release.newer import Unchanged
from generator.release.promote import Promoter, PromotionRequest
from generator.release.rollback import Back, rollback
from tests.examples import examples
from tests.release.stage import DIGEST, Stage
from tests.release.three import HOLD, page

if TYPE_CHECKING:
    from generator.release.context import Draft

HELD = "overlays/prod/web/hold.yaml"


def promoter(*services: str, to: str = "prod", **options: Any) -> Promoter:
    """Return what promotes services (`web`, `web=1`), or all that wait."""
    named = {name: tag or None for name, _, tag in (service.partition("=") for service in services)}
    return Promoter(PromotionRequest(services=named, target=to, everything=not services, **options))


def promoted(stage: Stage, *services: str, to: str = "prod", **options: Any) -> Draft:
    """Promote in one attempt."""
    return promoter(*services, to=to, **options).draft(stage.scene())


def gated(gates: str) -> dict[str, str]:
    """Return prod's page with gates."""
    return {"environments/prod.yaml": f"production: false\ngates: {gates}\n"}


def waiting(more: dict[str, str] | None = None) -> Stage:
    """Return a stage where web 2 waits for prod, which has web 1."""
    stage = Stage(more)
    for environment, tag in (("staging", "1"), ("prod", "1"), ("staging", "2")):
        stage.run(environment, web=tag)
    return stage


@pytest.fixture
def stage() -> Stage:
    """Return that stage."""
    return waiting()


def test_what_the_environment_before_has_goes(stage: Stage) -> None:
    """One line of one file, with words for the commit."""
    draft = promoted(stage, "web")

    assert [str(move) for move in draft.moves] == ["prod/web: web 1 -> 2"]
    assert [change.path for change in draft.changes] == ["overlays/prod/web/kustomization.yaml"]
    assert changed_lines(draft.changes) == (1, 1)
    assert (draft.subject, draft.trailers) == ("Promote web to prod: 2", (("Promoted-From", "staging"),))


def test_nothing_is_done_where_the_target_has_it(stage: Stage) -> None:
    """A second job that wants the same finds it done."""
    stage.commit(promoted(stage, "web"))
    draft = promoted(stage, "web")
    assert (draft.moves, draft.changes, draft.waiting) == ((), (), ())


def test_all_images_of_a_service_go_together() -> None:
    """As the environment before ran them together."""
    stage = Stage()
    stage.run("staging", "orders", orders="2", orders_migrations="2")
    stage.run("prod", "orders", orders="1", orders_migrations="1")
    draft = promoted(stage, "orders")

    assert [str(move) for move in draft.moves] == [
        "prod/orders: orders-migrations 1 -> 2",
        "prod/orders: orders 1 -> 2",
    ]


def test_several_services_are_one_commit(stage: Stage) -> None:
    """Each trailer stands there once."""
    stage.run("staging", "orders", orders="2", orders_migrations="2")
    draft = promoted(stage, "web", "orders")

    assert {move.service for move in draft.moves} == {"web", "orders"}
    assert draft.subject == "Promote 2 services to prod"
    assert draft.trailers == (("Promoted-From", "staging"),)


# An earlier release by its tag


def test_an_earlier_release_goes_where_the_target_has_a_yet_earlier_one(stage: Stage) -> None:
    """`web=2`, while staging has 3 by now."""
    stage.run("staging", web="3")
    stage.commit(promoted(stage, "web=2"))
    assert stage.tag("prod") == "2"


def test_the_present_release_may_be_named(stage: Stage) -> None:
    """It is what staging has."""
    assert promoted(stage, "web=2").moves == promoted(stage, "web").moves


def test_all_images_go_as_they_ran_with_the_named_tag() -> None:
    """The migrations of that time, not those of today."""
    stage = Stage()
    for tag in ("1", "2", "3"):
        stage.run("staging", "orders", orders=tag, orders_migrations=f"m{tag}")
    stage.run("prod", "orders", orders="1", orders_migrations="m1")
    stage.commit(promoted(stage, "orders=2"))

    assert stage.tag("prod", "orders", "orders-migrations") == "m2"


def test_of_two_runs_with_one_tag_the_later_one_goes() -> None:
    """A tag may have been built again with other migrations."""
    stage = Stage()
    for number, tag in enumerate(("2", "2", "3")):
        stage.run("staging", "orders", orders=tag, orders_migrations=f"m{number}")
    stage.commit(promoted(stage, "orders=2"))
    assert stage.tag("prod", "orders", "orders-migrations") == "m1"


@pytest.mark.parametrize(
    ("tag", "hint"), [("22", "; did you mean '2'?"), ("x9.8", "; `fairlead history web --env staging` lists them")]
)
def test_a_release_that_the_source_never_had_is_refused(stage: Stage, tag: str, hint: str) -> None:
    """What was tried nowhere does not come from there."""
    with pytest.raises(UsageError, match=f"^staging never ran {tag} of web{re.escape(hint)}$"):
        promoted(stage, f"web={tag}")


def test_none_is_no_tag_of_a_release_that_lacks_the_image(stage: Stage) -> None:
    """`none` stands for "not released" in what is expected, and for nothing else."""
    stage.steps.append(stage.step("staging", "web", None, {"web-db": Release(newTag="7")}, {}))
    with pytest.raises(UsageError, match="staging never ran none of web"):
        promoted(stage, "web=none")


def test_a_service_without_an_image_of_its_own_has_no_tags_to_name() -> None:
    """Its jobs are released, but no tag stands for all of it."""
    stage = Stage({"services/web.yaml": "system: shop\nmigrations: {image: job}\n"})
    stage.run("staging", job="1")

    with pytest.raises(UsageError, match="web=1: web has no image of its own in staging, so no tag names its releases"):
        promoted(stage, "web=1")
    with pytest.raises(UsageError, match="--expect: web has no image of its own in prod"):
        promoted(stage, "web", expected={"web": "none"})
    assert promoted(stage, "web").subject == "Promote web to prod: 1"


# Which is newer


def test_what_is_older_than_the_target_is_superseded(stage: Stage) -> None:
    """Of two releases that staging had."""
    stage.commit(promoted(stage, "web"))
    with pytest.raises(SupersededError, match="superseded: prod/web has web 2, which is as new or newer"):
        promoted(stage, "web=1")


def test_a_source_that_was_rolled_back_counts_as_newest(stage: Stage) -> None:
    """What staging has now goes, although it is an old release."""
    stage.commit(promoted(stage, "web"))
    stage.run("staging", web="1")
    stage.commit(promoted(stage, "web"))
    assert stage.tag("prod") == "1"


def test_a_hotfix_in_the_target_is_replaced_by_who_has_seen_it(stage: Stage) -> None:
    """Staging never had it, so nobody can say that it is older; it came after what would go."""
    stage.run("prod", web="hotfix")
    with pytest.raises(SupersededError, match="prod/web has web hotfix"):
        promoted(stage, "web")
    stage.commit(promoted(stage, "web", expected={"web": "hotfix"}))
    assert stage.tag("prod") == "2"


def test_what_staging_got_later_replaces_a_hotfix(stage: Stage) -> None:
    """Its commit comes after that of the hotfix."""
    stage.run("prod", web="hotfix")
    stage.run("staging", web="3")
    stage.commit(promoted(stage, "web"))
    assert stage.tag("prod") == "3"


def test_what_a_rollback_brought_back_is_no_hotfix(stage: Stage) -> None:
    """Staging never had it, and it is older all the same."""
    stage.run("prod", web="0")
    stage.run("staging", web="4")
    stage.commit(promoted(stage, "web"))
    stage.commit(rollback(Back(service="web", environment="prod", tag="0"), Unchanged(), stage.scene()))
    stage.write("overlays/prod/web/hold.yaml", None)
    stage.commit(promoted(stage, "web"))
    assert stage.tag("prod") == "4"


def test_a_hotfix_of_what_is_carried_stays(stage: Stage) -> None:
    """Prod had that very release and left it for another: to bring it back is no promotion."""
    stage.commit(promoted(stage, "web"))
    stage.run("prod", web="hotfix")
    with pytest.raises(SupersededError, match="prod/web has web hotfix"):
        promoted(stage, "web")
    stage.run("staging", web="3")
    stage.commit(promoted(stage, "web"))
    assert stage.tag("prod") == "3"


def test_one_image_that_is_newer_in_the_target_is_enough() -> None:
    """Though the other one is a hotfix that staging never had."""
    stage = Stage()
    for tag in ("1", "2"):
        stage.run("staging", "orders", orders=tag, orders_migrations=tag)
    stage.run("prod", "orders", orders="2", orders_migrations="hotfix")
    with pytest.raises(SupersededError):
        promoted(stage, "orders=1")


# Attempts


def test_what_is_carried_is_settled_at_the_first_attempt(stage: Stage) -> None:
    """Though staging moves on in between."""
    work = promoter("web")
    work.draft(stage.scene())
    stage.run("staging", web="3")
    stage.run("staging", "orders", orders="1", orders_migrations="1")
    assert [str(move) for move in work.draft(stage.scene()).moves] == ["prod/web: web 1 -> 2"]


def test_a_newer_release_lands_over_an_older_one_that_was_faster(stage: Stage) -> None:
    """The older job wins the race, and is replaced all the same."""
    stage.run("staging", web="3")
    work = promoter("web")
    work.draft(stage.scene())
    stage.commit(promoted(stage, "web=2"))
    stage.commit(work.draft(stage.scene()))
    assert stage.tag("prod") == "3"


def test_an_older_release_does_not_land_over_a_newer_one_that_was_faster(stage: Stage) -> None:
    """The older job ends as superseded."""
    work = promoter("web")
    work.draft(stage.scene())
    stage.run("staging", web="3")
    stage.commit(promoted(stage, "web"))
    with pytest.raises(SupersededError):
        work.draft(stage.scene())


def test_one_of_two_equal_jobs_is_superseded(stage: Stage) -> None:
    """The other one has done it."""
    work = promoter("web")
    work.draft(stage.scene())
    stage.commit(promoted(stage, "web"))
    with pytest.raises(SupersededError):
        work.draft(stage.scene())


def test_a_hotfix_that_was_faster_stays(stage: Stage) -> None:
    """Nobody who promotes has seen it."""
    work = promoter("web")
    work.draft(stage.scene())
    stage.run("prod", web="hotfix")
    with pytest.raises(SupersededError):
        work.draft(stage.scene())


def test_a_rollback_that_was_faster_stays(stage: Stage) -> None:
    """The hold would refuse, and without one the target has what is no older."""
    stage.commit(promoted(stage, "web"))
    stage.run("staging", web="3")
    work = promoter("web")
    work.draft(stage.scene())
    stage.commit(rollback(Back(service="web", environment="prod"), Unchanged(), stage.scene()))
    with pytest.raises(GateError, match="hold"):
        work.draft(stage.scene())


def test_a_service_that_is_taken_out_meanwhile_does_not_come_back(stage: Stage) -> None:
    """Somebody retired it between two attempts."""
    work = promoter("web")
    work.draft(stage.scene())
    for path in list(stage.tree.under("overlays/prod/web")):
        stage.write(path, None)
    with pytest.raises(SupersededError, match="prod/web was taken out meanwhile"):
        work.draft(stage.scene())


def test_a_bot_that_writes_the_record_in_another_style_is_no_race(stage: Stage) -> None:
    """The release is the same."""
    work = promoter("web")
    work.draft(stage.scene())
    path = "overlays/prod/web/kustomization.yaml"
    stage.write(path, stage.tree.files[path].decode().replace('newTag: "1"', "newTag: '1'"))
    stage.commit(work.draft(stage.scene()))
    assert stage.tag("prod") == "2"


# What is expected of the target


@pytest.mark.parametrize(("present", "expected"), [("1", "1"), (f"1@{DIGEST}", "1")])
def test_a_target_with_the_expected_tag_gets_the_release(present: str, expected: str) -> None:
    """The tag is enough."""
    stage = waiting()
    stage.run("prod", web=present)
    assert promoted(stage, "web", expected={"web": expected}).moves


def test_a_target_without_a_release_is_expected_as_none(stage: Stage) -> None:
    """Then it is the first one."""
    stage.run("staging", "orders", orders="1", orders_migrations="1")
    assert promoted(stage, "orders", expected={"orders": "none"}).moves


def test_a_target_with_another_tag_is_superseded(stage: Stage) -> None:
    """Both tags are named."""
    with pytest.raises(SupersededError, match="superseded: prod/web runs 1, not 0; nothing was written"):
        promoted(stage, "web", expected={"web": "0"})


def test_who_expects_a_tag_does_not_overwrite_another_one_later(stage: Stage) -> None:
    """Not even an older one that was faster."""
    stage.run("staging", web="3")
    work = promoter("web", expected={"web": "1"})
    work.draft(stage.scene())
    stage.commit(promoted(stage, "web=2"))
    with pytest.raises(SupersededError):
        work.draft(stage.scene())


@pytest.mark.parametrize(
    ("services", "hint"), [(("web",), ""), ((), "; did you mean 'web'?")], ids=["named", "all of them"]
)
def test_what_is_expected_of_a_service_that_does_not_go_is_refused(
    stage: Stage, services: tuple[str, ...], hint: str
) -> None:
    """It would be asked of nobody."""
    name = "orders" if services else "wbe"
    with pytest.raises(UsageError, match=f"--expect {name}=1: the promotion is not about {name}{re.escape(hint)}$"):
        promoted(stage, *services, expected={name: "1"})


# Images and spellings


def test_images_that_the_targets_page_drops_do_not_go() -> None:
    """A database in a container in dev is a managed one in prod."""
    stage = Stage(page("web", "containers: {db: {image: web-db}}\nenvironments: {prod: {containers: {db: null}}}\n"))
    stage.run("staging", web="2", web_db="7")
    stage.commit(promoted(stage, "web"))
    assert stage.record("web", "prod") == {"web": Release(newTag="2")}


def test_images_that_only_the_target_has_stay() -> None:
    """The source has nothing to say about them."""
    stage = Stage(page("web", "environments: {prod: {containers: {proxy: {image: web-proxy}}}}\n"))
    stage.run("staging", web="2")
    stage.run("prod", web="1", web_proxy="5")
    stage.commit(promoted(stage, "web"))
    assert stage.record("web", "prod") == {"web": Release(newTag="2"), "web-proxy": Release(newTag="5")}


def test_a_first_promotion_that_lacks_an_image_says_what_is_missing() -> None:
    """The page of prod adds one that no environment before has."""
    stage = Stage(page("web", "environments: {prod: {containers: {proxy: {image: web-proxy}}}}\n"))
    stage.run("staging", web="2")
    with pytest.raises(InputError, match="image 'web-proxy' has no release in prod"):
        promoted(stage, "web")


def test_a_page_with_other_images_in_the_target_is_refused() -> None:
    """Nothing of what staging has could go there."""
    stage = Stage(page("web", "environments: {prod: {image: web-fips}}\n"))
    stage.run("staging", web="2")
    words = "web has other images in prod (web-fips) than in staging (web): use `fairlead bump` to release into it"
    with pytest.raises(UsageError) as error:
        promoted(stage, "web")
    assert str(error.value) == words


def test_a_page_without_images_of_ours_has_nothing_to_promote() -> None:
    """Its overlays are rendered for all environments, without a record."""
    pinned = {"services/cache.yaml": "system: shop\nimage: docker.io/library/redis:8\nport: 6379\n"}
    stage = Stage(pinned)
    for environment in ("staging", "prod"):
        stage.write(f"overlays/{environment}/cache/kustomization.yaml", "resources:\n- ../../../base/cache\n")
    assert not promoted(stage, "cache").changes


@pytest.mark.parametrize(
    ("source", "target"),
    [(f"2@{DIGEST}", f"2 + {DIGEST}"), (f"2 + {DIGEST}", f"2@{DIGEST}")],
    ids=["one key to two", "two keys to one"],
)
def test_one_release_in_two_spellings_is_the_same(source: str, target: str) -> None:
    """There is nothing to do."""
    stage = Stage()
    stage.run("staging", web=source)
    stage.run("prod", web=target)
    path = "overlays/prod/web/kustomization.yaml"
    if " + " in target:
        two = f'newTag: "2"\n  digest: "{DIGEST}"'
        stage.write(path, re.sub(r'newTag: "2@[^"]*"', two, stage.tree.files[path].decode()))
    assert not promoted(stage, "web").changes


def test_a_release_goes_in_the_spelling_of_the_target() -> None:
    """With two keys there, tag and digest go apart: no line is added."""
    stage = Stage()
    stage.run("staging", web=f"2@{DIGEST}")
    stage.run("prod", web="1")
    path = "overlays/prod/web/kustomization.yaml"
    other = f"sha256:{'f' * 64}"
    stage.write(path, stage.tree.files[path].decode().replace('newTag: "1"', f'newTag: "1"\n  digest: "{other}"'))
    stage.commit(promoted(stage, "web"))
    assert stage.record("web", "prod") == {"web": Release(newTag="2", digest=DIGEST)}


# First promotions


def test_the_first_promotion_makes_the_overlay(stage: Stage) -> None:
    """The base is there already."""
    stage.run("staging", "orders", orders="1", orders_migrations="1")
    draft = promoted(stage, "orders")

    assert {change.path.rpartition("/")[0] for change in draft.changes} == {"overlays/prod/orders"}
    assert str(draft.moves[0]) == "prod/orders: orders-migrations not released -> 1"


def test_the_first_promotion_makes_the_base_where_there_is_none() -> None:
    """The source's overlay was written by hand, say."""
    stage = Stage()
    stage.run("staging", web="1")
    for path in list(stage.tree.under("base")):
        stage.write(path, None)
    assert {change.path.split("/")[0] for change in promoted(stage, "web").changes} == {"base", "overlays"}


def test_a_base_that_is_not_as_rendered_is_refused(stage: Stage) -> None:
    """Else a promotion would bring a change of the page to the other environments."""
    stage.run("staging", "orders", orders="1", orders_migrations="1")
    stage.write("base/orders/kustomization.yaml", "resources: []\n")
    with pytest.raises(UsageError, match=r"base/orders/kustomization\.yaml is not what its page renders"):
        promoted(stage, "orders")


def test_what_is_not_released_cannot_be_promoted(stage: Stage) -> None:
    """In the source, that is."""
    with pytest.raises(UsageError, match="orders is not released in staging: there is nothing to promote"):
        promoted(stage, "orders")


def test_a_record_that_cannot_be_read_keeps_only_its_own_environment(stage: Stage) -> None:
    """A broken one in dev is not this promotion's; one in the source is."""
    stage.write("overlays/dev/web/kustomization.yaml", "images: [{name: web, newTag: 1.10}]\n")
    assert promoted(stage, "web").moves
    stage.write("overlays/staging/web/kustomization.yaml", "images: [{name: web, newTag: 1.10}]\n")
    with pytest.raises(InputError, match=r"overlays/staging/web/kustomization.yaml:1:30: .*1\.10"):
        promoted(stage, "web")


@pytest.mark.parametrize(
    ("service", "target", "options", "words"),
    [
        ("web", "dev", {}, "dev is the first environment: use `fairlead bump` to release into it"),
        ("web", "prod", {"source": "dev"}, "dev to prod would skip staging for web; if you mean it: --skip staging"),
        ("web", "prod", {"skipped": frozenset({"stging"})}, "no environment 'stging'; did you mean 'staging'?"),
        ("web", "prod", {"source": "dve"}, "no environment 'dve'; did you mean 'dev'?"),
        ("wbe", "prod", {}, "no service 'wbe'; did you mean 'web'?"),
        ("web", "prod", {"overrides": {"sok": "why"}}, "no gate 'sok'; did you mean 'soak'?"),
    ],
)
def test_what_cannot_be_is_told_with_a_remedy(
    stage: Stage, service: str, target: str, options: dict[str, Any], words: str
) -> None:
    """One line each."""
    with pytest.raises(UsageError) as error:
        promoted(stage, service, to=target, **options)
    assert str(error.value) == words


def test_an_environment_may_be_skipped(stage: Stage) -> None:
    """The commit says where the release came from."""
    stage.run("dev", web="3")
    draft = promoted(stage, "web", skipped=frozenset({"staging"}))

    assert [str(move) for move in draft.moves] == ["prod/web: web 1 -> 3"]
    assert draft.trailers == (("Promoted-From", "dev"),)


# All that waits


def everything(more: dict[str, str] | None = None) -> Stage:
    """Return a stage where `web` and `orders` wait for prod, and `idle` has nothing to give."""
    stage = waiting((more or {}) | page("idle"))
    for environment, tag in (("staging", "1"), ("prod", "1"), ("staging", "2")):
        stage.run(environment, "orders", orders=tag, orders_migrations=tag)
    return stage


def test_all_that_waits_goes_in_one_commit() -> None:
    """Services that are not released in the environment before have nothing to give."""
    draft = promoted(everything())

    assert draft.subject == "Promote 2 services to prod"
    assert {move.service for move in draft.moves} == {"web", "orders"}
    assert not draft.waiting


def test_where_nothing_waits_nothing_is_done() -> None:
    """And that is no failure."""
    stage = everything()
    stage.commit(promoted(stage))
    draft = promoted(stage)
    assert (draft.moves, draft.changes, draft.waiting) == ((), (), ())


def test_what_is_held_waits_and_the_rest_goes() -> None:
    """With the reason."""
    stage = everything({HELD: HOLD.replace('web: "1.4.2"', 'web: "1"')})
    draft = promoted(stage)

    (refusal,) = draft.waiting
    assert str(refusal) == (
        "prod/web: hold: held at 1 by Dev <dev@example.com> until 2026-12-01T12:00:00Z (1.4.3 loses orders): "
        "passes at 2026-12-01T12:00:00Z; end it: fairlead unhold web --env prod"
    )
    assert draft.subject == "Promote orders to prod: 2"


def test_what_a_gate_refuses_waits_and_the_rest_goes() -> None:
    """Orders is in staging for a shorter time than web."""
    draft = promoted(everything(gated("{soak: 4h}")))

    assert [refusal.gate for refusal in draft.waiting] == ["soak"]
    assert {move.service for move in draft.moves} == {"web"}


def test_what_is_superseded_waits_and_the_rest_goes() -> None:
    """Prod had both when the job began; then somebody brought a newer web there."""
    stage = everything()
    work = promoter()
    work.draft(stage.scene())
    stage.run("staging", web="3")
    stage.commit(promoted(stage, "web"))
    draft = work.draft(stage.scene())

    assert [(refusal.gate, refusal.service) for refusal in draft.waiting] == [("order", "web")]
    assert {move.service for move in draft.moves} == {"orders"}


def test_what_its_page_keeps_waits_and_the_rest_goes() -> None:
    """Web is another image in prod."""
    stage = everything()
    stage.tree = stage.tree.after(page("web", "environments: {prod: {image: web-fips}}\n").items())
    draft = promoted(stage)

    assert [(refusal.gate, refusal.service) for refusal in draft.waiting] == [("page", "web")]
    assert {move.service for move in draft.moves} == {"orders"}


@pytest.mark.parametrize("shut_out", ["prod", "staging"])
def test_services_that_have_no_such_way_are_none_that_wait(shut_out: str) -> None:
    """Neither one that is shut out of the target, nor one of a source that was named."""
    stage = everything()
    stage.tree = stage.tree.after(page("web", f"environments: {{{shut_out}: false}}\n").items())
    draft = promoted(stage, source="staging")

    assert {move.service for move in draft.moves} == {"orders"}
    assert not draft.waiting


def test_a_service_that_the_skipped_leave_without_a_source_is_none_that_waits() -> None:
    """Web does not run in dev, and staging is skipped."""
    stage = everything(page("web", "environments: {dev: false}\n"))
    stage.run("dev", "orders", orders="3", orders_migrations="3")
    draft = promoted(stage, skipped=frozenset({"staging"}))
    assert {move.service for move in draft.moves} == {"orders"}


def test_all_from_a_source_that_is_skipped_as_well_comes_from_there() -> None:
    """Who names it means it."""
    stage = everything()
    stage.run("dev", web="3")
    draft = promoted(stage, to="staging", source="dev", skipped=frozenset({"dev"}))
    assert [str(move) for move in draft.moves] == ["staging/web: web 2 -> 3"]


def test_all_with_a_gate_that_does_not_exist_is_refused() -> None:
    """A misspelt override is no reason to wait."""
    with pytest.raises(UsageError, match="no gate 'sok'"):
        promoted(everything(), overrides={"sok": "why"})


def test_all_into_the_first_environment_is_refused() -> None:
    """Nothing could ever wait for it."""
    with pytest.raises(UsageError, match="dev is the first environment"):
        promoted(everything(), to="dev")


# Gates


def test_every_gate_that_refuses_is_named() -> None:
    """Of all services."""
    stage = everything(gated("{soak: 24h, digest: required}"))
    with pytest.raises(GateError) as error:
        promoted(stage, "web", "orders")
    assert [(each.service, each.gate) for each in error.value.refusals] == [
        ("web", "soak"),
        ("web", "digest"),
        ("orders", "soak"),
        ("orders", "digest"),
        ("orders", "digest"),
    ]


def test_a_gate_is_overridden_with_a_reason_that_the_commit_keeps(stage: Stage) -> None:
    """As a trailer of its own."""
    stage.tree = stage.tree.after(gated("{soak: 24h}").items())
    draft = promoted(stage, "web", overrides={"soak": "mends the outage"})

    assert draft.trailers == (("Promoted-From", "staging"), ("Gate-Override", "soak: mends the outage"))
    assert [refusal.gate for refusal in draft.used] == ["soak"]


def test_overriding_a_hold_ends_it(stage: Stage) -> None:
    """Else the branch would hold what it does not run."""
    stage.commit(hold(HoldRequest(service="web", environment="prod", reason="audit"), Unchanged(), stage.scene()))
    stage.commit(promoted(stage, "web", overrides={"hold": "the audit is over"}))
    assert "overlays/prod/web/hold.yaml" not in stage.tree.files
    assert stage.tag("prod") == "2"


def test_one_service_that_cannot_be_read_keeps_no_other_one() -> None:
    """Of all that wait."""
    stage = everything()
    stage.write("overlays/prod/orders/kustomization.yaml", "images:\n- {name: orders, newTag: 'no tag'}\n")
    draft = promoted(stage)
    assert [move.service for move in draft.moves] == ["web"]
    assert [(waits.service, waits.gate) for waits in draft.waiting] == [("orders", "page")]


def test_an_override_that_was_not_needed_leaves_no_trace(stage: Stage) -> None:
    """History shows what was passed over, and nothing was."""
    assert promoted(stage, "web", overrides={"soak": "why"}).trailers == (("Promoted-From", "staging"),)


def test_an_override_of_one_gate_passes_no_other_one(stage: Stage) -> None:
    """Each has to be named."""
    stage.tree = stage.tree.after(gated("{soak: 24h, digest: required}").items())
    with pytest.raises(GateError, match=r"^prod/web: digest"):
        promoted(stage, "web", overrides={"soak": "why"})


def test_soak_counts_from_when_the_source_got_it(stage: Stage) -> None:
    """To the hour in which it is worked out."""
    stage.tree = stage.tree.after(gated("{soak: 3h}").items())
    with pytest.raises(GateError, match=r"staging has 2 since 2026-11-01T14:00:00Z, 3h asked"):
        promoted(stage, "web")
    stage.now = stage.now.replace(hour=17)
    assert promoted(stage, "web").moves


def test_an_earlier_release_has_soaked_only_while_it_ran(stage: Stage) -> None:
    """Staging had 2 for an hour, however long ago."""
    stage.tree = stage.tree.after(gated("{soak: 3h}").items())
    stage.run("staging", web="3")
    stage.now = stage.now.replace(day=20)
    with pytest.raises(GateError, match="staging had 2 only from 2026-11-01T14:00:00Z to 2026-11-01T15:00:00Z"):
        promoted(stage, "web=2")


def test_the_world_is_asked_last_and_may_be_overridden(stage: Stage) -> None:
    """What costs most is not asked where something cheaper refuses."""
    stage.answers = [GateRefusal(gate="image", service="web", environment="prod", message="not there")]
    with pytest.raises(GateError, match="image: not there"):
        promoted(stage, "web")
    draft = promoted(stage, "web", overrides={"image": "it is pulled through"})
    assert draft.trailers[1:] == (("Gate-Override", "image: it is pulled through"),)

    asked = len(stage.asked)
    stage.tree = stage.tree.after(gated("{soak: 24h}").items())
    with pytest.raises(GateError, match=r"^prod/web: soak"):
        promoted(stage, "web")
    assert len(stage.asked) == asked


def test_the_world_is_told_what_goes_where(stage: Stage) -> None:
    """With the environment that it comes from."""
    draft = promoted(stage, "web")
    (candidate,) = stage.asked
    assert (candidate.environment, candidate.service, candidate.source) == ("prod", "web", "staging")
    assert candidate.moves == draft.moves


def test_a_hold_refuses(stage: Stage) -> None:
    """Whoever set it."""
    stage.write(HELD, HOLD.replace('web: "1.4.2"', 'web: "1"'))
    with pytest.raises(GateError, match="hold: held at 1"):
        promoted(stage, "web")


def test_a_hold_that_is_over_refuses_nothing(stage: Stage) -> None:
    """Though its file is still there."""
    stage.write(HELD, HOLD.replace("2026-12-01", "2026-10-01"))
    assert promoted(stage, "web").moves


def test_back_to_what_is_held_is_no_move_away_from_it(stage: Stage) -> None:
    """A bot moved the record, and the promotion brings back what the hold keeps."""
    stage.write(HELD, HOLD.replace('web: "1.4.2"', 'web: "2"'))
    assert promoted(stage, "web").moves


def test_a_hold_that_cannot_be_read_refuses_as_what_it_is(stage: Stage) -> None:
    """Nobody knows what it holds."""
    stage.write(HELD, "by: me\n")
    with pytest.raises(InputError, match=r"overlays/prod/web/hold\.yaml"):
        promoted(stage, "web")


# What holds for any history

_TAGS = st.sampled_from(["a", "b", "c", "d"])
_ACTS = st.one_of(
    st.tuples(st.just("bump"), _TAGS),
    st.tuples(st.just("hotfix"), _TAGS),
    st.tuples(st.just("promote"), st.one_of(st.none(), _TAGS)),
    st.tuples(st.just("late"), st.one_of(st.none(), _TAGS)),
    st.tuples(st.just("roll back source"), st.none()),
    st.tuples(st.just("roll back target"), st.none()),
)


@settings(max_examples=examples(60), deadline=None)
@given(acts=st.lists(_ACTS, min_size=3, max_size=14))
def test_a_promotion_never_brings_what_the_source_had_before_what_the_target_has(acts: list[tuple[str, Any]]) -> None:
    """Whatever was bumped, promoted and rolled back; `late` is a job that began before the last act."""
    stage = Stage()
    had: list[str] = []  # what staging became, in order
    job = promoter("web")
    for act, tag in acts:
        here, there = stage.tag("staging"), stage.tag("prod")
        waits, job = job, promoter(f"web={tag}" if tag else "web")
        if act == "late":
            _promote(stage, waits, had, there)
            continue
        _look(job, stage)
        if act == "bump" and here != tag:
            stage.run("staging", web=tag)
        elif act == "hotfix" and there != tag:
            stage.run("prod", web=tag)
        elif act == "promote":
            _promote(stage, job, had, there)
        elif act.startswith("roll back"):
            _roll_back(stage, "staging" if act.endswith("source") else "prod")
        now = stage.tag("staging")
        had += [now] if now and now != here else []


def _look(job: Promoter, stage: Stage) -> None:
    """Let a job make its first attempt, whose push another job is faster than."""
    try:
        job.draft(stage.scene())
    except (UsageError, SupersededError, GateError):
        return


def _promote(stage: Stage, job: Promoter, had: list[str], there: str | None) -> None:
    """Promote, and hold what came of it against what staging became, and when."""
    try:
        stage.commit(job.draft(stage.scene()))
    except (UsageError, SupersededError, GateError):
        assert stage.tag("prod") == there
        return
    now = stage.tag("prod")
    assert now in had
    if there in had and now != there:
        assert _last(had, now) > _last(had, there)


def _last(had: list[str], tag: str) -> int:
    return len(had) - 1 - had[::-1].index(tag)


def _roll_back(stage: Stage, environment: str) -> None:
    """Go back and end the hold at once."""
    try:
        stage.commit(rollback(Back(service="web", environment=environment), Unchanged(), stage.scene()))
    except UsageError:
        return
    stage.write(f"overlays/{environment}/web/hold.yaml", None)


_IMAGES = st.sampled_from(["orders", "orders-migrations"])
_MOVES = st.tuples(st.sampled_from(["staging", "prod", "promote", "promote"]), _IMAGES, _TAGS)


@settings(max_examples=examples(60), deadline=None)
@given(acts=st.lists(_MOVES, min_size=3, max_size=12))
def test_no_image_of_a_service_goes_back_by_a_promotion(acts: list[tuple[str, str, str]]) -> None:
    """Also where images of it were bumped one by one, and an earlier release is asked for by its tag."""
    stage = Stage()
    had: dict[str, list[str]] = {"orders": ["a"], "orders-migrations": ["a"]}
    for environment in ("staging", "prod"):
        stage.run(environment, "orders", orders="a", orders_migrations="a")
    for act, image, tag in acts:
        there = {name: stage.tag("prod", "orders", name) for name in had}
        if act == "promote":
            try:
                stage.commit(promoted(stage, f"orders={tag}"))
            except (UsageError, SupersededError):
                assert {name: stage.tag("prod", "orders", name) for name in had} == there
        elif stage.tag(act, "orders", image) != tag:
            stage.run(act, "orders", **{image.replace("-", "_"): tag})
            if act == "staging":
                had[image].append(tag)
            continue
        for name, before in there.items():
            now = stage.tag("prod", "orders", name)
            if now and before in had[name] and now != before:
                assert _last(had[name], now) > _last(had[name], before)
