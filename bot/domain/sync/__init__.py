"""Sync runs and webhooks as values: where a run stands, what came of it, how fast it may ask."""
