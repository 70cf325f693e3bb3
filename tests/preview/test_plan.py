"""`fairlead argocd plan`, from files to words, with the real kustomize and git."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click
import pytest

from generator.cli.completion_names import application_names, instance_names
from generator.yamlio import dump
from tests.crds.widgets import crd
from tests.preview.hub import (
    ROOT,
    application,
    application_set,
    config_map,
    folders,
    hub,
    overlay,
    project,
    shop,
)

if TYPE_CHECKING:
    from tests.preview.conftest import Shop

STAYS = (
    "stays: dev-shop never deletes one; it points at overlays/dev/web@main, which is not there, so its objects stay as "
    "they are"
)
OUTSIDE = (
    "application destination server 'prod' and namespace 'shop' do not match any of the allowed destinations "
    "in project 'shop'"
)
CLOSED = {
    "kind": "deny",
    "schedule": "*/30 * * * *",
    "duration": "1h",
    "manualSync": True,
    "applications": ["dev-web"],
}


def objects(plan: dict[str, Any], name: str) -> list[str]:
    """Return the steps of an Application in short."""
    return [
        f"{wave['phase']} {wave['wave']}: {' '.join(each['name'] for each in wave['objects'])}"
        for wave in plan[name]["waves"]
    ]


def words(plan: dict[str, Any], name: str) -> list[str]:
    """Return what is refused of an Application."""
    return [each["message"] for each in plan[name]["refused"]]


def test_a_table_and_a_total(empty: Shop) -> None:
    """One line for each Application, and nothing more where nothing is to be said."""
    empty.put(shop())
    code, said = empty.argocd("plan")
    assert code == 0
    assert (
        said
        == """\
application  project  destination                            path              waves  objects
root         root     https://kubernetes.default.svc/argocd  argocd/hub        0      4
dev-api      shop     dev/shop                               overlays/dev/api  0      1
dev-web      shop     dev/shop                               overlays/dev/web  0      1

hub: 3 Applications, 0 refusals, 0 cannot be built, 0 not built here, 0 not expanded
"""
    )


def test_a_named_application_in_full(empty: Shop) -> None:
    """Where it comes from, how it syncs, and its objects in order, hooks and options told."""
    hook = config_map("first", hook="PreSync", sync__options="Prune=false")
    empty.put(shop() | overlay("web", config_map("web"), hook, config_map("never", hook="Skip")))
    code, said = empty.argocd("plan", "dev-web")
    assert code == 0
    assert (
        """
dev-web
  project      shop
  destination  dev/shop
  source       overlays/dev/web@main
  made by      ApplicationSet dev-shop, which never deletes one
  sync         automated, prune, self-heal
  options      PruneLast=true
  PreSync wave 0
    ConfigMap/shop/first (hook, deleted BeforeHookCreation, Prune=false)
  Sync wave 0
    ConfigMap/shop/web
  never applied
    ConfigMap/shop/never
"""
        in said
    )
    assert "dev-api" not in said


def test_what_a_project_refuses(empty: Shop) -> None:
    """Kinds, namespaces, destinations and sources, with Argo CD's words and the object."""
    space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    foreign = application("own", "overlays/dev/own", destination={"name": "prod", "namespace": "shop"})
    empty.put(
        shop(foreign) | overlay("web", space, config_map("web", "kube-system")) | overlay("own", config_map("own"))
    )
    plan = empty.plan(code=1)
    assert words(plan, "dev-web") == [
        "resource :Namespace is not permitted in project shop",
        "namespace kube-system is not permitted in project 'shop'",
    ]
    assert plan["dev-web"]["refused"][1]["object"] == "ConfigMap/kube-system/web"
    assert words(plan, "own") == [
        OUTSIDE,
        "namespace shop is not permitted in project 'shop'",
    ]
    assert words(plan, "dev-api") == []


def test_a_project_that_does_not_exist(empty: Shop) -> None:
    """Argo CD does nothing with such an Application."""
    empty.put(hub(application("lone", "overlays/dev/web", "nobody")) | overlay("web", config_map("web")))
    assert words(empty.plan(code=1), "lone") == ["project 'nobody' does not exist"]


