"""Hours that were tracked elsewhere, as a file brings them (docs/operate.md)."""
