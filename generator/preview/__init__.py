"""What Argo CD will do with the repository: the Applications it makes, what it refuses, the order in which it syncs."""
