"""Buttons about what was written to tools: *Retry*, and which version of a conflict counts."""
