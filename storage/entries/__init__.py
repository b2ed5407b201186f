"""Time entries, their history, and a member's own entries."""
