"""Projects, their members and managers, and what lists and pages tell of them."""
