"""Forms and messages about integrations and project links, announcements and the Overview."""
