"""Tables and their named queries, one noun a file, in a package a feature."""
