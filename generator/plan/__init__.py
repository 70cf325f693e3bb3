"""From rendered files to the disk: what would change, whose bytes would be lost, and the single writer."""
