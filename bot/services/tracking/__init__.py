"""Use cases of tracking: the timer, time already worked, undo, days and weeks, the Home tab.

Each writes through ``booking``. Changing an entry later is in ``entries``.
"""
