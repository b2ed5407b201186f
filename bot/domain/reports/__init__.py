"""Reports as values: what is asked, what it says, how it is rounded, drawn and scheduled.

A member's day and week are in ``tracking``.
"""
