"""Where a person opens a request in a browser: worked out from the remote's address, or as the server says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from generator.address import Address, address_of

if TYPE_CHECKING:
    from collections.abc import Callable

_TWO = 2
_CODECOMMIT_HOST = re.compile(r"git-codecommit(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
_CODECOMMIT_HELPER = re.compile(r"codecommit::(?P<region>[a-z0-9-]+)://(?:[^@/]+@)?(?P<name>[\w.-]+)", re.ASCII)
_AZURE_SSH = re.compile(r"v3/(?P<project>[^/]+/[^/]+)/(?P<repository>[^/]+)")

# An address without a user in it, of characters that show as what they are.
_REMOTE_LINE = re.compile(r"remote:.*?(?P<url>https?://[A-Za-z0-9.:-]+/[!-~]+)")
_REQUEST = re.compile(
    r"""/pull/new/ | /pulls?/\d+ | /compare/ | /merge_requests/ | /pull-requests[/?] | /pullrequest(create|/\d+)""",
    re.VERBOSE,
)


def compare_url(remote_url: str, base: str, branch: str) -> str | None:
    """Return the page where a request from `branch` to `base` is opened by hand; None for a host of an unknown kind."""
    helper = _CODECOMMIT_HELPER.fullmatch(remote_url)
    if helper:
        return _codecommit_page(helper["region"], helper["name"], quote(base), quote(branch))
    address = address_of(remote_url)
    page = next((page for hosts, page in _PAGES if address and re.fullmatch(hosts, address.host)), None)
    return page(address, quote(base), quote(branch)) if address and page else None


def opened_by_server(push_stderr: str) -> str | None:
    """Return the page of a request that a server names after a push: of the one that is open, or where to open it.

    GitHub, GitLab, Gitea, Forgejo and Bitbucket name one; what they say of anything else is passed over.
    """
    lines = map(_REMOTE_LINE.match, push_stderr.splitlines())
    urls = (match["url"].rstrip(".,;)>'\"") for match in lines if match)
    return next((url for url in urls if _REQUEST.search(url)), None)


def _github(address: Address, base: str, branch: str) -> str | None:
    return f"{_two_steps(address)}/compare/{base}...{branch}?expand=1" if _two_steps(address) else None


def _gitlab(address: Address, base: str, branch: str) -> str:
    query = f"merge_request%5Bsource_branch%5D={branch}&merge_request%5Btarget_branch%5D={base}"
    return f"{address.web}/{quote(address.path)}/-/merge_requests/new?{query}"


def _gitea(address: Address, base: str, branch: str) -> str:
    return f"{address.web}/{quote(address.path)}/compare/{base}...{branch}"


def _sourcehut(address: Address, base: str, branch: str) -> str:  # noqa: ARG001  # patches by mail name no base
    return f"{address.web}/{quote(address.path)}/send-email?branch={branch}"


def _bitbucket(address: Address, base: str, branch: str) -> str | None:
    page = _two_steps(address)
    return f"{page}/pull-requests/new?source={branch}&dest={base}" if page else None


def _bitbucket_data_center(address: Address, base: str, branch: str) -> str | None:
    """`scm/PROJECT/repository` by https, `PROJECT/repository` by ssh; a project `~name` is a person's."""
    folder, _, path = address.path.rpartition("scm/")
    steps = path.split("/")
    if len(steps) != _TWO:
        return None
    project, repository = steps
    owner = f"users/{quote(project[1:])}" if project.startswith("~") else f"projects/{quote(project)}"
    query = f"create&sourceBranch=refs/heads/{branch}&targetBranch=refs/heads/{base}"
    return f"{address.web}/{folder}{owner}/repos/{quote(repository)}/pull-requests?{query}"


def _azure(address: Address, base: str, branch: str) -> str | None:
    """`v3/organization/project/repository` by ssh; by https the page is the address."""
    page = f"{address.web}/{quote(address.path)}"
    if address.scheme == "ssh":
        match = _AZURE_SSH.fullmatch(quote(address.path))
        if match is None:
            return None
        page = f"https://dev.azure.com/{match['project']}/_git/{match['repository']}"
    return f"{page}/pullrequestcreate?sourceRef={branch}&targetRef={base}"


def _codecommit(address: Address, base: str, branch: str) -> str | None:
    host = _CODECOMMIT_HOST.fullmatch(address.host)
    name = address.path.removeprefix("v1/repos/")
    return _codecommit_page(host["region"], quote(name), base, branch) if host else None


def _codecommit_page(region: str, name: str, base: str, branch: str) -> str:
    console = f"https://{region}.console.aws.amazon.com/codesuite/codecommit/repositories/{name}"
    return f"{console}/pull-requests/new/refs/heads/{base}/.../refs/heads/{branch}?region={region}"


def _two_steps(address: Address) -> str | None:
    """Return the repository's page where it is `owner/repository`."""
    return f"{address.web}/{quote(address.path)}" if address.path.count("/") == 1 else None


# By the host's name alone: a page in a browser gets none of our credentials, so a guess does no harm.
_PAGES: tuple[tuple[str, Callable[[Address, str, str], str | None]], ...] = (
    (r"github\..+|.+\.ghe\.com", _github),
    (r"gitlab\..+", _gitlab),
    (r"bitbucket\.org", _bitbucket),
    (r"bitbucket\..+", _bitbucket_data_center),
    (r"codeberg\.org|(gitea|forgejo)\..+", _gitea),
    (r"git\.sr\.ht", _sourcehut),
    (r"(ssh\.)?dev\.azure\.com|.+\.visualstudio\.com", _azure),
    (_CODECOMMIT_HOST.pattern, _codecommit),
)
