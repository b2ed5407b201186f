"""Time that may no longer be changed: locks, submitted weeks, closed months."""
