"""From manifests to the files of a Kustomize base and its overlays: paths and text come out, nothing is written."""
