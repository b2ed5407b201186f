"""``/track report`` and ``/track schedule``, and the buttons of what they show."""
