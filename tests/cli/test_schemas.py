"""`fairlead schemas`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.yamlio import dump
from tests.crds.widgets import crd

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Say

NAMES = ["gitops", "system", "environment", "cluster", "service"]


def test_they_are_written_into_the_repository(say: Say, shop: Path) -> None:
    """One for each kind of page; a second run writes nothing."""
    assert say("schemas", "export").out == "".join(f"wrote {name}.schema.json\n" for name in NAMES)
    assert sorted(path.name for path in (shop / "schemas").iterdir()) == sorted(f"{name}.schema.json" for name in NAMES)
    assert say("schemas", "export").out == "nothing to do, 5 unchanged\n"


def test_a_changed_one_is_drift(say: Say, shop: Path) -> None:
    """Exit 1 and its name; nothing is written."""
    say("schemas", "export")
    path = shop / "schemas" / "cluster.schema.json"
    path.write_text("{}")
    said = say("schemas", "export", "--check")
    assert (said.code, said.out) == (
        1,
        "cluster.schema.json:1:1: not what the model says; run `fairlead schemas export`\n",
    )
    assert path.read_text() == "{}"


def test_into_another_folder(say: Say, tmp_path: Path) -> None:
    """Outside a repository too."""
    said = say("schemas", "export", "made", "--format", "json", where=tmp_path)
    assert json.loads(said.out) == {"written": [f"{name}.schema.json" for name in NAMES], "unchanged": 0}
    assert len(list((tmp_path / "made").iterdir())) == len(NAMES)


def test_a_folder_that_cannot_be_written_is_named(say: Say, tmp_path: Path) -> None:
    """Exit 3, no traceback."""
    (tmp_path / "file").touch()
    said = say("schemas", "export", str(tmp_path / "file" / "folder"))
    assert said.code == 3
    assert said.err == f"{tmp_path}/file/folder: Not a directory; nothing half-written was left behind\n"


@pytest.mark.parametrize("form", ["folder", "folder named", "file", "staged file"])
def test_nothing_is_written_through_a_link(say: Say, shop: Path, tmp_path: Path, form: str) -> None:
    """A pull request may bring `schemas/` as a link to any folder of the machine, or a file in it as one."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "file").write_text("mine")
    if form.startswith("folder"):
        (shop / "schemas").symlink_to(victim)
    else:
        (shop / "schemas").mkdir()
        name = "service.schema.json" if form == "file" else ".fairlead-service.schema.json"
        (shop / "schemas" / name).symlink_to(victim / "file")
    said = say("schemas", "export", *(["schemas"] if form == "folder named" else []))
    assert said.code == (0 if form == "staged file" else 3)
    assert form == "staged file" or "a symbolic link; fairlead writes only to real files" in said.err
    assert [path.name for path in victim.iterdir()] == ["file"]
    assert (victim / "file").read_text() == "mine"


def test_definitions_are_not_written_through_a_link_either(say: Say, shop: Path, tmp_path: Path) -> None:
    """`schemas add`, with `schemas/crds` as a link."""
    (tmp_path / "victim").mkdir()
    (tmp_path / "widgets.yaml").write_text(WIDGETS)
    (shop / "schemas").mkdir()
    (shop / "schemas/crds").symlink_to(tmp_path / "victim")
    said = say("schemas", "add", str(tmp_path / "widgets.yaml"))
    assert said.code == 3
    assert list((tmp_path / "victim").iterdir()) == []


WIDGETS = dump(crd({"type": "object", "properties": {"size": {"type": "integer"}}}))
MADE = ["schemas/crds/example.com/widget_v1.json", "schemas/crds/example.com/widgets.crd.json"]


@pytest.fixture
def widgets(shop: Path) -> Path:
    """Return the file of a team's own definition."""
    path = shop / "widgets.yaml"
    path.write_text(WIDGETS, encoding="utf-8")
    return path


def test_a_definition_is_added(say: Say, shop: Path, widgets: Path) -> None:
    """A schema for kubeconform, the definition for an API server; a second run writes nothing."""
    assert say("schemas", "add", widgets.name).out == "".join(f"added {path}\n" for path in MADE)
    assert json.loads((shop / MADE[0]).read_text())["properties"]["kind"] == {"const": "Widget"}
    assert json.loads((shop / MADE[1]).read_text())["spec"]["names"]["kind"] == "Widget"
    assert say("schemas", "add", widgets.name).out == "nothing to do, 2 unchanged\n"


def test_a_changed_definition_replaces_the_earlier_one(say: Say, shop: Path, widgets: Path) -> None:
    """And the schema of a version that is no longer served goes."""
    say("schemas", "add", widgets.name)
    widgets.write_text(WIDGETS.replace("name: v1", "name: v2"), encoding="utf-8")
    said = say("schemas", "add", widgets.name)
    assert said.out == (
        "added schemas/crds/example.com/widget_v2.json\n"
        "replaced schemas/crds/example.com/widgets.crd.json\n"
        "removed schemas/crds/example.com/widget_v1.json\n"
    )
    assert not (shop / MADE[0]).exists()


def test_a_definition_that_was_not_added_is_drift(say: Say, shop: Path, widgets: Path) -> None:
    """Exit 1 and what would be written; nothing is."""
    said = say("schemas", "add", "--check", widgets.name)
    assert said.code == 1
    assert said.out == "".join(f"{path}:1:1: missing; run `fairlead schemas add widgets.yaml`\n" for path in MADE)
    assert not (shop / "schemas").exists()


