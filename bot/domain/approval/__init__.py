"""Rules about time that may no longer be changed: locks, closed months, unlocks, submitted weeks.

Values and errors only; who may decide is asked in ``bot/services/approval``.
"""
