"""Use cases about tasks: finding what somebody typed, searching, unfurling, marking done.

``finder`` is asked by all others; ``meaning`` reads what somebody typed, and ``reach`` says what a
member may track.
"""
