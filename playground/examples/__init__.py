"""A default team, and an app that has nothing to do with any other."""
