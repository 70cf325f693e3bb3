"""Pages, names, arguments, servers and hooks that want to steer the log that they are printed in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.cli.completion_names import application_names, environment_names, instance_names, service_names
from generator.forge.access import ForgeAccess, Token
from generator.forge.request import Opened
from tests.cases.case import repository
from tests.cli.depot import ONE, Depot
from tests.conftest import CHECKOUT
from tests.hostile import COMMANDS, UNSEEN, obeyed, unseen
from tests.repo.site import IDENTITY, write_hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Say

WORDS = "so it is\n::add-mask::1\n##vso[task.complete]\n\x1b]0;x\x07\u202e\u200b\nsection_start:1:a\r\x1b[0K"


def hold(*texts: str) -> None:
    """Refuse texts with anything in them that would be obeyed."""
    for text in texts:
        assert (obeyed(text), unseen(text)) == ([], [])


def page(root: Path, **keys: object) -> None:
    """Add keys to the page of `web`."""
    path = root / "services/web.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **keys}, allow_unicode=False))


@pytest.fixture
def own() -> Iterator[Path]:
    """Return a repository whose service `web` has files of a person's own."""
    with repository("own-files") as root:
        yield root


def name_class(root: Path, spelled: str) -> None:
    """Give the object of an own file another name."""
    path = root / "overlays/dev/web/resources/class.yaml"
    path.write_text(path.read_text().replace("{name: shop-high}", f"{{name: {spelled}}}"))


@pytest.mark.parametrize("command", [text for text in COMMANDS if "\r" not in text])
def test_a_reason_commands_nobody(say: Say, own: Path, command: str) -> None:
    """Each command of a CI, at the start of a line of the reason of a suppression; JSON has it as it is."""
    command = command.replace("\u00ad", "").replace("\u200b", "")  # which no page may hold
    reason = f"so it is\n{command}\nand so on"
    page(own, suppress=[{"rule": "WRK005", "reason": reason}])
    assert say("generate", "--force", where=own).code == 0
    said = say("validate", where=own)
    assert "allowed WRK005: so it is\\n" in said.out
    hold(said.out, said.err)
    data = say("validate", "--format", "json", where=own)
    assert {each["reason"] for each in json.loads(data.out)["allowed"]} == {reason}
    hold(data.out, data.err)


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ('"a\\e]0;x\\ab"', "a\x1b]0;x\x07b"),
        ('"a\\u202Eb"', "a\u202eb"),
        ("'a\u202eb'", "a\u202eb"),
        ("'a\u200bb'", "a\u200bb"),
        ('"a\\u00ADb"', "a\u00adb"),
        ("'a\U000e0041b'", "a\U000e0041b"),
    ],
)
def test_a_hidden_character_takes_no_place_away(say: Say, own: Path, spelled: str, name: str) -> None:
    """It is told at its line, and so is all else that is wrong with the object whose name holds it."""
    name_class(own, spelled)
    say("generate", "--force", where=own)
    file = "overlays/dev/web/resources/class.yaml"
    said = say("validate", "--format", "json", where=own)
    found = json.loads(said.out)["findings"]
    rules = {each["rule"] for each in found if each["object"] == f"PriorityClass/{name}"}
    assert rules == {"OWN001", "WRK015"}
    assert {each["place"]["file"] for each in found if each["rule"] in {"SPC005", "WRK015"}} == {file}
    assert {each["place"]["line"] for each in found if each["rule"] in {"SPC005", "WRK015"}} == {3}
    assert f"U+{ord(name[1]):04X}" in next(each["message"] for each in found if each["rule"] == "SPC005")
    shown = say("validate", where=own)
    hold(said.out, said.err, shown.out, shown.err)


@pytest.mark.parametrize("code", [0x200B, 0xAD, 0xE0041, 0x202E, 0x2060, 0xFE0F, 0x3164, 0x34F, 0x85, 0x1B])
@pytest.mark.parametrize("spell", [chr, "\\U{:08X}".format])
def test_what_nobody_sees_is_no_value_of_a_page(say: Say, shop: Path, code: int, spell: Callable[[int], str]) -> None:
    """Told by the number of the character, at its line."""
    path = shop / "services/web.yaml"
    text = f'{path.read_text()}env:\n  A: "a{spell(code)}b"\n'
    path.write_text(text)
    said = say("generate", where=shop)
    assert said.code == 2
    assert f"services/web.yaml:{text.count(chr(10))}:" in said.err
    assert f"U+{code:04X}" in said.err
    hold(said.out, said.err)


