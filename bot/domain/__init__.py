"""Rules and values: the standard library only, no input or output."""
