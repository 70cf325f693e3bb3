"""The images behind releases: whether a registry has them, and bringing them there."""
