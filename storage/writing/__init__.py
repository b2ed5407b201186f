"""Records in tools: their states, and what could not be written."""
