"""Secrets from a file that git ignores, for a laptop: what pages ask for, what the file says, and the Secrets."""