def test_what_only_the_cluster_knows_is_not_passed_over(empty: Shop) -> None:
    """A project that names servers cannot be held against Applications that name clusters: exit 3."""
    files = hub(
        project("shop", destinations=[{"server": "https://10.0.0.1", "namespace": "shop"}]),
        application("web", "overlays/dev/web"),
    )
    empty.put(files | overlay("web", config_map("web")))
    plan = empty.plan(code=3)
    assert plan["web"]["refused"] == []
    assert len(plan["web"]["inDoubt"]) == 2
    empty.plan("--allow-unexpanded")


def test_a_set_that_is_not_worked_out_is_named(empty: Shop) -> None:
    """With the reason and the place; "could not find out" is never 0 unless asked for."""
    empty.put(shop(application_set("others", {"clusters": {}})))
    plan = empty.plan(code=3)
    assert [(each["name"], each["why"], each["certain"]) for each in plan["unexpanded"]] == [
        ("others", "generator `clusters`", False)
    ]
    code, said = empty.argocd("plan", "--allow-unexpanded")
    assert code == 0
    assert "argocd/hub/4.yaml:1:1: others: not expanded: generator `clusters`\n" in said


def test_a_set_that_argo_cd_cannot_expand(empty: Shop) -> None:
    """That is a fault, not a gap of ours."""
    empty.put(shop(application_set("broken", {"list": {"elements": [{"x": "1"}]}})))
    code, said = empty.argocd("plan")
    assert code == 1
    assert 'broken: Argo CD cannot expand it: map has no entry for key "path"' in said


def test_two_applications_of_one_name(empty: Shop) -> None:
    """Each would take the other's place."""
    empty.put(shop(application("dev-web", "overlays/dev/api")))
    code, said = empty.argocd("plan")
    assert code == 1
    assert (
        "argocd/hub/3.yaml:1:1: dev-web: two Applications have this name; the other is of argocd/hub/4.yaml:1:1" in said
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"overlays/dev/web/0.yaml": "kind: [\n"}, "kustomize build fails"),
        ({"overlays/dev/web/kustomization.yaml": "helmCharts: []\n"}, "'helmCharts' is not allowed"),
        ({"overlays/dev/web/kustomization.yaml": "resources: [gone.yaml]\n"}, "'gone.yaml' does not exist"),
    ],
)
def test_an_overlay_that_cannot_be_built(empty: Shop, files: dict[str, str], words: str) -> None:
    """The gate is asked first; the others are built all the same."""
    empty.put(shop() | files)
    plan = empty.plan(code=1)
    assert words in plan["dev-web"]["fault"]
    assert plan["dev-api"]["built"]


def test_a_folder_without_a_kustomization(empty: Shop) -> None:
    """A hold that its overlay left behind makes an Application, whose files are not looked at here."""
    files = {path: text for path, text in shop().items() if not path.startswith("overlays/dev/web")}
    empty.put(files | {"overlays/dev/web/hold.yaml": "by: someone\n"})
    assert empty.plan()["dev-web"]["elsewhere"] == "no kustomization in overlays/dev/web: plain files"


def test_a_checkout_with_crlf_is_planned_like_any_other(empty: Shop) -> None:
    """Line ends are git's business."""
    empty.put(shop())
    plan = empty.plan()
    empty.put({path: text.replace("\n", "\r\n") for path, text in shop().items()})
    assert empty.plan() == plan


@pytest.mark.parametrize("name", [".argocd-source.yaml", ".argocd-source-dev-web.yaml", "webChart.yaml"])
def test_a_file_that_overrides_what_is_built_cannot_be_planned(empty: Shop, name: str) -> None:
    """What Argo CD would make of it is not known here, and no folder that is rendered may have one."""
    empty.put(shop() | {f"overlays/dev/web/{name}": "kustomize: {namePrefix: x-}\n"})
    assert empty.plan(code=1)["dev-web"]["fault"].startswith(f"overlays/dev/web/{name}: Argo CD ")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"repoURL": "https://charts.example.com", "chart": "x", "targetRevision": "1.2.3"}, "Helm chart x 1.2.3"),
        ({"repoURL": "https://git.example.com/other.git", "path": "a"}, "another repository"),
        ({"path": "overlays/dev/web", "targetRevision": "v1"}, "another revision: v1"),
        ({"path": "overlays/dev/web", "kustomize": {"namePrefix": "x-"}}, "overridden by source.kustomize"),
    ],
)
def test_a_source_that_is_not_built_here(empty: Shop, source: dict[str, Any], words: str) -> None:
    """It is listed, with what is known of it, and judged by its project as far as that goes."""
    whole = {"repoURL": "https://git.example.com/shop.git", "targetRevision": "main", **source}
    empty.put(shop(application("own", "", source=whole)))
    found = empty.plan(code=0 if whole["repoURL"].endswith("shop.git") else 1)["own"]
    assert words in found["elsewhere"]
    assert not found["built"]


