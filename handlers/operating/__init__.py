"""``/track token`` and ``/link audit``."""
