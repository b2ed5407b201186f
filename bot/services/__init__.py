"""Use cases: one a method, each in one transaction of its own."""
