"""What looks like a secret, and how it is kept out of everything that is shown."""
