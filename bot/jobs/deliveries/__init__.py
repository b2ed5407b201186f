"""What carries each kind of outbox row to the outside."""
