"""The contract an adapter signs, and what it is given to keep it."""
