"""The set of rules as a whole: each is documented, fires on its `bad`, is silent on its `good`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
import yaml

from generator.findings.verdict import Needed, Verdict
from generator.inputs.name import is_name
from generator.inputs.reserved import reserved
from generator.kubernetes.manifest import at
from generator.rules.across import ACROSS, AFTERWARDS, repository_violations
from generator.rules.catalogue import BY_ID, RULES
from generator.rules.page import rules_page
from generator.rules.reader import rule_of
from generator.rules.rule import Rule, Violation
from generator.rules.runner import violations
from generator.rules.world import World
from generator.yamlio import parse
from tests.generated import hold_current

from .examples import said, view

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.rules.view import View

OBJECT_RULES = [rule for rule in RULES if rule.check]
READ_RULES = [rule for rule in RULES if rule.id in {"SPC001", "SPC002", "SPC003", "SPC004", "SPC005"}]
REPOSITORY = Path(__file__).parents[2]


def name(rule: Rule) -> str:
    """Name a case after its rule."""
    return rule.id


def test_ids_are_unique_and_sorted() -> None:
    """The order of the tuple is the order of the ids."""
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids)) == list(BY_ID)


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_rule_is_documented(rule: Rule) -> None:
    """Every text is there, a rule over objects has a check of them, and one over the repository has one of it."""
    assert all((rule.title, rule.why, rule.remedy, rule.bad, rule.good))
    assert (rule.check is not None) == (rule.stage == "object")
    assert rule.across is not None or rule.stage != "repository"


def test_the_runner_over_the_repository_has_each_check_of_the_catalogue() -> None:
    """It names modules and ids, because it imports a rule only once that has something to say."""
    listed = {id_: check for (_, id_), check in ({**ACROSS, **AFTERWARDS}).items()}
    assert listed == {rule.id: rule.across for rule in RULES if rule.across}


@pytest.mark.parametrize(("module", "id_"), [*ACROSS, *AFTERWARDS])
def test_the_runner_over_the_repository_finds_each_rule(module: str, id_: str) -> None:
    """A rule that moves is found again."""
    assert getattr(import_module(f"generator.rules.{module}"), id_) is BY_ID[id_]


def test_nothing_said_about_a_sound_repository() -> None:
    """One overlay that was checked, and that needs nothing of others."""
    world = World(verdicts=(Verdict(unit="web", environment="prod", cluster="prod", checked=1),))
    assert [*repository_violations(world), *repository_violations(world, AFTERWARDS)] == []


def test_a_repository_without_a_checked_object_proves_nothing() -> None:
    """The rule speaks of no overlay."""
    ((rule, seen),) = repository_violations(World(verdicts=()))
    assert (rule.id, seen.verdict) == ("PRF003", None)


def test_a_service_that_another_overlay_provides_is_known() -> None:
    """In the same cluster, whichever environment it is of."""
    needed = Needed("Deployment/shop/web", ("spec",), "shop", "users", certain=True)
    web = Verdict(unit="web", environment="prod", cluster="one", checked=1, needed=(needed,))
    users = Verdict(unit="users", environment="prod", cluster="one", provides=(("shop", "users"),))
    elsewhere = msgspec.structs.replace(users, cluster="two")
    assert [rule.id for rule, _ in repository_violations(World(verdicts=(web, users)))] == []
    assert [rule.id for rule, _ in repository_violations(World(verdicts=(web, elsewhere)))] == ["WRK023"]


@pytest.mark.parametrize("rule", [*OBJECT_RULES, BY_ID["WRK023"]], ids=name)
def test_rule_fires_on_bad(rule: Rule) -> None:
    """The example shows the fault."""
    assert said(rule, view(rule.bad))


@pytest.mark.parametrize("rule", [*OBJECT_RULES, BY_ID["WRK023"]], ids=name)
def test_rule_is_silent_on_good(rule: Rule) -> None:
    """The example shows the cure."""
    assert not said(rule, view(rule.good))


@pytest.mark.parametrize("rule", OBJECT_RULES, ids=name)
def test_violation_points_into_its_object(rule: Rule) -> None:
    """A path names a field of the object, or one that could be added to it."""
    for _, manifest, violation in violations(view(rule.bad), [rule]):
        assert isinstance(at(manifest, violation.path[:-1]), (dict, list))


@pytest.mark.parametrize("rule", READ_RULES, ids=name)
def test_reader_fires_on_bad_page(rule: Rule) -> None:
    """The YAML reader gives the rule's id for the example."""
    assert {rule_of(problem).id for problem in parse(rule.bad.encode(), "services/web.yaml")[1]} == {rule.id}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.stage in {"page", "kustomization"}], ids=name)
