"""Tasks to put time on: found, searched, shown, done."""
