"""One adapter a file, loaded by entry point."""
