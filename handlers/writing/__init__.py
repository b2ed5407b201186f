"""Buttons about what was written to tools: *Write again*, and whose version of two counts."""
