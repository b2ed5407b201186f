"""Integrations and project links: connected, announced, linked, unlinked."""
