"""Tables and their named queries, one noun a file."""