@pytest.mark.parametrize(
    "text", ["\U0001f469\u200d\U0001f4bb", "\u0645\u06cc\u200c\u062e", "\u2764\ufe0f", "1\ufe0f\u20e3"]
)
def test_scripts_and_emoji_need_their_joiners(say: Say, shop: Path, text: str) -> None:
    """A joiner between letters that join is no hiding place."""
    page(shop, env={"A": text})
    assert say("generate", "--force", where=shop).code == 0


@pytest.mark.parametrize("text", [text for text in (*COMMANDS, *UNSEEN, WORDS) if "\udcff" not in text])
def test_an_argument_is_repeated_as_one_line(say: Say, text: str) -> None:
    """By us, and by click; JSON has it as it is."""
    for arguments in (("explain", text), ("rules", text), (text,), ("bump", "web", "--env", text, "--tag", "1")):
        said = say(*(f"./{each}" if each is text and text.startswith("-") else each for each in arguments))
        assert said.code == 2
        hold(said.out, said.err)
    said = say("rules", f"x{text}", "--format", "json")
    assert f"x{text}" in json.loads(said.out)["error"]
    hold(said.out, said.err)


def test_an_argument_that_is_no_text_is_repeated(shop: Path) -> None:
    """Bytes that are no UTF-8 arrive as halves of characters."""
    argv = [sys.executable, "-m", "generator", "rules", os.fsdecode(b"a\xff::b"), "--format", "json"]
    said = subprocess.run(argv, cwd=shop, capture_output=True, check=False)
    assert said.returncode == 2
    assert "a\udcff::b" in json.loads(said.stdout)["error"]
    hold(said.stderr.decode(), said.stdout.decode())


@pytest.mark.parametrize(
    "name", ["a\x1b]0;x\x07.yaml", "::add-mask::1.yaml", "a\n##[group]b.yaml", "##vso[a]b.yaml", "a\u200bb.yaml"]
)
def test_the_name_of_a_file_commands_nobody(say: Say, shop: Path, name: str) -> None:
    """Of a page, and of a file in a rendered folder."""
    say("generate", "--force", where=shop)
    for folder in ("services", "environments", "base/web"):
        path = shop / folder / name
        path.write_text("a: b\n")
        for arguments in (("generate", "--check"), ("validate",), ("generate", "--dry-run", "--format", "json")):
            said = say(*arguments, where=shop)
            hold(said.out, said.err)
            if folder != "base/web" or arguments[0] == "generate":  # strays are told by `generate`
                assert folder in said.out + said.err
        path.unlink()


@pytest.mark.parametrize("name", ["::add-mask::1", "##vso[a]b", "A\x1b[2J"])
def test_the_name_of_a_variable_commands_nobody(say: Say, shop: Path, name: str) -> None:
    """It is refused, or shown in a difference and an explanation."""
    page(shop, env={name: f"x\n{COMMANDS[0]}\n{COMMANDS[4]}\n"})
    for arguments in (("generate", "--dry-run"), ("explain", "web", "dev"), ("explain", "web", "--format", "json")):
        said = say(*arguments, where=shop)
        hold(said.err)
        assert (obeyed(said.out, groups=False), unseen(said.out)) == ([], [])


def test_a_difference_commands_nobody(say: Say, shop: Path) -> None:
    """Lines of a file stand in it as they are but for those that a log obeys."""
    say("generate", "--force", where=shop)
    path = shop / "base/web/deployment.yaml"
    edits = "".join(f"{command}\n" for command in COMMANDS if "\r" not in command)
    path.write_text(path.read_text().replace("spec:", f"{edits}spec:", 1))
    for arguments in (("generate", "--check"), ("generate", "--dry-run"), ("generate",)):
        said = say(*arguments, where=shop)
        lines = f"{said.out}{said.err}".splitlines(keepends=True)
        heads = {"--- a/base/web/deployment.yaml\n", "+++ b/base/web/deployment.yaml\n"}
        assert heads <= {*lines}
        hold("".join(line for line in lines if line not in heads))


def test_a_remotes_hook_commands_nobody(depot: Depot) -> None:
    """What a server says of a refused push."""
    lines = "".join(f"printf '%b\\n' '{line}' >&2\n" for line in ("::add-mask::1", "##vso[task.complete]", "\\033[2J"))
    write_hook(depot.bare / "hooks/pre-receive", f"{lines}exit 1")
    said = depot("bump", ONE, "--env", "staging", "--tag", "1.2.0", "--push")
    assert said.code == 5
    assert "add-mask" in said.stderr
    hold(said.stdout, said.stderr)


