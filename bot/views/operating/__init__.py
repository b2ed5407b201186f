"""The list of API tokens, and the audit log as an admin reads it."""
