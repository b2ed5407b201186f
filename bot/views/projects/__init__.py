"""The Projects section, a project's page, and the forms about one project or many."""
