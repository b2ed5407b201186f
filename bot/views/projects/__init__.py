"""The Projects section and one project's page."""