def test_an_application_of_applications_is_not_followed(empty: Shop) -> None:
    """Its children are unknown, so the plan is not whole."""
    child = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x, namespace: shop}\n"
    empty.put(shop() | overlay("web", child))
    assert empty.plan(code=3)["unexpanded"][0]["why"] == "it makes Applications of its own"


def test_a_closed_window(empty: Shop) -> None:
    """For the Applications that it concerns alone; whether people may sync by hand is told."""
    files = shop()
    made = hub(project("shop", syncWindows=[CLOSED]), application_set("dev-shop", folders("overlays/dev/*")))
    empty.put(files | made)
    code, said = empty.argocd("plan", "--verbose")
    assert code == 0
    assert re.search(r"^dev-web .* closed, no end in sight$", said, re.MULTILINE)
    assert "closed, no end in sight, but for syncs by hand" in said
    assert not empty.plan()["dev-api"]["window"]["closed"]


def test_what_changes_against_a_base(empty: Shop) -> None:
    """Both commits are built; what is no longer wanted is told with what becomes of it."""
    kept, asked = config_map("kept", sync__options="Prune=false"), config_map("asked", sync__options="Prune=confirm")
    empty.put(shop() | overlay("web", config_map("web"), config_map("old"), kept, asked))
    empty.commit()
    empty.put(overlay("web", config_map("web").replace("key: web", "key: new"), config_map("new")))
    empty.drop("overlays/dev/web/2.yaml", "overlays/dev/web/3.yaml")
    found = empty.plan("--base", "HEAD")["dev-web"]
    assert [each["name"] for each in found["created"]] == ["new"]
    assert [each["name"] for each in found["changed"]] == ["web"]
    assert {each["name"]: each["fate"] for each in found["pruned"]} == {
        "asked": "waits for confirmation (Prune=confirm)",
        "kept": "kept (Prune=false)",
        "old": "pruned",
    }
    assert objects({"dev-web": found}, "dev-web") == ["Sync 0: new web", "Sync 1: asked kept old"]
    assert empty.plan("--base", "HEAD")["dev-api"]["changed"] == []


def test_nothing_is_pruned_where_pruning_is_off(empty: Shop) -> None:
    """Nor where nobody syncs."""
    for number, (policy, fate) in enumerate(
        (
            ({"automated": {}}, "kept (prune is off)"),
            ({}, "pruned by a sync by hand alone (not automated)"),
            ({"automated": {"enabled": False, "prune": True}}, "pruned by a sync by hand alone (not automated)"),
        )
    ):
        empty.put(hub(project("shop"), application("web", "overlays/dev/web", syncPolicy=policy)))
        empty.put(overlay("web", config_map("web"), config_map(f"old{number}")))
        empty.commit()
        empty.put(overlay("web", config_map("web")))
        assert [each["fate"] for each in empty.plan("--base", "HEAD")["web"]["pruned"]] == [fate]


def test_an_overlay_that_loses_everything_is_not_synced(empty: Shop) -> None:
    """Argo CD never prunes the last object by itself: hooks do not count."""
    empty.put(shop())
    empty.commit()
    empty.put(overlay("web", config_map("hook", hook="Sync")))
    plan = empty.plan("--base", "HEAD", code=1)
    assert words(plan, "dev-web") == ["auto-sync will wipe out all resources (allowEmpty is off)"]
    assert [each["fate"] for each in plan["dev-web"]["pruned"]] == ["kept (Argo CD never syncs to nothing by itself)"]


def test_a_removed_overlay_leaves_its_application_behind(empty: Shop) -> None:
    """Its set never deletes one; nothing is pruned."""
    empty.put(shop())
    empty.commit()
    empty.drop("overlays/dev/web/kustomization.yaml", "overlays/dev/web/0.yaml")
    plan = empty.plan("--base", "HEAD")
    assert plan["gone"] == [
        {
            "instance": "hub",
            "name": "dev-web",
            "fate": STAYS,
        }
    ]


