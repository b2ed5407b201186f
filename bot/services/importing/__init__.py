"""Taking in hours that were tracked elsewhere: what it would do, doing it, taking it back."""
