"""What an environment asks of a release before it lets it in, and what holds one still."""
