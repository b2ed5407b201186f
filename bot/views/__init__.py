"""Pure functions from domain values to Slack messages and forms."""
