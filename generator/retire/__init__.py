"""The guarded way out: a service leaves an environment, or altogether."""
