"""What is said to people: findings, errors, verdicts, progress, and the one door to the terminal."""
