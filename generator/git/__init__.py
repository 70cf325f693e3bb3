"""Git as it is started here: one policy, whoever starts it, and the repository around a folder."""
