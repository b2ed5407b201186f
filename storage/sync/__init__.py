"""Sync runs and wishes, webhooks, and the bulk statements that save what a run read."""
