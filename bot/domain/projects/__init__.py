"""Projects as values: their codes, lists, pages and money, and what can go wrong with them.

Linking them to a tool's projects is in ``linking``.
"""
