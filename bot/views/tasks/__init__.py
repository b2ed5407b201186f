"""Tasks in lists, searches and unfurls, and what is said when one is marked done."""
