"""Mirroring what a provider has: runs, pages, webhooks."""
