"""Time entries that are there: found, changed, told of, handed out."""
