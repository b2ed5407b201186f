"""Tasks: found, shown, marked done."""
