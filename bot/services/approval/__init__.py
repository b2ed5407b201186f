"""Use cases about time that may no longer be changed: locks, unlocks, closed months, weeks.

``locks`` is what every other change of time asks first.
"""
