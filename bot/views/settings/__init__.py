"""The forms of ``/link settings`` and ``/track settings``, and values of settings in words."""
