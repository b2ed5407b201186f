"""Use cases about tasks: finding what somebody typed, searching, unfurling, marking done.

``typed`` is where the words after a command become a task or project; ``reach`` says what a member
may track.
"""
