"""Templates as ApplicationSets hold them, in the language of Go: read, rendered, and never guessed at."""
