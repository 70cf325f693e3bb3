"""Out of an environment in two steps: what would go is shown first, and nothing else goes then."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.disk.tree import read
from generator.records.retirement import read_tombstone, without_tombstone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Answer, Fairlead, Git

ORDERS = "services/orders-service.yaml"
OVERLAY = "overlays/prod/orders-service"
STONE = "retired/prod/orders-service.yaml"
RETIRE = ("retire", "orders-service", "--env", "prod")
USERS = ("retire", "users-backend", "--env", "prod")
RESOURCES = "overlays/prod/users-backend/resources"
CLAIM = "PersistentVolumeClaim/example/uploads"

FINALIZER = '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}'

OWN = {
    "claim.yaml": """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: uploads, namespace: example}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
""",
    "kept.yaml": """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: kept, namespace: example, annotations: {argocd.argoproj.io/sync-options: "Prune=false,Delete=false"}}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
""",
}


class Killed(BaseException):
    """The end of a process, for a run inside this one: nothing catches it."""


@pytest.fixture(autouse=True)
def _author(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be somebody whom git knows."""
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Test")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "test@example.com")


def shown(fairlead: Fairlead, root: Path, *arguments: str) -> dict[str, Any]:
    """Return the first step's answer as data."""
    answer = fairlead(*arguments, "--format", "json", root=root)
    assert answer.code == 0, answer.text
    data: dict[str, Any] = json.loads(answer.stdout)
    return data


def confirmed(fairlead: Fairlead, root: Path, *arguments: str) -> Answer:
    """Run both steps, the second as the first one says."""
    token = shown(fairlead, root, *arguments)["token"]
    return fairlead(*arguments, "--confirm", token, "--reason", "nobody orders any more", root=root)


def status(git: Git, root: Path) -> list[str]:
    """Return what changed in the working tree, files one by one."""
    return git(root, "status", "--porcelain", "--untracked-files=all").splitlines()


def commit(git: Git, root: Path) -> None:
    """Commit everything."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Next")


def applicationset(environment: str) -> str:
    """Return the path of the ApplicationSet of coffeemesh, which goes with its only service."""
    instance = "local" if environment == "local" else "hub"
    return f"argocd/{instance}/applicationsets/{environment}-coffeemesh.yaml"


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Edit a file as a person does."""
    text = (root / path).read_bytes().decode()
    assert old in text
    (root / path).write_bytes(text.replace(old, new).encode())


@pytest.fixture
def with_data(repository: Path, fairlead: Fairlead, git: Git) -> Path:
    """Return users-backend two volume claims of its own in prod, one of which Argo CD is told to leave alone."""
    page = "services/users-backend.yaml"
    edit(repository, page, "  prod:\n", f"  prod:\n    extraResources: [{', '.join(OWN)}]\n")
    for name, text in OWN.items():
        (repository / RESOURCES).mkdir(exist_ok=True)
        (repository / RESOURCES / name).write_text(text, encoding="utf-8")
    assert fairlead("generate", root=repository).code == 0
    commit(git, repository)
    return repository


# The first step


