"""Imports of hours, what they ask of the rest, and how their entries are written."""
