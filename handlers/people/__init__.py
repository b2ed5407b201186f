"""``/track connect``, ``/link users``, ``/link admin``, and the list of people."""
