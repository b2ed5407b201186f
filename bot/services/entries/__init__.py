"""Use cases about time entries that are there: finding, changing, deleting and exporting them.

Making entries is in ``tracking``, writing them to tools in ``writing``.
"""
