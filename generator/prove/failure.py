"""What is said of an overlay that does not build (ARG010): it must not reach the branch that Argo CD follows."""

from __future__ import annotations

# Argo CD takes the commit that mends it for one that it knows already: generator/rules/proof.py.
MEND = (
    "run `fairlead generate`; look into the files under patches/ and resources/; "
    "if it was pushed already, mend it and then `argocd app sync` it: the commit that mends it is synced without hooks"
)


def unbuildable(reason: str) -> str:
    """Return the message for an overlay that does not build; `reason` is in kustomize's own words."""
    return f"the overlay does not build, and nothing may be pushed: {reason}"