def test_a_removed_set_takes_its_applications_with_it(empty: Shop) -> None:
    """As far as the root Application prunes it: with Prune=confirm somebody has to say so."""
    made = application_set("dev-shop", folders("overlays/dev/*"), syncPolicy={})
    made["metadata"]["annotations"] = {"argocd.argoproj.io/sync-options": "Prune=confirm"}  # type: ignore[index]
    before = hub(project("shop"), made) | overlay("web", config_map("web"))
    for files, fate in (
        (before, "stays until someone confirms: ApplicationSet dev-shop waits for confirmation (Prune=confirm)"),
        (
            hub(project("shop"), application_set("dev-shop", folders("overlays/dev/*"), syncPolicy={})),
            "is deleted with ApplicationSet dev-shop; its objects go with it",
        ),
    ):
        empty.put(files | overlay("web", config_map("web")))
        empty.commit()
        empty.put(hub(project("shop")))
        assert [each["fate"] for each in empty.plan("--base", "HEAD")["gone"]] == [fate]


@pytest.mark.parametrize(
    ("options", "more"),
    [
        ([], ""),
        (["FailOnSharedResource=true"], ", and root syncs nothing while their tracking-id names root-hub"),
    ],
)
def test_an_instance_that_was_renamed(empty: Shop, options: list[str], more: str) -> None:
    """The old root Application stays: nobody but a person tells Argo CD of the new one."""
    before = {
        path: text.replace("name: root\n  namespace", "name: root-hub\n  namespace") for path, text in shop().items()
    }
    empty.put(before)
    empty.commit()
    empty.drop(*(path for path in before if path.startswith("argocd/")))
    policy = {"automated": {}, "syncOptions": options}
    root = dump({**ROOT, "spec": {**ROOT["spec"], "syncPolicy": policy}})  # type: ignore[dict-item]
    renamed = {
        path.replace("argocd/hub", "argocd/main"): text for path, text in {**shop(), "argocd/hub/0.yaml": root}.items()
    }
    empty.put({path: text.replace("argocd/hub", "argocd/main") for path, text in renamed.items()})
    (gone,) = empty.plan("--base", "HEAD")["gone"]
    assert (gone["instance"], gone["name"]) == ("hub", "root-hub")
    shared = "in one Argo CD two roots, root and root-hub, then share 2 Applications of the same name"
    assert gone["fate"].startswith(f"stays: its path argocd/hub is gone, so it syncs nothing; {shared}{more}")
    said = empty.argocd("plan", "--base", "HEAD")[1]
    assert "root-hub: no longer there; it stays: its path argocd/hub is gone" in said
    assert "main, hub: 3 Applications, 0 refusals" in said
    assert said.endswith("3 Applications new, 1 gone\n")


def test_an_instance_that_is_gone(empty: Shop) -> None:
    """Its Applications stay, and nobody deletes them."""
    empty.put(two_instances())
    empty.commit()
    empty.drop(*(path for path in two_instances() if path.startswith("argocd/hub/")))
    gone = empty.plan("--base", "HEAD")["gone"]
    assert {each["name"]: each["fate"].partition(";")[0] for each in gone} == {
        "root": "stays: its path argocd/hub is gone, so it syncs nothing",
        "dev-web": "stays: its instance is gone, and nobody deletes it",
        "dev-api": "stays: its instance is gone, and nobody deletes it",
    }


def test_only_what_changes(empty: Shop) -> None:
    """The totals are those of all; without a base nothing changes."""
    empty.put(shop())
    empty.commit()
    empty.put(overlay("web", config_map("web").replace("key: web", "key: new")))
    said = empty.argocd("plan", "--base", "HEAD", "--changed")[1]
    assert [line.split(" ")[0] for line in said.split("\n\n", maxsplit=1)[0].splitlines()] == ["application", "dev-web"]
    assert said.endswith(
        "\nagainst the base: 0 objects new, 1 changed, 0 no longer wanted (0 pruned); 0 Applications new, 0 gone\n"
    )
    found = empty.plan("--base", "HEAD", "--changed")
    assert [each["name"] for each in found["applications"]] == ["dev-web"]
    assert empty.argocd("plan", "--changed") == (2, "--changed needs --base REF: against what?\n")


