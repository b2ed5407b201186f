"""``/track edit``, its form and its buttons."""
