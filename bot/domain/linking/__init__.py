"""Integrations and project links."""
