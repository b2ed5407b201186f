"""Use cases about running Hourlink: API, audit log, installations, one person's data, retention.

The operator's commands, which call these, are in ``bot/operating``.
"""
