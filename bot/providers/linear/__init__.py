"""Linear as a provider: `adapter` is what the registry loads."""
