from __future__ import annotations

import contextlib
import json
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.findings.progress import Silent
from generator.layout.release import Release
from generator.records.move import Move
from generator.registry.images import UnreachableError, open_registry, settle_images
from generator.registry.login import logged_in
from generator.tools.crane import Crane
from generator.tools.ecr import Credential, ecr_region
from generator.tools.logins import Login, login_of
from generator.tools.registry import login_command

from .conftest import QUICK
from .images import push
from .server import PASSWORD, Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
OTHER_ECR = "222233334444.dkr.ecr.eu-west-1.amazonaws.com"
US_ECR = "222233334444.dkr.ecr.us-west-2.amazonaws.com"
PLAIN = "registry.example.com"
MOVE = Move(service="web", environment="prod", image="shop/web", before=None, after=Release(newTag="1.0.0"))
BASIC = "QVdTOmEtcGFzc3dvcmQtZm9yLXRlc3Rz"  # AWS:PASSWORD


def script(folder: Path, name: str, lines: str) -> Path:
    """Put a program on the PATH that keeps its arguments and its environment, and then does `lines`."""
    file = folder / name
    kept = folder.parent / f"{name}.calls"
    head = f'#!/bin/sh\necho "$0 $*" >>{kept}\n/usr/bin/env >>{kept}\n'
    file.write_text(head + lines)
    file.chmod(0o755)
    return kept


def fake_aws(folder: Path) -> Path:
    """Put an `aws` on the PATH that gives the password of the guarded registries."""
    return script(folder, "aws", f"echo {PASSWORD}\n")


def calls(kept: Path, name: str) -> list[str]:
    """Return the arguments of each call of a program."""
    lines = kept.read_text().splitlines() if kept.exists() else []
    return [line.partition(f"/{name} ")[2] for line in lines if line.startswith("/") and f"/{name} " in line]


def config(path: Path, **values: object) -> None:
    """Write a file of logins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values))


@pytest.fixture
def guarded(distribution: Path, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Run two registries that let user AWS in, with the password that `aws` gives."""
    with contextlib.ExitStack() as stack:
        one, two = (
            stack.enter_context(serving(distribution, tmp_path / name, guarded=True)) for name in ("one", "two")
        )
        yield one, two


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def west(host: str) -> str | None:
    """Take the registries of this machine for Amazon's."""
    return "eu-west-1" if host.startswith("127.0.0.1:") else None


def test_two_accounts_are_logged_in_to_for_one_copy(
    client: Path, guarded: tuple[Server, Server], temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`aws` is asked once for the region; the image goes from one guarded registry to the other."""
    source, target = guarded
    kept = fake_aws(client.parent)
    monkeypatch.setenv("AWS_PROFILE", "shop")
    push(source.address, "shop/web", "1.0.0", login=BASIC)
    with open_registry(source.address, target.address, patience=QUICK, region_of=west) as registry:
        findings, done = settle_images(registry, "copy", [MOVE], source.address, target.address, Silent())
    assert (findings, [one.image for one in done]) == ([], ["shop/web"])
    assert target.asked("PUT /v2/shop/web/manifests/1.0.0 201")
    assert calls(kept, "aws") == ["ecr get-login-password --region eu-west-1"]
    assert "AWS_PROFILE=shop" in kept.read_text()
    assert list(temporary.iterdir()) == []


def test_a_registrys_client_gets_no_secret_of_amazons(
    client: Path, guarded: tuple[Server, Server], temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the AWS_* variables nor, on its command line, the password; the file of logins is all it gets."""
    source, target = guarded
    fake_aws(client.parent)
    real = client.resolve()
    client.unlink()
    kept = script(client.parent, client.name, f'exec {real} "$@"\n')
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "an-access-key-for-tests")
    push(source.address, "shop/web", "1.0.0", login=BASIC)
    with open_registry(source.address, target.address, patience=QUICK, region_of=west) as registry:
        settle_images(registry, "copy", [MOVE], source.address, target.address, Silent())
    said = kept.read_text()
    assert len(calls(kept, client.name)) == 6
    assert f"DOCKER_CONFIG={temporary}/fairlead-login-" in said
    assert f"REGISTRY_AUTH_FILE={temporary}/fairlead-login-" in said
    assert "AWS_" not in said
    assert PASSWORD not in said
    assert "an-access-key" not in said


def test_the_file_of_logins_is_for_its_owner_and_for_now(path: Path, temporary: Path) -> None:
    """Nobody else reads it, and it goes when the work ends, also by an error."""
    fake_aws(path)

    def interrupted() -> None:
        with logged_in([f"{ECR}/shop", OTHER_ECR]) as env:
            file = Path(env["DOCKER_CONFIG"], "config.json")
            assert env["REGISTRY_AUTH_FILE"] == str(file)
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
            assert json.loads(file.read_bytes())["auths"] == {ECR: {"auth": BASIC}, OTHER_ECR: {"auth": BASIC}}
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(temporary.iterdir()) == []


