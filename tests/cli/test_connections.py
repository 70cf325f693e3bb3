"""Offline is asserted: no command that proves, shows or explains opens a connection, its tools included."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CHECKOUT, Answer
from tests.offline import SCHEMA, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offline import Counter

# Python calls this before it connects to anything, and before it asks for the address of a name.
HOOK = """\
import os, sys
def refuse(event, arguments):
    if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}:
        os.write(2, f"a connection: {event} {arguments}\\n".encode())
        os._exit(99)
sys.addaudithook(refuse)
"""
COMMANDS = {
    "generate": ["generate"],
    "check": ["generate", "--check"],
    "validate": ["validate"],
    "status": ["status"],
    "explain": ["explain", "frontend", "prod"],
    "rules": ["rules"],
    "argocd plan": ["argocd", "plan"],
    "schemas list": ["schemas", "list"],
    "history": ["history", "frontend"],
}


def without_network() -> list[str]:
    """Return the command that runs another one where there is no network at all, nothing where that is not allowed."""
    unshare = shutil.which("unshare")
    alone = [unshare, "--map-root-user", "--net"] if unshare else []
    allowed = bool(alone) and subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    return [*map(str, alone)] if allowed else []


def run_offline(root: Path, hook: Path, *arguments: str, proxy: str = "http://127.0.0.1:9") -> Answer:
    """Run a command in a process in which a connection ends it, and whose children have no network."""
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(HOOK)
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), proxy)
    environment = {**os.environ, **proxies, "PYTHONPATH": f"{hook}{os.pathsep}{CHECKOUT}", "NO_PROXY": ""}
    argv = [*without_network(), sys.executable, "-m", "generator", *arguments]
    ended = subprocess.run(argv, cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return Answer(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.usefixtures("kustomize")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_needs_no_connection(fresh: Path, tmp_path: Path, counter: Counter, name: str) -> None:
    """On the repository itself, with nothing remembered from earlier runs: every tool does its work."""
    answer = run_offline(fresh, tmp_path / "hook", *COMMANDS[name], proxy=counter.address)
    assert answer.code == 0, answer.text
    assert counter.asked == []


@pytest.mark.usefixtures("kustomize")
def test_generate_and_validate_one_after_the_other(fresh: Path, tmp_path: Path) -> None:
    """What the hook before a commit runs, cold and warm."""
    for command in ("generate", "validate", "generate", "validate"):
        answer = run_offline(fresh, tmp_path / "hook", command)
        assert answer.code == 0, answer.text


def test_the_hook_would_see_a_connection(tmp_path: Path, counter: Counter) -> None:
    """A test that cannot fail says nothing."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(HOOK)
    program = f"import urllib.request; urllib.request.urlopen('{counter.address}')"
    ended = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": str(hook)}, check=False)
    assert ended.returncode == 99
    assert counter.asked == []


def test_a_schema_that_names_a_server_is_refused_there_too(widget_shop: Path, tmp_path: Path, counter: Counter) -> None:
    """The refusal is ours: it does not come from a connection that failed."""
    put(widget_shop, SCHEMA, f'{{"$ref": "{counter.address}/x"}}')
    answer = run_offline(widget_shop, tmp_path / "hook", "validate")
    assert answer.code == 2, answer.text
    assert f"{SCHEMA}:1:2: error SCH003: " in answer.stderr
    assert counter.asked == []
