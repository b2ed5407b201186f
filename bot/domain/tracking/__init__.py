"""Values and rules of tracking: timers, time already worked, days and weeks, forgotten timers.

An entry itself is in ``entries``; clock times, days and lengths as people type them are beside
the packages.
"""
