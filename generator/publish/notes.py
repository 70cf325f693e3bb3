"""What the caller of `publish` is told beside the answer: where Argo CD reads, and what stays in the checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.address import leads_to_the_same
from generator.credentials.masking import mask
from generator.disk.tree import INPUTS
from generator.repo.head import changed_files
from generator.roots import rendered_folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.model.project import GitOps
    from generator.repo.remote import Remote


def unread_notes(remote: Remote, named: str, gitops: GitOps, *, own: bool) -> Iterator[str]:
    """Yield a note where Argo CD reads another repository or branch than `remote`; `own` is the pages' repository.

    `named` is what the command line calls it: git's `insteadOf` may lead that address to a mirror. The address of a
    page is shown and never advised as a command: a pull request can change it.
    """
    addresses = (named, *(remote.pushed or (remote.url,)))
    if not any(leads_to_the_same(address, gitops.repoURL) for address in addresses):
        remedy = "`fairlead publish --to ADDRESS` brings it there" if own else "name that one by --to"
        read = f"Argo CD reads {mask(gitops.repoURL)} (`repoURL` of gitops.yaml)"
        yield f"{read}, not {remote}; {remedy}, or mend repoURL"
        return
    branch = gitops.targetRevision.removeprefix("refs/heads/")
    if branch not in {remote.branch, "HEAD"}:
        yield f"Argo CD reads {branch} (`targetRevision` of gitops.yaml), not {remote.branch}; name it by --branch"


def uncommitted_notes(root: Path, commit: str) -> Iterator[str]:
    """Yield a note where the checkout has changes of pages or rendered files that its last `commit` has not."""
    changed = changed_files(root, *INPUTS, *rendered_folders())
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        stays = "not committed, so it stays here; what is published is the last commit"
        yield f"{changed[0]}{more}: {stays}, {commit[:12]}"
