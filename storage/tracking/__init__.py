"""Running timers, questions about forgotten ones, and what was tracked lately.

Their rows are time entries, whose table is in ``entries``.
"""
