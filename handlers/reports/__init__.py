"""Reports: as messages, pictures and files."""
