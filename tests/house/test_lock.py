"""The lock is a closure: it names all that is needed, so a new release of anything cannot change what is installed."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUPPORTED = ("3.11", "3.13")

Pins = dict[str, Requirement]


def pins(text: str, python: str) -> Pins:
    """Return the pins of a lock that hold for a version of Python on Linux, by name."""
    lines = (line.rstrip(" \\") for line in text.splitlines() if re.match(r"[a-z0-9]", line, re.IGNORECASE))
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in found if holds(each, python)}


def holds(requirement: Requirement, python: str, extra: str = "") -> bool:
    """Say whether a requirement is one for that Python on Linux."""
    environment: dict[str, Any] = {**default_environment(), "sys_platform": "linux", "platform_system": "Linux"}
    environment |= {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def wanted() -> list[Requirement]:
    """Return what the project asks for itself: to run, and to be worked on."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    return [Requirement(each) for each in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"])]


def lacking(lock: Pins, python: str) -> Iterator[str]:
    """Yield what is needed and not pinned, or not as it is needed, and by whom."""
    waiting = [("pyproject.toml", each) for each in wanted()]
    seen: set[tuple[str, str]] = set()
    while waiting:
        by, need = waiting.pop()
        name = canonicalize_name(need.name)
        pin = lock.get(name)
        if pin is None or not need.specifier.contains(str(pin.specifier).removeprefix("=="), prereleases=True):
            yield f"{by} needs {need}: the lock has {pin}"
        elif not need.extras <= pin.extras:
            yield f"{by} needs {need}: the lock has no extra of {pin}"
        for extra in {"", *need.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(name, each) for each in requirements(name) if holds(each, python, extra)]


def requirements(name: str) -> list[Requirement]:
    """Return what an installed package asks for; nothing of one that this Python has no need of."""
    try:
        return [Requirement(each) for each in metadata.requires(name) or ()]
    except metadata.PackageNotFoundError:
        return []


LOCK = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("python", SUPPORTED)
def test_the_lock_is_a_closure(python: str) -> None:
    """Pip resolves nothing, so what a package needs has to stand there: `scripts/lock` writes it."""
    assert list(lacking(pins(LOCK, python), python)) == []


@pytest.mark.parametrize("line", ["iniconfig==", "coverage[toml]==", "pyjwt[crypto]==", "smmap=="])
def test_a_lock_that_is_no_closure_is_noticed(line: str) -> None:
    """Without a pin of what only another package needs, and without an extra."""
    start = LOCK.index(line)
    name, bracket, rest = line.partition("[")
    bare = f"{name}==" if bracket else "nothing-else=="
    assert rest or not bracket
    damaged = LOCK[:start] + bare + LOCK[start + len(line) :]
    assert list(lacking(pins(damaged, "3.11"), "3.11")) != []


@pytest.mark.parametrize("line", [line for line in LOCK.splitlines() if re.match(r"[a-zA-Z0-9]", line)])
def test_every_entry_is_pinned_and_has_hashes(line: str) -> None:
    """As pip 23.2.1 wants it, which Python 3.11 brings; no address is named."""
    assert re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?==[0-9][0-9a-z.]*( ; [^\\]+)? \\", line)
    following = LOCK[LOCK.index(f"{line}\n") + len(line) + 1 :]
    assert re.match(r"    --hash=sha256:[0-9a-f]{64}", following)


def wheel(folder: Path, name: str, version: str, *needs: str) -> str:
    """Write a wheel without contents and return its SHA-256."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nProvides-Extra: x\n"
    files = {
        "METADATA": about + "".join(f"Requires-Dist: {each}\n" for each in needs),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(f"{info}/{file}", text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_newer_release_changes_nothing(tmp_path: Path) -> None:
    """The pip that Python brings, as `scripts/setup` calls it, on an index where what is pinned got a successor."""
    pinned = {"a": wheel(tmp_path, "a", "1.0", "b[x]>=1"), "b": wheel(tmp_path, "b", "1.0")}
    wheel(tmp_path, "b", "2.0")
    lock = tmp_path / "constraints.txt"
    lock.write_text("".join(f"{name}==1.0 --hash=sha256:{digest}\n" for name, digest in pinned.items()))
    setup = (CHECKOUT / "scripts/setup").read_text(encoding="utf-8")
    options = re.search(r"install (--require-hashes .*?)--requirement constraints.txt", setup)
    assert options is not None
    argv = [sys.executable, "-m", "pip", "install", *options[1].split(), "--requirement", lock]
    argv += ["--no-index", "--find-links", tmp_path, "--target", tmp_path / "installed", "--no-cache-dir"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "installed").iterdir()) == ["a-1.0.dist-info", "b-1.0.dist-info"]