def test_one_of_each(empty: Shop) -> None:
    """Counts are told as people say them."""
    empty.put(hub())
    assert empty.argocd("plan")[1].endswith(
        "\nhub: 1 Application, 0 refusals, 0 cannot be built, 0 not built here, 0 not expanded\n"
    )


def test_a_prune_that_the_project_refuses(empty: Shop) -> None:
    """It stays where it is, out of Argo CD's sight, and that is told as a fault."""
    kinds = {"namespaceResourceWhitelist": [{"group": "", "kind": "ConfigMap"}]}
    files = hub(project("shop", **kinds), application_set("dev-shop", folders("overlays/dev/web")))
    old = config_map("old").replace("kind: ConfigMap", "kind: LimitRange")
    empty.put(files | overlay("web", config_map("web"), old))
    empty.commit()
    empty.put(overlay("web", config_map("web")))
    (refused,) = empty.plan("--base", "HEAD", code=1)["dev-web"]["refused"]
    assert refused["prune"]
    line = "dev-web: cannot be pruned: resource :LimitRange is not permitted in project shop [LimitRange/shop/old]\n"
    assert line in empty.argocd("plan", "--base", "HEAD")[1]


def test_a_kind_of_a_team_of_its_own(empty: Shop) -> None:
    """Its definition says whether it lives in a namespace: beside it, in the repository, or brought along."""
    widget = dump({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "namespace": "shop"}})
    empty.put(shop() | overlay("web", widget))
    (doubt,) = empty.plan(code=3)["dev-web"]["inDoubt"]
    assert doubt["message"] == (
        "not known whether Widget is namespaced; add its definition: fairlead schemas add CRD.yaml"
    )
    definition = crd()
    empty.put({"schemas/crds/example.com/widgets.crd.json": json.dumps(definition)})
    assert empty.plan()["dev-web"]["inDoubt"] == []
    definition["spec"]["scope"] = "Cluster"
    empty.put({"schemas/crds/example.com/widgets.crd.json": json.dumps(definition)})
    assert words(empty.plan(code=1), "dev-web") == ["resource example.com:Widget is not permitted in project shop"]
    empty.put({"schemas/crds/example.com/widgets.crd.json": "{"})
    empty.plan(code=3)


