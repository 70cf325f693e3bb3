"""The order of a sync: the cases with several rules at once were put to gitops-engine of Argo CD 3.5, which agreed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.controller.object_summary import Trait, head_of, trait_of
from generator.controller.order import delete_policies, is_hook, never_applied, phases_of, wave_of, waves


def trait(kind: str, name: str, namespace: str = "", api: str = "v1", **annotations: str) -> Trait:
    """Return an object; annotations are Argo CD's, `__` for a dash."""
    found = {f"argocd.argoproj.io/{key.replace('__', '-')}": text for key, text in annotations.items()}
    metadata = {"name": name, "namespace": namespace, "annotations": found}
    return trait_of({"apiVersion": api, "kind": kind, "metadata": metadata})


def steps(*objects: Trait, gone: tuple[Trait, ...] = (), **options: Any) -> list[str]:
    """Return the steps in short: `Sync 0: Service/web Deployment/web`, deleted objects with a dash before them."""
    return [
        f"{step.phase} {step.wave}: " + " ".join("-" * task.prune + str(task.object) for task in step.tasks)
        for step in waves(objects, gone, **options)
    ]


def test_phases_then_waves_then_kinds_then_names() -> None:
    """What a service of ours comes to: secrets before migrations, migrations before the workload, the way in last."""
    assert steps(
        trait("Ingress", "web", api="networking.k8s.io/v1", sync__wave="1"),
        trait("Deployment", "web", api="apps/v1"),
        trait("Service", "web"),
        trait("Service", "api"),
        trait("Job", "migrate", api="batch/v1", hook="Sync", sync__wave="-1"),
        trait("ExternalSecret", "web", api="external-secrets.io/v1", sync__wave="-2"),
        trait("ServiceAccount", "web", sync__wave="-2"),
        trait("Job", "before", api="batch/v1", hook="PreSync"),
        trait("Job", "after", api="batch/v1", hook="PostSync"),
        trait("Job", "alarm", api="batch/v1", hook="SyncFail"),
    ) == [
        "PreSync 0: Job/before",
        "Sync -2: ServiceAccount/web ExternalSecret/web",
        "Sync -1: Job/migrate",
        "Sync 0: Service/api Service/web Deployment/web",
        "Sync 1: Ingress/web",
        "PostSync 0: Job/after",
        "SyncFail 0: Job/alarm",
    ]


def test_a_kind_that_is_not_known_comes_last_in_its_wave() -> None:
    """Custom resources come after everything of Kubernetes'."""
    assert steps(trait("Aardvark", "a", api="x.io/v1"), trait("APIService", "z")) == ["Sync 0: APIService/z Aardvark/a"]


def test_a_namespace_goes_before_the_first_object_in_it() -> None:
    """Into that one's phase and wave, even a hook's; objects without a namespace are in the Application's."""
    hook = trait("Job", "before", "shop", api="batch/v1", hook="PreSync", sync__wave="-3")
    assert steps(trait("Namespace", "shop", sync__wave="5"), hook) == ["PreSync -3: Namespace/shop Job/shop/before"]
    lone = trait("ConfigMap", "web", sync__wave="-1")
    assert steps(trait("Namespace", "shop"), lone, namespace="shop") == ["Sync -1: Namespace/shop ConfigMap/web"]


def test_a_definition_goes_before_the_first_object_of_its_kind() -> None:
    """Whatever waves the two name."""
    definition = trait_of(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "things.x.io"},
            "spec": {"group": "x.io", "names": {"kind": "Thing"}, "scope": "Cluster"},
        }
    )
    assert definition.defines == "x.io/Thing"
    assert not definition.namespaced
    assert steps(definition, trait("Thing", "a", api="x.io/v1", sync__wave="-1")) == [
        "Sync -1: CustomResourceDefinition/things.x.io Thing/a"
    ]


def test_what_goes_goes_in_reverse() -> None:
    """The waves of deleted objects change places among themselves; with PruneLast all come after everything."""
    gone = (trait("Secret", "a", sync__wave="-1"), trait("Secret", "b"), trait("Secret", "c", sync__wave="3"))
    stays = trait("ConfigMap", "web", sync__wave="1")
    assert steps(stays, gone=gone) == [
        "Sync -1: -Secret/c",
        "Sync 0: -Secret/b",
        "Sync 1: ConfigMap/web",
        "Sync 3: -Secret/a",
    ]
    assert steps(stays, gone=gone, prune_last=True)[1:] == ["Sync 4: -Secret/a -Secret/b -Secret/c"]


