"""Worklogs as values: where one stands, what is to be done next, what a comparison finds."""
