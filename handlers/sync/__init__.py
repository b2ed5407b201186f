"""An integration's runs and webhooks, shown to admins; ``/link sync`` is in ``linking/link.py``."""
