"""The form of a time entry, and what is said of changes, lists and files of entries."""
