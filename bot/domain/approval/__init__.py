"""Locked time: weeks submitted, months closed, what is unlocked."""
