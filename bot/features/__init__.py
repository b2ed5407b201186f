"""Features: services, what leads to them and what they owe, constructed and joined."""
