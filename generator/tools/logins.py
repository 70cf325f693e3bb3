"""The logins to registries that a person has: where docker, podman and skopeo keep them, and a file of some of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator.tools.ecr import HELPER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.tools.ecr import Credential


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """A login as a file has it: entries of `auths` (a host, or a host with a path), or the helper that knows it."""

    auths: Mapping[str, Mapping[str, Any]] = {}
    helper: str = ""


class _LoginFile(msgspec.Struct, frozen=True, rename="camel"):
    auths: dict[str, dict[str, Any]] = {}
    cred_helpers: dict[str, str] = {}
    creds_store: str = ""

    def login(self, host: str) -> Login | None:
        """Return the login to `host`; with a store for all hosts an empty entry says that it knows this one.

        Amazon's helper needs no entry: it makes its logins when it is asked.
        """
        if host in self.cred_helpers:
            return Login(helper=self.cred_helpers[host])
        entries = {key: entry for key, entry in self.auths.items() if _host(key) == host}
        if any(entries.values()):
            return Login(auths=entries)
        stored = self.creds_store == HELPER or (entries and self.creds_store)
        return Login(helper=self.creds_store) if stored else None


def login_of(host: str, environ: Mapping[str, str]) -> Login | None:
    """Return the login to `host` from the first file that has one; a file that cannot be read has none."""
    return next((login for file in _files(environ) if (login := file.login(host))), None)


def write_logins(file: Path, known: Mapping[str, Login], fresh: Mapping[str, Credential]) -> None:
    """Write logins (by host) as a file that crane, docker and skopeo read, for its owner's eyes only."""
    auths = {key: dict(entry) for login in known.values() for key, entry in login.auths.items()}
    auths |= {host: {"auth": _basic(credential)} for host, credential in fresh.items()}
    helpers = {host: login.helper for host, login in known.items() if login.helper}
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(msgspec.json.encode(_LoginFile(auths, helpers)))


def _basic(credential: Credential) -> str:
    return b64encode(f"{credential.user}:{credential.password}".encode()).decode()


def _host(key: str) -> str:
    """Return the host of a key: `host`, `host/path`, `https://host/v1/`."""
    return key.partition("://")[2].partition("/")[0] if "://" in key else key.partition("/")[0]


def _files(environ: Mapping[str, str]) -> Iterator[_LoginFile]:
    for path in _paths(environ):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=_LoginFile)
        except (OSError, msgspec.DecodeError):
            continue


def _paths(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the places, the chosen ones first: containers-auth.json(5), and docker's own."""
    home = Path(environ.get("HOME", "/"))
    if "REGISTRY_AUTH_FILE" in environ:
        yield Path(environ["REGISTRY_AUTH_FILE"])
    if "DOCKER_CONFIG" in environ:
        yield Path(environ["DOCKER_CONFIG"], "config.json")
    if "XDG_RUNTIME_DIR" in environ:
        yield Path(environ["XDG_RUNTIME_DIR"], "containers", "auth.json")
    yield Path(environ.get("XDG_CONFIG_HOME", home / ".config"), "containers", "auth.json")
    yield home / ".docker" / "config.json"
