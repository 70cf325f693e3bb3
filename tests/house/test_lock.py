"""constraints.txt: whole in itself, so that it installs with any pip and whatever is newer on the index."""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING

import msgspec
import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .conftest import REPOSITORY, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LOCK = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8")
SETUP = (REPOSITORY / "scripts/setup").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^(?P<requirement>[a-z0-9][^\\\n]*)(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})*)$", re.MULTILINE
)
SUPPORTED = ("3.11", "3.13")


class Unmet(msgspec.Struct, frozen=True, order=True):
    """A requirement that the lock does not meet, and the locked package that has it ("" for the project itself)."""

    package: str
    requirement: str


def entries(lock: str) -> list[Requirement]:
    """Read the entries of a lock."""
    return [Requirement(found["requirement"]) for found in ENTRY.finditer(lock)]


def linux(python: str) -> dict[str, str]:
    """Return what markers ask for, on Linux with a version of Python."""
    system = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    versions = {"python_version": python, "python_full_version": f"{python}.0", "implementation_version": f"{python}.0"}
    return {**{name: str(value) for name, value in default_environment().items()}, **system, **versions}


def counts(requirement: Requirement, environment: dict[str, str], extras: Iterable[str] = ()) -> bool:
    """Return whether a requirement holds in an environment, for a package that is wanted with these extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras))


def project_requirements() -> list[Requirement]:
    """Return what the project itself asks for, to run and to be worked on."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return [Requirement(text) for text in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"])]


def requirements(package: str, extras: set[str], environment: dict[str, str]) -> Iterator[Requirement]:
    """Yield what an installed package asks for."""
    for text in metadata.requires(package) or ():
        requirement = Requirement(text)
        if counts(requirement, environment, extras):
            yield requirement


def unmet(lock: str, python: str) -> list[Unmet]:
    """Return what the packages of a lock ask for and the lock does not have in a fitting version."""
    environment = linux(python)
    locked = {canonicalize_name(each.name): each for each in entries(lock) if counts(each, environment)}
    wanted: dict[str, set[str]] = {name: set() for name in locked}
    asked = [("", each) for each in project_requirements()]
    found: set[Unmet] = set()
    seen: set[tuple[str, str]] = set()
    while asked:
        for package, requirement in asked:
            seen.add((package, str(requirement)))
            name = canonicalize_name(requirement.name)
            if name not in locked or not fits(locked[name], requirement):
                found.add(Unmet(package, str(requirement)))
            else:
                wanted[name] |= requirement.extras
        everything = ((name, each) for name in locked for each in requirements(name, wanted[name], environment))
        asked = [(name, each) for name, each in everything if (name, str(each)) not in seen]
    return sorted(found)


def fits(locked: Requirement, requirement: Requirement) -> bool:
    """Return whether the one version of an entry is among those that a requirement allows."""
    version = str(locked.specifier).removeprefix("==")
    return requirement.specifier.contains(version, prereleases=True)


def without(name: str) -> str:
    """Return the lock without one entry."""
    return "\n".join(found[0] for found in ENTRY.finditer(LOCK) if Requirement(found["requirement"]).name != name)


@pytest.mark.parametrize("python", SUPPORTED)
def test_the_lock_has_whatever_its_packages_ask_for(python: str) -> None:
    """Extras too; so nothing is left for pip to look up."""
    assert unmet(LOCK, python) == []


@pytest.mark.parametrize(
    ("missing", "who"),
    [("typing-extensions", "pygithub"), ("cryptography", "pyjwt"), ("pluggy", "pytest"), ("click", "")],
)
def test_a_gap_in_the_lock_is_seen(missing: str, who: str) -> None:
    """A package that another one needs, needs for an extra alone (`pyjwt[crypto]`), or that we need."""
    assert who in {gap.package for gap in unmet(without(missing), SUPPORTED[0])}


def test_another_version_than_a_package_asks_for_is_seen() -> None:
    """As of a lock that was edited by hand."""
    older = re.sub(r"^pluggy==[\d.]+", "pluggy==0.1", LOCK, flags=re.MULTILINE)
    assert {gap.package for gap in unmet(older, SUPPORTED[0])} >= {"pytest"}


def test_every_line_is_of_a_form_that_every_pip_reads() -> None:
    """A pinned version, a marker at most, and hashes: pip 23.2.1, which comes with Python 3.11, has no more."""
    plain = re.sub(r"^ *#.*\n", "", LOCK, flags=re.MULTILINE)
    assert ENTRY.sub("", plain).strip() == ""
    for found in ENTRY.finditer(plain):
        requirement = Requirement(found["requirement"])
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert found["hashes"], requirement
        assert requirement.url is None


def installing() -> list[str]:
    """Return the arguments with which scripts/setup has pip install the lock."""
    return shlex.split(next(line for line in SETUP.splitlines() if "--requirement constraints.txt" in line))[1:]


def test_setup_installs_the_lock_and_nothing_else() -> None:
    """With hashes, and without asking what else the packages may want: the lock says so."""
    assert installing() == ["install", "--require-hashes", "--no-deps", "--requirement", "constraints.txt"]


def pip(*more: str) -> subprocess.CompletedProcess[str]:
    """Run the pip that this Python brought as scripts/setup does, with no index in reach."""
    argv = [sys.executable, "-m", "pip", "--disable-pip-version-check", *installing(), "--no-index", *more]
    return subprocess.run(
        argv, cwd=REPOSITORY, env=clean_environment(), check=False, capture_output=True, text=True, timeout=120
    )


def test_the_pip_of_this_python_finds_the_lock_whole() -> None:
    """All of it is installed, so there is nothing to fetch; a pin that is missing would be refused for its hash."""
    answer = pip()
    assert answer.returncode == 0, answer.stderr
    assert "Collecting" not in answer.stdout


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
    argv = [sys.executable, "-m", "pip", *installing()[:-1], str(lock), "--no-index", "--no-cache-dir"]
    argv += ["--find-links", str(tmp_path), "--target", str(tmp_path / "installed")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "installed").iterdir()) == ["a-1.0.dist-info", "b-1.0.dist-info"]
