"""What is said about syncs, their history and webhooks."""
