"""Use cases about projects: listing, changing, archiving, who is on them, their summary.

Linking and unlinking is in ``linking``, prices and budgets in ``money``.
"""
