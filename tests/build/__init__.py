"""What Argo CD will do with the repository."""
