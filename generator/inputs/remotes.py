"""The address of the repository on `gitops.yaml`: one that others can reach, by ssh or https."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.address import address_of
from generator.rules.spec import SPC008

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.inputs.project import Project


_REMEDY = "write https://HOST/PATH.git, ssh://git@HOST/PATH.git or git@HOST:PATH.git"


def unreachable(project: Project) -> Iterator[Finding]:
    """Yield a complaint for a `repoURL` that is a folder, runs a command of git, or looks like an option."""
    url = project.gitops.repoURL
    address = None if url.startswith("-") else address_of(url)
    if address is None or not address.path:
        place = project.documents["gitops.yaml"].place(("repoURL",))
        message = f"'{url}' is no address of a repository that others can reach"
        yield SPC008.complaint(
            place, message, "write https://HOST/PATH.git, ssh://git@HOST/PATH.git or git@HOST:PATH.git"
        )