def test_each_region_has_its_own_password(path: Path) -> None:
    """Two accounts of one region share one."""
    kept = fake_aws(path)
    with logged_in([ECR, OTHER_ECR, US_ECR]):
        asked = sorted(calls(kept, "aws"))
    assert asked == [f"ecr get-login-password --region {region}" for region in ("eu-west-1", "us-west-2")]


def test_another_registry_is_none_of_awss_business(path: Path) -> None:
    """No call, and the environment as it is."""
    kept = fake_aws(path)
    with logged_in([PLAIN]) as env:
        assert "DOCKER_CONFIG" not in env
    assert calls(kept, "aws") == []


def test_a_client_is_handed_what_it_needs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where logins and their helpers are, the way out, and whom to trust; not the rest of the environment."""
    handed = {"DOCKER_CONFIG": "/docker", "HTTPS_PROXY": "http://proxy.example.com", "SSL_CERT_FILE": "/ca.pem"}
    for name, value in {**handed, "GITHUB_TOKEN": "not-for-a-registry", "AWS_PROFILE": "shop"}.items():
        monkeypatch.setenv(name, value)
    with logged_in([PLAIN]) as env:
        assert handed.items() <= env.items()
        assert env["PATH"] == str(path)
        assert not {"GITHUB_TOKEN", "AWS_PROFILE"} & env.keys()


def test_without_aws_there_is_no_login(path: Path) -> None:
    """Then the registry has to say that it wants one."""
    assert list(path.iterdir()) == []
    with logged_in([ECR]) as env:
        assert "DOCKER_CONFIG" not in env


def test_a_login_of_ones_own_is_kept(path: Path) -> None:
    """Who has logged in has chosen as whom."""
    kept = fake_aws(path)
    config(path.parent / "home" / ".docker" / "config.json", auths={f"https://{ECR}": {"auth": BASIC}})
    with logged_in([ECR]) as env:
        assert "DOCKER_CONFIG" not in env
    assert calls(kept, "aws") == []


def test_other_logins_stand_beside_the_new_one(path: Path) -> None:
    """The file takes the place of the user's, so it holds what the work needs of it and nothing else."""
    fake_aws(path)
    others = {PLAIN: {"auth": "eDp5"}, "elsewhere.example.com": {"auth": "eDp6"}}
    config(path.parent / "home" / ".docker" / "config.json", auths=others, credHelpers={"quay.example.com": "pass"})
    with logged_in([PLAIN, "quay.example.com/shop", ECR]) as env:
        written = json.loads(Path(env["REGISTRY_AUTH_FILE"]).read_bytes())
    assert written["auths"] == {PLAIN: {"auth": "eDp5"}, ECR: {"auth": BASIC}}
    assert written["credHelpers"] == {"quay.example.com": "pass"}


def test_a_real_client_uses_both_logins(
    client: Path, guarded: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From a registry of Amazon's to one that the user has logged in to."""
    source, target = guarded
    fake_aws(client.parent)
    config(tmp_path / "mine" / "config.json", auths={target.address: {"auth": BASIC}})
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "mine"))
    push(source.address, "shop/web", "1.0.0", login=BASIC)
    with open_registry(
        source.address, target.address, patience=QUICK, region_of={source.address: "eu-west-1"}.get
    ) as registry:
        _, done = settle_images(registry, "copy", [MOVE], source.address, target.address, Silent())
    assert len(done) == 1


def test_amazons_helper_is_asked_with_what_it_needs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A login by docker-credential-ecr-login is the user's own; only it is handed the AWS_* variables."""
    answer = json.dumps({"ServerURL": ECR, "Username": "AWS", "Secret": PASSWORD})
    aws, helper = fake_aws(path), script(path, "docker-credential-ecr-login", f"/bin/cat >/dev/null; echo '{answer}'\n")
    config(path.parent / "home" / ".docker" / "config.json", credHelpers={ECR: "ecr-login"})
    monkeypatch.setenv("AWS_PROFILE", "shop")
    with logged_in([ECR]) as env:
        written = json.loads(Path(env["REGISTRY_AUTH_FILE"]).read_bytes())
    assert written["auths"] == {ECR: {"auth": BASIC}}
    assert calls(helper, "docker-credential-ecr-login") == ["get"]
    assert "AWS_PROFILE=shop" in helper.read_text()
    assert calls(aws, "aws") == []


def test_a_helper_that_fails_is_reported(path: Path) -> None:
    """In its own words, which it says on its standard output."""
    script(path, "docker-credential-ecr-login", "/bin/cat >/dev/null; echo 'credentials not found'; exit 1\n")
    config(path.parent / "home" / ".docker" / "config.json", credsStore="ecr-login")
    with pytest.raises(ToolError, match="docker-credential-ecr-login get: credentials not found"), logged_in([ECR]):
        pass


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("echo 'Unable to locate credentials' >&2; exit 253\n", "Unable to locate credentials"),
        ("exit 0\n", "it printed no password"),
    ],
)
def test_an_aws_that_gives_no_password_is_reported(path: Path, temporary: Path, lines: str, said: str) -> None:
    """In its own words, with the exit code of a missing environment."""
    script(path, "aws", lines)
    with (
        pytest.raises(ToolError, match=f"aws ecr get-login-password --region eu-west-1: {said}") as raised,
        logged_in([ECR]),
    ):
        pytest.fail("there is no login to work with")
    assert raised.value.exit_code == 3
    assert list(temporary.iterdir()) == []


