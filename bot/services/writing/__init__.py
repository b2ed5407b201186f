"""Use cases of write-back: what a delivery needs, what came of it, conflicts and failures.

Asking the tool is in ``bot/jobs/deliveries/worklogs.py``.
"""