def test_a_commit_hook_commands_nobody(depot: Depot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hook of one's own says, at the very start of its lines."""
    script = "printf '::add-mask::1\\n+++ x\\n##[group]a\\nweb.yaml:1:1: error\\n\\033[2J\\r' >&2; exit 1"
    write_hook(tmp_path / "hooks/commit-msg", script)
    settings = tmp_path / "gitconfig"
    settings.write_text(f"{IDENTITY}[core]\n\thooksPath = {tmp_path}/hooks\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.fspath(settings))
    said = depot("bump", ONE, "--env", "staging", "--tag", "1.2.0", "--push")
    assert (said.code, "  web.yaml:1:1: error" in said.stderr.splitlines()) == (5, True)
    hold(said.stdout, said.stderr)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://evil.example/shop/gitops/pull/7",
        "https://github.com@evil.example/7",
        "//github.com/7",
        "https://github.com/shop/gitops/pull/7\n::add-mask::1",
        "https://github.com\\@evil.example/7",
        "http://github.com.evil.example/",
        "file:///etc/passwd",
        "https://github.com/\u202e7",
        "https://github.com:x/7",
        f"https://github.com/{'x' * 5000}",
        "",
    ],
)
def test_a_forge_names_pages_of_its_own_alone(url: str) -> None:
    """Any other address is replaced by the one where the request must be."""
    access = ForgeAccess(
        root="https://api.github.com", repository="shop/gitops", token=Token("GH_TOKEN", "-"), needs=""
    )
    opened = access.linked(Opened(url=url, number=7, created=True), "/shop/gitops/pull/7")
    assert opened.url == "https://github.com/shop/gitops/pull/7"


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("https://api.github.com", "https://github.com/shop/gitops/pull/8"),
        ("https://git.example.com/api/v3", "https://GIT.example.com/shop/gitops/pull/8"),
        ("https://git.example.com:8443/lab", "http://git.example.com/lab/shop/gitops/-/merge_requests/8"),
        ("https://api.octo.ghe.com", "https://octo.ghe.com/shop/gitops/pull/8"),
    ],
)
def test_a_page_of_its_own_is_taken(root: str, url: str) -> None:
    """As the forge names it."""
    opened = Opened(url=url, number=8, created=False)
    assert ForgeAccess(root=root, repository="", token=Token("GH_TOKEN", "-"), needs="").linked(opened, "/x") == opened


HOSTILE_NAMES = (
    "$(touch${IFS}PWNED)",
    "`touch${IFS}PWNED`",
    "a;touch${IFS}PWNED",
    "a b",
    "*",
    "-x",
    "a\x1b[2J",
    "a'b",
    "~",
    "a\nb",
    "A",
)


@pytest.mark.parametrize("names", [service_names, environment_names, instance_names, application_names])
def test_names_that_are_none_are_not_offered(
    shop: Path, monkeypatch: pytest.MonkeyPatch, names: Callable[..., list[str]]
) -> None:
    """A shell would expand them."""
    for name in HOSTILE_NAMES:
        for folder in ("services", "environments"):
            (shop / folder / f"{name}.yaml").write_text("a: b\n")
        (shop / "argocd" / name).mkdir(parents=True)
        (shop / "argocd" / name / "kustomization.yaml").write_text("a: b\n")
    monkeypatch.chdir(shop)
    offered = names(None, None, "")
    assert set(offered).isdisjoint(HOSTILE_NAMES)
    if names is service_names:
        assert "web" in offered


def test_bash_runs_nothing_that_a_file_is_called(shop: Path, tmp_path: Path) -> None:
    """The script that we print, in a real bash, with the command on the PATH."""
    bash = shutil.which("bash")
    assert bash is not None
    for name in HOSTILE_NAMES:
        (shop / "services" / f"{name}.yaml").write_text("a: b\n")
    program = tmp_path / "fairlead"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m generator "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(fairlead completion bash)"\n'
        "COMP_WORDS=(fairlead explain ''); COMP_CWORD=2; _fairlead_completion fairlead\n"
        'printf "%s\\n" "${COMPREPLY[@]}"; eval "true ${COMPREPLY[*]}"\n'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": os.fspath(CHECKOUT)}
    said = subprocess.run(
        [bash, "--norc", "-c", script], cwd=shop, env=environment, text=True, capture_output=True, check=False
    )
    assert said.stdout.split() == ["web"], said.stderr
    assert not list(shop.rglob("PWNED*"))
