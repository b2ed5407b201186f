"""Unlocks, submitted weeks, and how much time a lock is about."""
