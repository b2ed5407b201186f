"""Integrations, provider projects, project links, announcements, and searches among them.

How a sync writes provider projects is in ``sync``.
"""
