"""What carries each kind of outbox row to Slack or to a tool; a class names its ``kinds()``."""
