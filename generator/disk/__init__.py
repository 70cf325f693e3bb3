"""The tree (the only snapshot), the one writer with its journal, the cache, and the place of what is remembered."""