def test_words_of_aws_are_masked(path: Path) -> None:
    """What it says may hold what it was given."""
    script(path, "aws", "echo 'bad key AKIAABCDEFGHIJKLMNOP' >&2; exit 1\n")
    with pytest.raises(ToolError) as raised, logged_in([ECR]):
        pass
    assert "AKIA" not in str(raised.value)


def test_a_refused_login_names_the_way_in(client: Path, guarded: tuple[Server, Server]) -> None:
    """An old login of the user's is not replaced; the message says how it is renewed."""
    source, _ = guarded
    home = client.parent.parent / "home" / ".docker" / "config.json"
    config(home, auths={source.address: {"auth": "QVdTOm9sZA=="}})
    kept = fake_aws(client.parent)
    with (
        open_registry(source.address, patience=QUICK, region_of=west) as registry,
        pytest.raises(UnreachableError, match=f"log in: `.* {source.address}`"),
    ):
        registry.digest(f"{source.address}/shop/web:1.0.0")
    assert calls(kept, "aws") == []


@pytest.mark.parametrize(
    ("host", "region"),
    [
        (ECR, "eu-west-1"),
        ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com.example.com", None),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com:443", None),
        ("example.com.dkr.ecr.eu-west-1.amazonaws.com", None),
        ("public.ecr.aws", None),
        (PLAIN, None),
    ],
)
def test_only_amazons_own_hosts_get_a_password(host: str, region: str | None) -> None:
    """A page may name any host, and one that looks like Amazon's is not."""
    assert ecr_region(host) == region


@pytest.mark.parametrize(
    ("values", "login"),
    [
        ({"auths": {PLAIN: {"auth": "eDp5"}}}, Login(auths={PLAIN: {"auth": "eDp5"}})),
        (
            {"auths": {f"https://{PLAIN}/v1/": {"auth": "eDp5"}}},
            Login(auths={f"https://{PLAIN}/v1/": {"auth": "eDp5"}}),
        ),
        ({"auths": {f"{PLAIN}/shop": {"auth": "eDp5"}}}, Login(auths={f"{PLAIN}/shop": {"auth": "eDp5"}})),
        ({"credHelpers": {PLAIN: "pass"}, "auths": {PLAIN: {}}}, Login(helper="pass")),
        ({"credsStore": "desktop", "auths": {PLAIN: {}}}, Login(helper="desktop")),
        ({"credsStore": "desktop"}, None),
        ({"credsStore": "ecr-login"}, Login(helper="ecr-login")),
        ({"auths": {"other.example.com": {"auth": "eDp5"}}}, None),
        ({"auths": {PLAIN: {}}}, None),
        ({"auths": []}, None),
        ({}, None),
    ],
)
def test_logins_are_found_where_docker_keeps_them(
    tmp_path: Path, values: dict[str, object], login: Login | None
) -> None:
    """By host, by address, by path, by helper, by a store for all; a file that cannot be read has none."""
    config(tmp_path / "config.json", **values)
    assert login_of(PLAIN, {"DOCKER_CONFIG": str(tmp_path), "HOME": str(tmp_path)}) == login


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("REGISTRY_AUTH_FILE", "auth.json"),
        ("DOCKER_CONFIG", "config.json"),
        ("XDG_RUNTIME_DIR", "containers/auth.json"),
        ("XDG_CONFIG_HOME", "containers/auth.json"),
        ("HOME", ".config/containers/auth.json"),
        ("HOME", ".docker/config.json"),
    ],
)
def test_every_place_for_logins_is_looked_at(tmp_path: Path, name: str, file: str) -> None:
    """Those of docker and those of podman and skopeo."""
    config(tmp_path / file, auths={PLAIN: {"auth": "eDp5"}})
    value = tmp_path / file if name == "REGISTRY_AUTH_FILE" else tmp_path
    assert login_of(PLAIN, {"HOME": "/nowhere", name: str(value)}) is not None


def test_the_way_in_is_a_command() -> None:
    """Amazon's registries take a password from `aws`."""
    assert login_command(Crane().login, PLAIN) == f"crane auth login {PLAIN}"
    assert login_command(Crane().login, ECR) == (
        f"aws ecr get-login-password --region eu-west-1 | crane auth login --username AWS --password-stdin {ECR}"
    )


def test_a_credential_does_not_show_itself() -> None:
    """Not in a message, not in a traceback."""
    assert PASSWORD not in f"{Credential('AWS', PASSWORD)} {Credential('AWS', PASSWORD)!r}"
