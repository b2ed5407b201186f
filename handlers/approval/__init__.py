"""``/link close``, ``/track unlock``, ``submit`` and ``approvals``, and their buttons."""
