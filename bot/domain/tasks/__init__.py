"""Tasks as values: how they are typed, pasted, found, shown and marked done."""