def test_reader_is_silent_on_good_page(rule: Rule) -> None:
    """The YAML reader has nothing to say about the cure."""
    assert parse(rule.good.encode(), "services/web.yaml")[1] == []


def test_reserved_content_of_the_examples() -> None:
    """SPC006's own example is reserved, its cure is not."""
    rule = BY_ID["SPC006"]
    found = list(reserved(yaml.safe_load(rule.bad)))
    key = "argocd.argoproj.io/sync-options"
    assert found == [(("annotations", key), key, "Argo CD")]
    assert not list(reserved(yaml.safe_load(rule.good)))


@pytest.mark.parametrize(
    ("value", "path", "text", "steered"),
    [
        (
            {"podAnnotations": {"config.kubernetes.io/x": "1"}},
            ("podAnnotations", "config.kubernetes.io/x"),
            "config.kubernetes.io/x",
            "kustomize",
        ),
        ({"affinity": {"$patch": "delete"}}, ("affinity", "$patch"), "$patch", "kustomize"),
        ({"labels": {"kustomize.x/y": "z"}}, ("labels", "kustomize.x/y"), "kustomize.x/y", "kustomize"),
        ({"args": ["a", "--x={{ .Values.x }}"]}, ("args", 1), "{{", "templates"),
        ({"env": {"{{x}}": "1"}}, ("env", "{{x}}"), "{{x}}", "templates"),
    ],
)
def test_reserved_content(value: Manifest, path: tuple[str | int, ...], text: str, steered: str) -> None:
    """Keys and texts, however deep."""
    assert list(reserved(value)) == [(path, text, steered)]


@pytest.mark.parametrize("text", ["a", "orders", "users-backend", "a" * 42, "x1"])
def test_plain_word_is_a_name(text: str) -> None:
    """What a service may be called."""
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "1a", "-x", "a-", "..", ".git", "A", "a/b", "a\n", "a" * 43, "ä", "a.b"])
def test_anything_else_is_no_name(text: str) -> None:
    """What would be a path, an option, or a clash."""
    assert not is_name(text)


def test_production_rules_are_silent_elsewhere() -> None:
    """A rule for production does not run in other environments."""
    seen = view("# environment: dev\n" + BY_ID["WRK010"].bad)
    assert "WRK010" not in {rule.id for rule, _, _ in violations(seen)}


def test_order_is_objects_then_rules() -> None:
    """Findings come object by object, and by id within each."""
    seen = view(BY_ID["WRK007"].bad + "---\n" + BY_ID["WRK015"].bad)
    order = [(index, rule.id) for rule, manifest, _ in violations(seen) for index in [_index(seen, manifest)]]
    assert order == sorted(order)
    assert len(order) > 3


def _index(seen: View, manifest: Manifest) -> int:
    return next(index for index, other in enumerate(seen.objects) if other is manifest)


def test_runner_knows_no_rule() -> None:
    """A rule of somebody else's runs like our own."""
    odd = BY_ID["WRK001"]
    always = Rule(
        id="XYZ001", title=odd.title, why=odd.why, remedy=odd.remedy, severity=odd.severity, stage="object",
        bad=odd.bad, good=odd.good, check=lambda _manifest, _view: [Violation(path=(), message="seen")],
    )  # fmt: skip
    assert [rule.id for rule, _, _ in violations(view(odd.good), [always])] == ["XYZ001"]


def test_page_of_rules_is_current() -> None:
    """`docs/rules.md` is what the rules say; `scripts/rules-docs` writes it."""
    hold_current(REPOSITORY / "docs" / "rules.md", rules_page())


def test_page_of_rules_hides_no_characters() -> None:
    """A page that explains invisible characters does not hold any."""
    assert "\u202e" not in rules_page()
    assert "\\u202e" in rules_page()
