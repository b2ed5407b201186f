"""``/track done``, ``/link channel-default``, and links to tasks that somebody posted."""