def test_one_object_may_ask_to_go_last() -> None:
    """By its own annotation; the last wave is at least 0."""
    last = trait("Secret", "a", sync__options="Prune=confirm, PruneLast=true")
    assert steps(trait("ConfigMap", "web", sync__wave="-5"), gone=(last, trait("Secret", "b"))) == [
        "Sync -5: ConfigMap/web",
        "Sync 0: -Secret/b",
        "Sync 1: -Secret/a",
    ]


def test_deleted_hooks_are_not_missed() -> None:
    """Argo CD does not track hooks, so one that leaves git is not pruned."""
    assert steps(gone=(trait("Job", "a", hook="Sync"),)) == []


@pytest.mark.parametrize(
    ("hook", "phases"),
    [
        ("PreSync,PostSync", ("PreSync", "PostSync")),
        ("Sync, Skip", ("Sync",)),
        ("Skip", ()),
        ("presync", ()),
        ("PostDelete", ()),
        ("", ()),
    ],
)
def test_the_phases_of_a_hook(hook: str, phases: tuple[str, ...]) -> None:
    """A word that is no phase makes a hook that never runs."""
    found = trait("Job", "a", hook=hook)
    assert phases_of(found) == phases
    assert (found in never_applied([found])) is not bool(phases)


@pytest.mark.parametrize(("text", "wave"), [("-2", -2), ("+3", 3), ("x", 0), ("1.0", 0), (" 1", 0), ("", 0)])
def test_a_wave_that_is_no_number_is_none(text: str, wave: int) -> None:
    """It counts as 0, without a word."""
    assert wave_of(trait("Job", "a", sync__wave=text)) == wave


def test_helm_s_words_count_where_argo_cd_has_none() -> None:
    """Hooks, weights, policies."""
    annotations = {
        "helm.sh/hook": "pre-upgrade",
        "helm.sh/hook-weight": "3",
        "helm.sh/hook-delete-policy": "hook-succeeded",
    }
    job = trait_of({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a", "annotations": annotations}})
    assert (phases_of(job), wave_of(job), delete_policies(job)) == (("PreSync",), 3, ("HookSucceeded",))
    assert delete_policies(trait("Job", "a", hook="Sync")) == ("BeforeHookCreation",)
    definition = {"kind": "X", "metadata": {"name": "a", "annotations": {"helm.sh/hook": "crd-install"}}}
    assert not is_hook(trait_of(definition))


def test_annotations_that_are_no_text_are_all_lost() -> None:
    """As Kubernetes' own library reads them."""
    metadata = {"name": "a", "annotations": {"argocd.argoproj.io/sync-wave": "5", "other": 1}}
    assert wave_of(trait_of({"apiVersion": "v1", "kind": "Secret", "metadata": metadata})) == 0


def test_the_head_of_a_printed_object() -> None:
    """Its apiVersion, kind and metadata, whatever stands before, between and after."""
    before, between = "aggregationRule:\n- x\n", "data:\n  kind: no\n  text: |\n    a\n\n    kind: b\n"
    text = f"{before}apiVersion: v1\n{between}kind: Secret\nmetadata:\n  name: a\nspec: {{}}\n"
    assert head_of(text) == "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n"


KINDS = st.sampled_from(["Namespace", "ConfigMap", "Deployment", "Thing"])
TRAITS = st.builds(
    lambda kind, name, namespace, wave, hook: trait(
        kind, name, namespace, sync__wave=str(wave), **({"hook": hook} if hook else {})
    ),
    KINDS,
    st.sampled_from("abc"),
    st.sampled_from(["", "a", "b"]),
    st.integers(-3, 3),
    st.sampled_from(["", "PreSync", "Sync,PostSync", "Skip", "nonsense"]),
)


@given(objects=st.lists(TRAITS, max_size=8), last=st.booleans())
def test_every_object_comes_once_in_each_of_its_phases(objects: list[Trait], *, last: bool) -> None:
    """None is lost and none doubled, whatever moves; phases never go back."""
    found = waves(objects, prune_last=last)
    tasks = [task.object for step in found for task in step.tasks]
    assert sorted(map(str, tasks)) == sorted(str(each) for each in objects for _ in phases_of(each))
    phases = [("PreSync", "Sync", "PostSync").index(step.phase) for step in found]
    assert phases == sorted(phases)
