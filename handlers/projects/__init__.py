"""The Projects section, a project's page and forms, ``/link manager`` and ``/link unlink``."""
