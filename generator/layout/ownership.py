"""How rendered files are told from people's own."""

from __future__ import annotations

# One constant line: a hash or a date in it would conflict in every merge.
HEADER = "# Rendered by fairlead from the pages; edit those and run `fairlead generate`.\n"

# The one name that a kustomization has here; kustomize takes two more, and refuses a folder with several.
NAME = "kustomization.yaml"
