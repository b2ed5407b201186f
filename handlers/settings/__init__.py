"""``/link settings`` and ``/track settings``."""
