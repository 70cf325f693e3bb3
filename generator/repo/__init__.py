"""Git: what the last commit holds. Everything that speaks git is here."""
