"""The proof: what kustomize builds from the files on disk is what the pages say, and Kubernetes would take it."""