def test_a_kind_that_fairlead_brings_along(empty: Shop) -> None:
    """Karpenter's NodePools belong to no namespace."""
    pool = dump({"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "p"}})
    empty.put(shop() | overlay("web", pool))
    assert words(empty.plan(code=1), "dev-web") == ["resource karpenter.sh:NodePool is not permitted in project shop"]


def test_an_application_that_moves(empty: Shop) -> None:
    """Another project, path or destination is told as such."""
    empty.put(hub(project("shop"), application("web", "overlays/dev/web")) | overlay("web", config_map("web")))
    empty.commit()
    empty.put(hub(project("shop"), application("web", "overlays/dev/api")) | overlay("api", config_map("web")))
    found = empty.plan("--base", "HEAD")["web"]
    assert found["moved"] == ["source: overlays/dev/web@main -> overlays/dev/api@main"]
    assert (found["created"], found["changed"], found["pruned"]) == ([], [], [])


def test_a_new_application(empty: Shop) -> None:
    """All its objects are created."""
    empty.put(shop())
    empty.drop("overlays/dev/web/kustomization.yaml", "overlays/dev/web/0.yaml")
    empty.commit()
    empty.put(shop())
    found = empty.plan("--base", "HEAD")
    assert found["dev-web"]["new"]
    assert not found["dev-api"]["new"]
    assert "dev-web: no longer there" not in empty.argocd("plan", "--base", "HEAD")[1]


def test_a_commit_in_place_of_the_working_tree(empty: Shop) -> None:
    """What is not committed does not count then; git-ignored files never do."""
    empty.put({**shop(), ".gitignore": "overlays/dev/scratch\n", "overlays/dev/scratch/kustomization.yaml": "{}\n"})
    empty.put(hub(project("shop"), application_set("dev-shop", folders("overlays/dev/*"))))
    empty.commit()
    empty.put(overlay("late", config_map("late")))
    assert "dev-late" in empty.plan()
    committed = empty.plan("--commit", "HEAD")
    assert [each["name"] for each in committed["applications"]] == ["root", "dev-api", "dev-web"]
    assert objects(committed, "dev-web") == ["Sync 0: web"]


def test_a_second_plan_builds_nothing(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was built of the same files is remembered, for commits as for the working tree."""
    empty.put(shop())
    empty.commit()
    first = empty.plan()
    monkeypatch.setattr("generator.build.batch.FolderBuilder.build", None)
    assert empty.plan() == first
    assert empty.plan("--commit", "HEAD") == first


def test_names_and_environments_that_are_not_there(empty: Shop) -> None:
    """With what may have been meant."""
    empty.put(shop())
    assert empty.argocd("plan", "dev-wed") == (2, "no Application 'dev-wed'; did you mean 'dev-web'?\n")
    assert empty.argocd("plan", "--env", "prod") == (2, "no Application in environment 'prod'; there are: dev\n")
    assert empty.argocd("plan", "--instance", "hup") == (2, "no instance 'hup'; did you mean 'hub'?\n")
    assert [each["name"] for each in empty.plan("--env", "dev")["applications"]] == ["dev-api", "dev-web"]


def test_a_repository_without_instances(empty: Shop) -> None:
    """There is nothing that an Argo CD could read."""
    empty.put({"gitops.yaml": shop()["gitops.yaml"]})
    assert empty.argocd("plan")[0] == 2


def test_a_base_that_is_not_here(empty: Shop) -> None:
    """It must not pass for "nothing changed"."""
    empty.put(shop())
    empty.commit()
    assert empty.argocd("plan", "--base", "origin/main")[0] == 3


def test_the_bootstrap(empty: Shop) -> None:
    """One command for the root project and the root Application, and what must be there before it."""
    empty.put(shop())
    assert empty.argocd("bootstrap") == (
        0,
        """\
# Argo CD 'hub'. Before this:
# - these files are on branch main of https://git.example.com/shop.git
# - Argo CD 3.5.7 runs in namespace argocd of the cluster that kubectl points at
# - it can read https://git.example.com/shop.git: a private one needs a Secret with credentials (argocd repo add)
# - it knows cluster 'dev' by this name (argocd cluster add)
kubectl apply --server-side -f argocd/hub/1.yaml -f argocd/hub/0.yaml
""",
    )


def test_the_bootstrap_where_somebody_else_may_keep_the_settings(empty: Shop) -> None:
    """Two owners of `argocd-cm` would undo each other."""
    empty.put(shop() | {"argocd/hub/settings/argocd-cm.yaml": config_map("argocd-cm", "argocd")})
    said = empty.argocd("bootstrap")[1]
    assert (
        "\n# - where Argo CD's own settings are kept by Helm or by an Application, the instance says `settings: false` "
        "(docs/argocd.md)\nkubectl apply "
    ) in said


def test_the_bootstrap_of_one_of_several(empty: Shop) -> None:
    """Two commands in one script would bring both roots into one cluster; as data all are told."""
    empty.put(two_instances())
    assert empty.argocd("bootstrap") == (2, "there are 2 instances: hub, local; choose one: --instance hub\n")
    code, said = empty.argocd("bootstrap", "--instance", "local")
    assert code == 0
    assert said.startswith("# Argo CD 'local'. Before this:\n")
    assert said.endswith("kubectl apply --server-side -f argocd/local/1.yaml -f argocd/local/0.yaml\n")
    assert "settings: false" not in said
    code, said = empty.argocd("bootstrap", "--format", "json")
    assert code == 0
    assert [each["instance"] for each in json.loads(said)["instances"]] == ["hub", "local"]


def two_instances() -> dict[str, str]:
    """Return the files of a repository of two instances, of which the second keeps no settings."""
    files = shop()
    own = {path.replace("argocd/hub", "argocd/local"): text for path, text in hub().items() if "argocd/" in path}
    local = {path: text.replace("argocd/hub", "argocd/local") for path, text in own.items()}
    instances = "instances: {hub: {environments: [dev]}, local: {settings: false}}"
    return {**files, **local, "gitops.yaml": files["gitops.yaml"].replace("3.5.7}", f"3.5.7, {instances}}}")}


def test_names_for_the_shell(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Applications and instances of the repository around the current folder; nothing where there is none."""
    context = click.Context(click.Command("plan"))
    option = click.Option(["--instance"])
    monkeypatch.chdir(empty.root)
    assert application_names(context, option, "") == instance_names(context, option, "") == []
    empty.put(shop())
    assert application_names(context, option, "dev-") == ["dev-api", "dev-web"]
    assert instance_names(context, option, "") == ["hub"]