def test_every_difference_from_the_definition_is_drift(say: Say, widgets: Path) -> None:
    """What it would add, replace and remove; each is said as what it is."""
    say("schemas", "add", widgets.name)
    widgets.write_text(WIDGETS.replace("name: v1", "name: v2"), encoding="utf-8")
    assert [line.partition(";")[0] for line in say("schemas", "add", "--check", widgets.name).out.splitlines()] == [
        "schemas/crds/example.com/widget_v2.json:1:1: missing",
        "schemas/crds/example.com/widgets.crd.json:1:1: not what the definition says",
        "schemas/crds/example.com/widget_v1.json:1:1: of a version that is not served",
    ]


def test_what_was_added_is_data(say: Say, widgets: Path) -> None:
    """For scripts."""
    said = say("schemas", "add", widgets.name, "--format", "json")
    assert json.loads(said.out) == {
        "added": MADE,
        "replaced": [],
        "removed": [],
        "unchanged": 0,
        "kinds": ["example.com/v1 Widget"],
    }


def test_a_bundle_of_several_groups_asks_which(say: Say, shop: Path) -> None:
    """An operator brings dozens of kinds; nobody wants them all by accident."""
    (shop / "bundle.yaml").write_text(f"{WIDGETS}---\n{WIDGETS.replace('example.com', 'example.net')}", "utf-8")
    said = say("schemas", "add", "bundle.yaml")
    assert (said.code, said.err) == (
        2,
        "definitions of 2 groups: example.com, example.net; say which by --group GROUP\n",
    )
    assert say("schemas", "add", "bundle.yaml", "--group", "example.com").out.count("added") == 2
    assert say("schemas", "add", "bundle.yaml", "--group", "example.con").err == (
        "no definition of the group 'example.con'; did you mean 'example.com'?\n"
    )


def test_two_states_of_one_definition_are_refused(say: Say, shop: Path, widgets: Path) -> None:
    """Whichever came last would win."""
    (shop / "other.yaml").write_text(WIDGETS.replace("integer", "string"), encoding="utf-8")
    said = say("schemas", "add", widgets.name, "other.yaml")
    assert (said.code, said.err) == (2, "two definitions of example.com Widget that differ; give one of them\n")


def test_every_file_is_complained_about(say: Say, shop: Path, widgets: Path) -> None:
    """Exit 2, all of them with their lines, and nothing is written of the sound one either."""
    (shop / "bad.yaml").write_text("a: [\n", encoding="utf-8")
    said = say("schemas", "add", widgets.name, "services/web.yaml", "bad.yaml")
    assert said.code == 2
    assert [line.partition(": error ")[0] for line in said.err.splitlines()] == [
        "bad.yaml:2:1",
        "services/web.yaml:1:1",
    ]
    assert not (shop / "schemas").exists()


def test_a_file_that_is_not_there_is_named(say: Say) -> None:
    """Exit 2, no traceback."""
    said = say("schemas", "add", "nothing.yaml")
    assert (said.code, said.err) == (2, "nothing.yaml: No such file or directory\n")


def test_a_link_does_not_lead_out_of_the_repository(say: Say, shop: Path, widgets: Path, tmp_path: Path) -> None:
    """Whoever may change the repository may not write elsewhere through it."""
    (shop / "schemas").mkdir()
    (shop / "schemas/crds").symlink_to(tmp_path)
    said = say("schemas", "add", widgets.name)
    assert said.code == 3
    assert "a symbolic link" in said.err
    assert not list(tmp_path.iterdir())


def test_the_known_kinds_are_listed(say: Say, widgets: Path) -> None:
    """Where each is from, and which are the repository's own."""
    say("schemas", "add", widgets.name)
    lines = say("schemas", "list").out.splitlines()
    assert "argoproj.io/v1alpha1 Application  github.com/argoproj/argo-cd/v3 v3.5.7" in lines
    assert "secrets-store.csi.x-k8s.io/v1 SecretProviderClass  secrets-store-csi-driver v1.5" in lines
    assert "example.com/v1 Widget  own" in lines
    known = json.loads(say("schemas", "list", "--format", "json").out)
    assert {"apiVersion": "example.com/v1", "kind": "Widget", "source": "own"} in known


def test_a_definition_of_ones_own_hides_ours(say: Say, shop: Path) -> None:
    """One line for a kind; a schema written by hand counts, in the small letters of its file."""
    text = WIDGETS.replace("example.com", "argoproj.io").replace("Widget", "Application").replace("v1\n", "v1alpha1\n")
    (shop / "ours.yaml").write_text(text.replace("k8s.io/v1alpha1", "k8s.io/v1"), encoding="utf-8")
    assert say("schemas", "add", "ours.yaml").code == 0
    (shop / "schemas/crds/example.com").mkdir()
    (shop / "schemas/crds/example.com/gadget_v2.json").write_text("{}", encoding="utf-8")
    lines = say("schemas", "list").out.splitlines()
    assert [line for line in lines if line.partition("  ")[0].endswith(" Application")] == [
        "argoproj.io/v1alpha1 Application  own"
    ]
    assert "example.com/v2 gadget  own" in lines


def test_a_damaged_definition_is_replaced(say: Say, shop: Path, widgets: Path) -> None:
    """It hides nothing from the list, where its kind has the small letters of the schema beside it."""
    say("schemas", "add", widgets.name)
    (shop / MADE[1]).write_text("{", encoding="utf-8")
    assert "example.com/v1 widget  own" in say("schemas", "list").out.splitlines()
    assert say("schemas", "add", widgets.name).out == f"replaced {MADE[1]}\n"
