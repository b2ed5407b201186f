"""Writing time back to the tools that tasks come from."""
