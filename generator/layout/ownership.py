"""How rendered files are told from people's own."""

from __future__ import annotations

# One constant line: a hash or a date in it would conflict in every merge.
HEADER = "# Rendered by fairlead from the pages; edit those and run `fairlead generate`.\n"

# The folder of what Argo CD itself reads, and the name of the unit that all of it is rendered with.
ARGOCD = "argocd"

# The one name that a kustomization has here; kustomize takes two more, and refuses a folder with several.
NAME = "kustomization.yaml"

# The one file of an overlay that no page renders and no kustomization reads: what holds its release record still.
HOLD = "hold.yaml"
HOLD_HEADER = "# A hold on this overlay's release, kept by fairlead: `fairlead release SERVICE --env ENV` ends it.\n"


def is_hold(path: str) -> bool:
    """Say whether a path is that of a hold: `overlays/<env>/<service>/hold.yaml`."""
    return path.endswith(f"/{HOLD}") and path.startswith("overlays/") and path.count("/") == 3  # noqa: PLR2004  # as above
