"""The read-only JSON API: ``GET /api/v1/...`` for programs that show a person's token."""