def test_the_first_step_writes_nothing(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """It shows, and ends with the command that goes on."""
    answer = fairlead(*RETIRE, root=repository)
    assert answer.code == 0
    assert status(git, repository) == []
    last = answer.stdout.splitlines()[-1]
    assert re.fullmatch(r'  fairlead retire orders-service --env prod --confirm [0-9a-f]{6} --reason "\.\.\."', last)


def test_every_object_is_shown(repository: Path, fairlead: Fairlead) -> None:
    """As kustomize builds them, with what git cannot simply bring back."""
    (part,) = shown(fairlead, repository, *RETIRE)["environments"]
    assert part["application"] == "prod-orders-service"
    assert [one["object"].split("/")[0] for one in part["objects"]] == [
        "Service", "Deployment", "PodDisruptionBudget", "Job", "ExternalSecret", "Ingress",
    ]  # fmt: skip
    assert [one["loss"] for one in part["objects"] if one["loss"]] == [
        "the Secret db-credentials that it makes goes with it",
        "its load balancer goes, and with it its DNS name",
    ]


def test_the_record_is_shown(repository: Path, fairlead: Fairlead) -> None:
    """The releases that run there, and that only git will know."""
    answer = fairlead(*RETIRE, root=repository)
    assert "Its release record goes, and git keeps it:\n  coffeemesh-orders" in answer.stdout
    (part,) = shown(fairlead, repository, *RETIRE)["environments"]
    assert {image: release["newTag"] for image, release in part["record"].items()} == {
        "coffeemesh-orders": "1.0",
        "coffeemesh-orders-migrations": "1.0",
    }


def test_the_lines_that_refer_to_it_are_shown(repository: Path, fairlead: Fairlead) -> None:
    """A host in another page's environment."""
    (found,) = shown(fairlead, repository, *USERS)["referrers"]
    assert (found["place"]["file"], found["place"]["line"]) == ("services/frontend.yaml", 9)
    assert found["words"] == "Deployment/example/frontend: USER_BACKEND_URL names Service users-service"


def test_every_way_to_refer_is_shown(repository: Path, fairlead: Fairlead) -> None:
    """Labels that pick its pods, names said to be somebody else's, an alias, a person's own files."""
    page = "services/users-backend.yaml"
    edit(repository, page, "\nport: 8000\n", "\nport: 8000\nexternal: [thoughts-service, frontend-service.example]\n")
    (repository / "services/alias.yaml").write_text(
        "system: thoughts\nservice: {type: ExternalName, externalName: frontend-service.example.svc.cluster.local}\n",
        encoding="utf-8",
    )
    edit(repository, "services/thoughts-backend.yaml", "  prod:\n", "  prod:\n    patches: [url.yaml]\n")
    patch = "overlays/prod/thoughts-backend/patches/url.yaml"
    (repository / patch).parent.mkdir()
    (repository / patch).write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: thoughts-backend}\nspec:\n  template:\n    spec:\n"
        "      containers:\n      - name: thoughts-backend-service\n        env:\n"
        "        - {name: FRONT_URL, value: 'http://frontend-service'}\n",
        encoding="utf-8",
    )
    assert fairlead("generate", root=repository).code == 0
    found = shown(fairlead, repository, "retire", "frontend", "--env", "prod")["referrers"]
    assert [(one["place"]["file"], one["words"].partition(": ")[2]) for one in found] == [
        (patch, "FRONT_URL names Service frontend-service"),
        ("services/alias.yaml", "an alias of frontend-service.example.svc.cluster.local"),
        ("services/thoughts-backend.yaml", found[2]["words"].partition(": ")[2]),
        (page, "takes frontend-service.example for somebody else's"),
    ]
    assert found[2]["words"].endswith(": podAffinity picks its pods")
    assert (
        "colocateWith"
        in Path(repository, found[2]["place"]["file"])
        .read_text(encoding="utf-8")
        .splitlines()[found[2]["place"]["line"] - 1]
    )


def test_a_shared_page_refers_for_every_service(repository: Path, fairlead: Fairlead) -> None:
    """A default of the system reaches pages that never name the service; the line is the system's."""
    with (repository / "systems/thoughts.yaml").open("a", encoding="utf-8") as file:
        file.write("defaults: {env: {USERS_URL: 'http://users-service'}}\n")
    assert fairlead("generate", root=repository).code == 0
    found = shown(fairlead, repository, *USERS)["referrers"]
    places = [(one["place"]["file"], one["words"].split("/")[2].split(":")[0]) for one in found]
    assert places == [
        ("services/frontend.yaml", "frontend"), ("systems/thoughts.yaml", "frontend"),
        ("systems/thoughts.yaml", "thoughts-backend"),
    ]  # fmt: skip


def test_another_cluster_does_not_refer_to_it(repository: Path, fairlead: Fairlead) -> None:
    """The same name there is another Service."""
    edit(repository, ORDERS, "\nsecrets:\n", "\nenv: {USERS: 'http://users-service.example.svc'}\nsecrets:\n")
    assert fairlead("generate", root=repository).code == 0
    assert {one["place"]["file"] for one in shown(fairlead, repository, *USERS)["referrers"]} == {
        "services/frontend.yaml"
    }


