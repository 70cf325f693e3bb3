"""Log in to Amazon's registries for the length of one piece of work, where the person has no login of their own.

The password is good for 12 hours, so it is kept in a file that only this user may read and that is removed afterwards.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.folders.scratch import scratch_folder
from generator.tools.ecr import HELPER, ask_helper, ecr_region, password
from generator.tools.logins import login_of, write_logins
from generator.tools.search import find_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.tools.ecr import Credential
    from generator.tools.logins import Login

# What a registry's client may need: its logins and their helpers, the way out, and whom to trust.
_HANDED = frozenset(
    {
        *("HOME", "PATH", "TMPDIR", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR"),
    }
)


@contextmanager
def logged_in(
    registries: Iterable[str], region_of: Callable[[str], str | None] = ecr_region
) -> Iterator[Mapping[str, str]]:
    """Return the environment in which a registry's client finds a login for each of `registries`.

    Nothing is made where no login to ECR is needed or none can be had. `region_of` says which hosts are Amazon's.

    Raises ToolError when `aws`, or Amazon's credential helper, is there and gives no password.
    """
    env = {name: value for name, value in os.environ.items() if name in _HANDED}
    hosts = sorted({registry.partition("/")[0] for registry in registries})
    known = {host: login for host in hosts if (login := login_of(host, os.environ))}
    fresh = _fresh({host: region for host in hosts if (region := region_of(host))}, known, env)
    if not fresh:
        yield env
        return
    with scratch_folder("fairlead-login-") as folder:
        file = Path(folder, "config.json")
        write_logins(file, {host: login for host, login in known.items() if host not in fresh}, fresh)
        yield env | {"DOCKER_CONFIG": folder, "REGISTRY_AUTH_FILE": str(file)}


def _fresh(regions: Mapping[str, str], known: Mapping[str, Login], env: Mapping[str, str]) -> dict[str, Credential]:
    """Get the logins that are missing, by host, where somebody can give them.

    Amazon's helper is asked here too, because the client that would ask it is not handed what it needs.
    """
    env = {**env, **{name: value for name, value in os.environ.items() if name.startswith("AWS_")}}
    helper, aws = find_program(f"docker-credential-{HELPER}"), find_program("aws")
    helpable = [host for host in regions if helper and host in known and known[host].helper == HELPER]
    without = [host for host in regions if aws and host not in known]
    passwords = {region: password(aws, region, env) for region in {regions[host] for host in without} if aws}
    return {
        **{host: ask_helper(helper, host, env) for host in helpable if helper},
        **{host: passwords[regions[host]] for host in without},
    }
