"""Values about running Hourlink: API tokens and answers, the audit log, installations, limits.

The operator's commands are in ``bot/operating``.
"""
