"""The real API server: how it is started and kept warm, and what it says of objects."""
