"""``/track`` itself, its verbs about timers, days and weeks, the Home tab, and the shortcuts.

``track`` hands the verbs of other features to their own packages.
"""
