"""Projects: listed, changed, archived, and who is on them."""
