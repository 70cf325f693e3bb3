"""What environments ran, and since when: read from git, which is the only memory there is."""
