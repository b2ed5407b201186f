"""Time entries: listed, edited, told of, in files."""
