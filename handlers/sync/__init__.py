"""Syncs, their history, and webhooks."""
