"""From pages on disk to the typed `Project`: every complaint carries file, line and column, and all come at once."""
