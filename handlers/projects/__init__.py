"""Projects: their lists, pages, people, and what is archived."""
