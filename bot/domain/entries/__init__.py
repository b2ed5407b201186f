"""Time entries as values: one entry, an edit of it, its row in a file, the words that name it.

How a timer starts and stops is in ``tracking``; the record of an entry in a tool is in ``writing``.
"""