def test_another_environment_does_not_refer_to_it(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Nor does a page that is not released there."""
    assert confirmed(fairlead, repository, "retire", "frontend", "--env", "prod").code == 0
    commit(git, repository)
    assert shown(fairlead, repository, *USERS)["referrers"] == []


def test_a_hold_is_shown_and_goes(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Nothing holds what is no longer there."""
    (repository / OVERLAY / "hold.yaml").write_text(
        "# A hold on this overlay's release, kept by fairlead: `fairlead release SERVICE --env ENV` ends it.\n"
        'by: Test <test@example.com>\nreason: 1.1 lost orders\nsince: "2026-11-20T03:00:00Z"\nrecord: {}\n',
        encoding="utf-8",
    )
    commit(git, repository)
    answer = fairlead(*RETIRE, root=repository)
    assert "It is held by Test <test@example.com> (1.1 lost orders); the hold goes, too." in answer.stdout
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    assert not (repository / OVERLAY).exists()
    assert fairlead("generate", "--check", root=repository).code == 0


def test_the_commands_for_argo_cd(repository: Path, fairlead: Fairlead) -> None:
    """The commit first: while the overlay is on the branch, the ApplicationSet makes a deleted Application again."""
    steps = shown(fairlead, repository, *RETIRE)["steps"]
    assert [step["commands"][0].split(" -- ")[0] for step in steps] == [
        "git add --all",
        "argocd app get prod-orders-service --hard-refresh",
        "argocd app delete prod-orders-service --cascade --yes",
        f"kubectl --namespace argocd patch application prod-orders-service --type merge --patch '{FINALIZER}'",
        "argocd app delete prod-orders-service --cascade=false --yes",
        "kubectl --namespace argocd delete applicationset prod-coffeemesh",
    ]
    assert [step["instead"] for step in steps] == [False, False, False, True, True, False]


def test_a_set_that_still_has_services_stays(repository: Path, fairlead: Fairlead) -> None:
    """Only the last service of a system takes its ApplicationSet along."""
    commands = [command for step in shown(fairlead, repository, *USERS)["steps"] for command in step["commands"]]
    assert not [command for command in commands if "delete applicationset" in command]


def test_the_commands_are_told_apart_by_argo_cd(repository: Path, fairlead: Fairlead) -> None:
    """A program that speaks to one Argo CD knows nothing of the Applications of another."""
    _, *steps = shown(fairlead, repository, "retire", "orders-service")["steps"]
    where = [step["what"].partition(": ")[0] for step in steps]
    assert where == ["Argo CD hub"] * 5 + ["Argo CD local"] * 5
    of_local = [command for step in steps[5:] for command in step["commands"]]
    assert all("local-" in command for command in of_local)
    assert not [command for step in steps[:5] for command in step["commands"] if "local-orders" in command]
    text = fairlead("retire", "orders-service", root=repository).stdout
    assert "  2. Argo CD hub: wait until Argo CD says that its path does not exist:\n" in text
    assert "  7. Argo CD local: last, when its Applications are gone: delete the ApplicationSet; " in text


def test_an_object_that_asks_first(with_data: Path, fairlead: Fairlead, git: Git) -> None:
    """`Delete=confirm` waits for a word of its own."""
    edit(with_data, f"{RESOURCES}/kept.yaml", "Prune=false,Delete=false", "Prune=confirm, Delete=confirm")
    commit(git, with_data)
    steps = shown(fairlead, with_data, *USERS)["steps"]
    assert steps[2]["commands"][1] == "argocd app confirm-deletion prod-users-backend"
    assert "argocd.argoproj.io/deletion-approved=" in steps[3]["commands"][0]


def test_the_git_command_takes_everything(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Exactly what was written is in the commit that the first step names."""
    steps = shown(fairlead, repository, *RETIRE)["steps"]
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    git(repository, *steps[0]["commands"][0].split()[1:])
    git(repository, "commit", "--quiet", "--message=Retire")
    assert status(git, repository) == []


def test_the_git_command_takes_what_an_interrupted_run_did(
    interrupted: tuple[Path, str], fairlead: Fairlead, git: Git
) -> None:
    """The run that finishes names all of it, not only what was left to do."""
    root, token = interrupted
    arguments = (*RETIRE, "--confirm", token, "--reason", "nobody orders any more", "--format", "json")
    steps = json.loads(fairlead(*arguments, root=root).stdout)["steps"]
    for command in steps[0]["commands"]:
        git(root, *shlex.split(command)[1:])
    assert status(git, root) == []


def test_a_reason_is_carried_along(repository: Path, fairlead: Fairlead) -> None:
    """Who gives it at once finds it in the command, quoted for a shell."""
    answer = fairlead(*RETIRE, "--reason", "it's over", root=repository)
    assert answer.stdout.splitlines()[-1].endswith("""--reason 'it'"'"'s over'""")


# The second step


def test_what_was_shown_is_done_and_nothing_else(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The page shuts the environment out, the overlay goes, a tombstone comes."""
    plan = shown(fairlead, repository, *RETIRE)
    answer = confirmed(fairlead, repository, *RETIRE)
    assert answer.code == 0
    assert answer.stdout.startswith("orders-service in prod is retired.\n")
    marks = {"write": "??", "update": " M", "delete": " D"}
    assert sorted(status(git, repository)) == sorted(f"{marks[one['action']]} {one['path']}" for one in plan["files"])
    assert git(repository, "diff", "--unified=0", "--", ORDERS).splitlines()[-3:] == [
        "-  prod:", "-    replicas: 2", "+  prod: false",
    ]  # fmt: skip


def test_nothing_is_left_to_generate(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """And everything is proven, before and after the commit, against main too."""
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    git(repository, "checkout", "--quiet", "-b", "topic")
    for _ in ("before the commit", "after it"):
        assert fairlead("generate", "--check", root=repository).stdout.startswith("nothing to do, ")
        assert fairlead("validate", root=repository).code == 0
        assert fairlead("validate", "--base", "main", root=repository).code == 0
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--allow-empty", "--message=Next")


def test_the_tombstone(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Who, when, why, what ran there, and the commit that still has it."""
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    stone, complaints = read_tombstone(read(repository), "prod", "orders-service")
    assert stone is not None
    assert complaints == []
    assert (stone.by, stone.reason, stone.objects) == ("Test <test@example.com>", "nobody orders any more", 6)
    assert {image: release.newTag for image, release in stone.record.items()} == {
        "coffeemesh-orders": "1.0",
        "coffeemesh-orders-migrations": "1.0",
    }
    assert stone.commit == git(repository, "rev-parse", "HEAD").strip()
    assert yaml.safe_load((repository / STONE).read_text(encoding="utf-8"))["when"].endswith("Z")


def test_a_first_release_takes_the_tombstone_away(repository: Path, fairlead: Fairlead) -> None:
    """What `bump` brings along when the page lets the service back in."""
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    (change,) = without_tombstone(read(repository), "prod", "orders-service")
    assert (change.path, change.after) == (STONE, None)
    assert without_tombstone(read(repository), "dev", "orders-service") == ()


def test_another_token_is_refused(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """A guess, or a token from yesterday."""
    answer = fairlead(*RETIRE, "--confirm", "000000", "--reason", "because", root=repository)
    assert answer.code == 5
    assert "'000000' confirms another plan than that of now" in answer.stderr
    assert status(git, repository) == []


@pytest.mark.parametrize("what", ["release", "object", "reference", "page"])
def test_a_plan_that_changed_since_it_was_shown(repository: Path, fairlead: Fairlead, git: Git, what: str) -> None:
    """Another release, another object, somebody new who refers to it, other words on the page: look again."""
    token = shown(fairlead, repository, *USERS)["token"]
    users, orders = "services/users-backend.yaml", "services/thoughts-backend.yaml"
    if what == "release":
        assert fairlead("bump", "users-backend", "--env", "prod", "--tag", "9.9", root=repository).code == 0
    elif what == "object":
        edit(repository, users, "  prod:\n", "  prod:\n    podDisruptionBudget: null\n")
    elif what == "reference":
        edit(repository, orders, "\nenv:\n", "\nenv:\n  USERS: http://users-service\n")
    else:
        edit(repository, users, "\nport: 8000\n", "\nport: 8000 # or so\n")
    assert fairlead("generate", root=repository).code == 0
    commit(git, repository)
    answer = fairlead(*USERS, "--confirm", token, "--reason", "because", root=repository)
    assert answer.code == 5
    assert status(git, repository) == []


def test_a_reason_that_no_tombstone_can_hold_is_refused(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """What would be written could not be read again."""
    token = shown(fairlead, repository, *RETIRE)["token"]
    answer = fairlead(*RETIRE, "--confirm", token, "--reason", "unused\u202e", root=repository)
    assert (answer.code, answer.stderr.split(",")[0]) == (2, "--reason holds U+202E")
    assert status(git, repository) == []


@pytest.mark.parametrize("reason", [[], ["--reason", ""], ["--reason", "  "]])
def test_without_a_reason_nothing_goes(repository: Path, fairlead: Fairlead, git: Git, reason: list[str]) -> None:
    """Whoever finds the tombstone wants to know."""
    token = shown(fairlead, repository, *RETIRE)["token"]
    answer = fairlead(*RETIRE, "--confirm", token, *reason, root=repository)
    assert (answer.code, answer.stderr) == (2, 'say why: --reason "..."\n')
    assert status(git, repository) == []


def test_somebody_whom_git_does_not_know(
    repository: Path, fairlead: Fairlead, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A tombstone without a name is none: nothing is written."""
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.fspath(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    assert confirmed(fairlead, repository, *RETIRE).code == 3
    assert status(git, repository) == []


# Data


def test_data_goes_only_when_it_is_named(with_data: Path, fairlead: Fairlead, git: Git) -> None:
    """A token alone does not take a volume away."""
    answer = confirmed(fairlead, with_data, *USERS)
    assert answer.code == 5
    assert f"if you mean it, add --delete-data {CLAIM}" in answer.stderr
    assert status(git, with_data) == []


def test_data_that_is_named_goes(with_data: Path, fairlead: Fairlead) -> None:
    """The command that the first step prints has the names, and a person's own files go with the overlay."""
    last = fairlead(*USERS, root=with_data).stdout.splitlines()[-1]
    assert f" --delete-data {CLAIM} " in last
    assert confirmed(fairlead, with_data, *USERS, "--delete-data", CLAIM).code == 0
    assert not (with_data / "overlays/prod/users-backend").exists()
    assert fairlead("generate", "--check", root=with_data).code == 0


def test_what_argo_cd_leaves_alone_needs_no_name(with_data: Path, fairlead: Fairlead) -> None:
    """`Delete=false` stays behind, and is shown to."""
    (part,) = shown(fairlead, with_data, *USERS)["environments"]
    objects = {one["object"]: one for one in part["objects"]}
    assert objects[CLAIM]["irreplaceable"]
    kept = objects["PersistentVolumeClaim/example/kept"]
    assert (kept["stays"], kept["irreplaceable"]) == (True, False)


def test_a_name_that_is_none(with_data: Path, fairlead: Fairlead) -> None:
    """Misspelt, it would be a promise about something else."""
    answer = fairlead(*USERS, "--delete-data", "PersistentVolumeClaim/example/upload", root=with_data)
    assert answer.code == 2
    assert f"did you mean '{CLAIM}'?" in answer.stderr


def test_what_only_the_disk_has_is_not_deleted(with_data: Path, fairlead: Fairlead, git: Git) -> None:
    """What goes has to be in git; a file that it does not have as it is would be lost."""
    edit(with_data, f"{RESOURCES}/claim.yaml", "1Gi", "2Gi")
    assert shown(fairlead, with_data, *USERS)["uncommitted"] == [f"{RESOURCES}/claim.yaml"]
    before = status(git, with_data)
    answer = confirmed(fairlead, with_data, *USERS, "--delete-data", CLAIM)
    assert answer.code == 1
    assert f"  {RESOURCES}/claim.yaml\nnothing was written; commit them first" in answer.stderr
    assert status(git, with_data) == before


def test_an_edit_to_what_argo_cd_is_told_is_not_lost(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """It would be rendered anew, so an edit by hand is refused as `generate` refuses it."""
    edit(repository, "argocd/hub/kustomization.yaml", "\nresources:\n", "\nresources: # mine\n")
    before = status(git, repository)
    answer = confirmed(fairlead, repository, *RETIRE)
    assert answer.code == 1
    assert "so git could not bring them back:\n  argocd/hub/kustomization.yaml\n" in answer.stderr
    assert status(git, repository) == before


def test_settings_that_only_the_disk_has_are_not_deleted(repository: Path, fairlead: Fairlead) -> None:
    """What the page says of the environment alone goes, so git has to have it."""
    edit(repository, ORDERS, "    replicas: 2\n", "    replicas: 2\n    minReadySeconds: 7\n")
    assert fairlead("generate", root=repository).code == 0
    assert shown(fairlead, repository, *RETIRE)["settingsRemoved"] == {"replicas": 2, "minReadySeconds": 7}
    assert confirmed(fairlead, repository, *RETIRE).code == 1


def test_an_edit_elsewhere_on_the_page_stays(repository: Path, fairlead: Fairlead) -> None:
    """It need not be committed: nothing of it goes."""
    edit(repository, ORDERS, "replicas: 1\n", "replicas: 1 # for now\n")
    assert confirmed(fairlead, repository, "retire", "orders-service", "--env", "dev").code == 0
    assert "replicas: 1 # for now\n" in (repository / ORDERS).read_text(encoding="utf-8")


# The page, whatever it looks like

PAGES = {
    "in CRLF": ("  prod:\n    replicas: 2\n", "  prod:\n    replicas: 2\n", "  prod: false\n"),
    "with comments": (
        "environments:\n  prod:\n    replicas: 2\n",
        "# where it differs\nenvironments: # two\n  # many\n  prod: # big\n    replicas: 2 # at least\n# the end\n",
        "# where it differs\nenvironments: # two\n  # many\n  prod: false # big\n# the end\n",
    ),
    "in flow style": (
        "environments:\n  prod:\n    replicas: 2\n",
        "environments: {dev: {minReadySeconds: 3}, prod: {replicas: 2}}\n",
        "environments: {dev: {minReadySeconds: 3}, prod: false}\n",
    ),
    "in flow style without the environment": (
        "environments:\n  prod:\n    replicas: 2\n",
        "environments: {dev: {minReadySeconds: 3}}\n",
        "environments: {dev: {minReadySeconds: 3}, prod: false}\n",
    ),
    "without environments": ("environments:\n  prod:\n    replicas: 2\n", "", "environments:\n  prod: false\n"),
}


@pytest.mark.parametrize("layout", PAGES)
def test_a_page_keeps_its_layout(repository: Path, fairlead: Fairlead, git: Git, layout: str) -> None:
    """Byte for byte, but for the one entry."""
    written, before, after = PAGES[layout]
    edit(repository, ORDERS, written, before)
    edit(repository, ORDERS, "replicas: 1\n", "replicas: 2\n")
    if layout == "in CRLF":
        edit(repository, ORDERS, "\n", "\r\n")
    assert fairlead("generate", root=repository).code == 0
    commit(git, repository)
    text = (repository / ORDERS).read_bytes()
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    newline = b"\r\n" if layout == "in CRLF" else b"\n"
    old, new = (part.encode().replace(b"\n", newline) for part in (before, after))
    assert (repository / ORDERS).read_bytes() == (text.replace(old, new) if old else text + new)
    assert fairlead("generate", "--check", root=repository).code == 0


def test_a_page_that_cannot_be_edited_alone(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Then the person is told what to write; after that the rest goes its way."""
    edit(repository, ORDERS, "  prod:\n", "  prod: &same\n")
    edit(repository, ORDERS, "    replicas: 2\n", "    replicas: 2\n  staging: *same\n")
    assert fairlead("generate", root=repository).code == 0
    commit(git, repository)
    answer = fairlead(*RETIRE, root=repository)
    assert answer.code == 2
    assert "write `prod: false` there yourself, then run this again" in answer.stderr
    edit(
        repository,
        ORDERS,
        "  prod: &same\n    replicas: 2\n  staging: *same\n",
        "  prod: false\n  staging: {replicas: 2}\n",
    )
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    assert fairlead("generate", "--check", root=repository).code == 0


# Altogether


def test_a_service_goes_altogether(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The page, the base, every overlay and what Argo CD is told of them; a tombstone for each, and nothing else."""
    answer = confirmed(fairlead, repository, "retire", "orders-service")
    assert answer.code == 0
    assert answer.stdout.startswith("orders-service (dev, staging, prod, local, and its page) is retired.\n")
    tracked = [line for line in git(repository, "ls-files").splitlines() if "orders-service" in line]
    environments = ("dev", "staging", "prod", "local")
    assert sorted(status(git, repository)) == sorted(
        [f" D {path}" for path in tracked]
        + [f" D {applicationset(environment)}" for environment in environments]
        + [f" M argocd/{instance}/kustomization.yaml" for instance in ("hub", "local")]
        + [f"?? retired/{environment}/orders-service.yaml" for environment in environments]
    )
    assert fairlead("generate", "--check", root=repository).stdout.startswith("nothing to do, ")
    assert fairlead("validate", root=repository).code == 0
    commit(git, repository)
    assert fairlead("validate", "--base", "HEAD~1", root=repository).code == 0


def test_a_page_without_a_release_goes_too(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """There is nothing to prune, and no tombstone to leave."""
    page = "services/mail.yaml"
    (repository / page).write_text((repository / ORDERS).read_text(encoding="utf-8"), encoding="utf-8")
    edit(repository, page, "orders", "mail")
    assert fairlead("generate", root=repository).code == 0
    commit(git, repository)
    plan = shown(fairlead, repository, "retire", "mail")
    assert (plan["environments"], plan["files"][-1]) == ([], {"action": "delete", "path": page})
    assert confirmed(fairlead, repository, "retire", "mail").code == 0
    assert not [path for path in read(repository).files if "mail" in path]
    assert fairlead("generate", "--check", root=repository).code == 0


# Who began by hand is led back here


def test_a_page_that_shuts_it_out_already(repository: Path, fairlead: Fairlead) -> None:
    """The rest is done as ever."""
    edit(repository, ORDERS, "  prod:\n    replicas: 2\n", "  prod: false\n")
    assert fairlead("generate", root=repository).code == 2
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    assert fairlead("generate", "--check", root=repository).code == 0


def test_a_page_that_is_gone_already(repository: Path, fairlead: Fairlead) -> None:
    """What is on disk says what goes."""
    (repository / ORDERS).unlink()
    assert confirmed(fairlead, repository, "retire", "orders-service").code == 0
    assert fairlead("generate", "--check", root=repository).code == 0
    assert fairlead("validate", root=repository).code == 0


def test_an_environment_that_the_system_dropped(repository: Path, fairlead: Fairlead) -> None:
    """The page says nothing of it, and need not."""
    system = repository / "systems/coffeemesh.yaml"
    lines = system.read_text(encoding="utf-8").splitlines(keepends=True)
    start = lines.index("  staging:\n")
    system.write_text("".join(lines[:start] + lines[lines.index("  prod:\n") :]), encoding="utf-8")
    before = (repository / ORDERS).read_bytes()
    assert confirmed(fairlead, repository, "retire", "orders-service", "--env", "staging").code == 0
    assert (repository / ORDERS).read_bytes() == before
    assert fairlead("generate", root=repository).code == 0


@pytest.mark.parametrize("environment", [["--env", "prod"], []], ids=["prod", "altogether"])
def test_an_overlay_that_is_gone_already(repository: Path, fairlead: Fairlead, environment: list[str]) -> None:
    """Nobody can see any more what goes: it has to come back first."""
    shutil.rmtree(repository / OVERLAY)
    answer = fairlead("retire", "orders-service", *environment, root=repository)
    assert answer.code == 2
    assert f"run `git checkout HEAD -- {OVERLAY}`" in answer.stderr


def test_an_overlay_that_does_not_build(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """What would go cannot be told, so nothing does."""
    (repository / OVERLAY / "job.yaml").unlink()
    before = status(git, repository)
    answer = fairlead(*RETIRE, root=repository)
    assert answer.code == 2
    assert f"{OVERLAY}/kustomization.yaml:" in answer.stderr
    assert status(git, repository) == before


# Twice


def test_a_second_time_there_is_nothing_to_do(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Before the commit it says so; after it, it says who did it."""
    token = shown(fairlead, repository, *RETIRE)["token"]
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    before = status(git, repository)
    again = fairlead(*RETIRE, "--confirm", token, "--reason", "again", root=repository)
    assert (again.code, again.stdout) == (0, "nothing to do: orders-service in prod was retired already\n")
    assert status(git, repository) == before
    commit(git, repository)
    later = fairlead(*RETIRE, root=repository)
    assert later.code == 2
    assert re.search(r"was retired from prod at \S+Z by Test <test@example.com>", later.stderr)


def test_shown_again_before_the_commit_it_is_retired_and_not_interrupted(
    repository: Path, fairlead: Fairlead, git: Git
) -> None:
    """What is left is the commit and Argo CD; nothing is to be confirmed once more."""
    done = confirmed(fairlead, repository, *RETIRE)
    assert done.code == 0
    before = status(git, repository)
    again = fairlead(*RETIRE, root=repository)

    assert again.code == 0, again.text
    assert again.stdout.startswith(
        "orders-service in prod is retired already, and not committed yet.\n\n"
        "Once the files are written, the rest is by hand: "
    )
    assert "  1. commit, and merge to main; " in again.stdout
    assert "interrupted" not in again.text
    assert "--confirm" not in again.text
    assert (shown(fairlead, repository, *RETIRE)["interrupted"], status(git, repository)) == (False, before)


@pytest.mark.parametrize("asked", [RETIRE, ("retire", "orders-service")], ids=["environment", "service"])
def test_the_git_add_of_a_retirement_that_is_shown_again_takes_everything(
    repository: Path, fairlead: Fairlead, git: Git, asked: tuple[str, ...]
) -> None:
    """What the first run deleted is in it: nothing is left to be committed then."""
    assert confirmed(fairlead, repository, *asked).code == 0
    (command,) = [line.strip() for line in fairlead(*asked, root=repository).stdout.splitlines() if "git add" in line]

    git(repository, *shlex.split(command)[1:])

    assert [line for line in git(repository, "status", "--porcelain").splitlines() if line[1] != " "] == []


def test_a_token_is_for_what_it_was_shown_with(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Who confirmed one environment has confirmed neither the others nor the page, committed or not."""
    token = shown(fairlead, repository, *RETIRE)["token"]
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    before = status(git, repository)
    whole = ("retire", "orders-service")
    assert fairlead(*whole, "--confirm", token, "--reason", "because", root=repository).code == 5
    assert status(git, repository) == before
    assert confirmed(fairlead, repository, *whole).code == 0
    assert fairlead("generate", "--check", root=repository).code == 0


def test_a_token_of_the_only_environment_is_none_for_the_page(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The same where nothing but the page is left."""
    for environment in ("dev", "staging"):
        assert confirmed(fairlead, repository, "retire", "orders-service", "--env", environment).code == 0
        commit(git, repository)
    token = shown(fairlead, repository, *RETIRE)["token"]
    assert confirmed(fairlead, repository, *RETIRE).code == 0
    answer = fairlead("retire", "orders-service", "--confirm", token, "--reason", "because", root=repository)
    assert answer.code == 5
    assert (repository / ORDERS).exists()


# Kill -9


def killing(monkeypatch: pytest.MonkeyPatch, method: str, after: int) -> Iterator[None]:
    """End the process at the call of a method of Path on a file of the work tree, after some that succeed."""
    original = getattr(Path, method)
    done: list[Path] = []

    def ending(self: Path, *arguments: Any, **options: Any) -> Any:
        if ".git" not in self.parts:
            if len(done) == after:
                raise Killed
            done.append(self)
        return original(self, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, method, ending)
        yield


# Three files are replaced (tombstone, page, what Argo CD is told), then the ApplicationSet goes, then the overlay.
MOMENTS = [*(("replace", after) for after in range(3)), *(("unlink", after) for after in (0, 1, 2, 4, 5))]


@pytest.fixture(params=MOMENTS, ids=[f"{method} {after}" for method, after in MOMENTS])
def interrupted(
    request: pytest.FixtureRequest, repository: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, str]:
    """Kill the second step between two of its files; give the repository and the token."""
    token = shown(fairlead, repository, *RETIRE)["token"]
    for _ in killing(monkeypatch, *request.param):
        with pytest.raises(Killed):
            fairlead(*RETIRE, "--confirm", token, "--reason", "nobody orders any more", root=repository)
    return repository, token


def test_the_same_command_finishes_what_was_interrupted(
    interrupted: tuple[Path, str], fairlead: Fairlead, git: Git
) -> None:
    """Whenever it was killed: the token still stands, and in the end all is as if nothing had happened."""
    root, token = interrupted
    answer = fairlead(*RETIRE, "--confirm", token, "--reason", "nobody orders any more", root=root)
    assert answer.code == 0, answer.text
    assert not (root / OVERLAY).exists()
    told = [applicationset("prod"), "argocd/hub/kustomization.yaml"]
    assert sorted(line[3:] for line in status(git, root) if "overlays" not in line) == [*told, STONE, ORDERS]
    assert fairlead("generate", "--check", root=root).stdout.startswith("nothing to do, ")
    assert fairlead("validate", root=root).code == 0


def test_generate_makes_sense_of_what_was_interrupted(interrupted: tuple[Path, str], fairlead: Fairlead) -> None:
    """It finishes, or finds that nothing began; it never stops over it."""
    root, _ = interrupted
    assert fairlead("generate", root=root).code == 0
    assert fairlead("generate", "--check", root=root).code == 0
    assert fairlead("validate", root=root).code == 0


def test_the_first_step_says_that_it_was_interrupted(
    repository: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When files are gone already, the objects can no longer be built: it says who confirmed it, and how to go on."""
    token = shown(fairlead, repository, *RETIRE)["token"]
    for _ in killing(monkeypatch, "unlink", 2):
        with pytest.raises(Killed):
            fairlead(*RETIRE, "--confirm", token, "--reason", "because", root=repository)
    answer = fairlead(*RETIRE, root=repository)
    assert "In prod it was retired at " in answer.stdout
    assert "This was confirmed and interrupted; the same command finishes it.\n" in answer.stdout
    assert f"--confirm {token} " in answer.stdout.splitlines()[-1]
    assert shown(fairlead, repository, *RETIRE)["interrupted"]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0])
def test_a_whole_retirement_that_was_interrupted(
    repository: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """The page goes last, so that the same command finds its way."""
    arguments = ("retire", "orders-service")
    plan = shown(fairlead, repository, *arguments)
    token, last = plan["token"], len([one for one in plan["files"] if one["action"] == "delete"]) - 1
    for _ in killing(monkeypatch, "unlink", round(share * last)):
        with pytest.raises(Killed):
            fairlead(*arguments, "--confirm", token, "--reason", "because", root=repository)
    assert fairlead(*arguments, "--confirm", token, "--reason", "because", root=repository).code == 0
    assert not [path for path in read(repository).files if "orders-service" in path and not path.startswith("retired/")]
    assert fairlead("generate", "--check", root=repository).code == 0
    assert fairlead("validate", root=repository).code == 0


def test_a_page_that_cannot_be_read_stays_on_every_list(repository: Path, fairlead: Fairlead) -> None:
    """No other service drops out of Argo CD's lists because its page is broken at the moment."""
    page = repository / "services/frontend.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace("image: frontend", "image: [frontend"), encoding="utf-8")
    answer = fairlead("retire", "users-backend", "--env", "dev", "--reason", "no longer used", root=repository)
    assert (answer.code, "services/frontend.yaml" in answer.text) == (2, True)
