"""Worklogs: the record that an entry has, or is to have, in an integration."""
