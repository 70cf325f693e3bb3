"""What Git LFS leaves in a checkout in place of a file that it has not brought."""

from __future__ import annotations

# The first line of a pointer, and more than one has (bytes):
# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer
POINTER = "version https://git-lfs.github.com/spec/"
_LARGEST = 1024


def is_pointer(data: bytes) -> bool:
    """Return whether a file stands for one that Git LFS has not brought."""
    return data.startswith(POINTER.encode()) and len(data) <= _LARGEST
